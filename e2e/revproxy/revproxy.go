// Package revproxy runs the reverse proxies that people put in front of Parley:
// nginx, Caddy and HAProxy themselves, which .ci/need fetches. What is tested
// behind them are lines that the documentation and the doctor give to people.
package revproxy

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/e2e/process"
)

// patience is how long a proxy may take to start or to end.
const patience = 30 * time.Second

// Kind is one of the proxies, by the name of its command.
type Kind string

// The proxies.
const (
	Nginx   Kind = "nginx"
	Caddy   Kind = "caddy"
	HAProxy Kind = "haproxy"
)

// args are those that run the proxy in the foreground with a configuration, in
// a folder where it may write.
func (k Kind) args(dir, file string) []string {
	switch k {
	case Nginx:
		return []string{"-p", dir, "-e", "stderr", "-c", file}
	case Caddy:
		return []string{"run", "--adapter", "caddyfile", "--config", file}
	}
	return []string{"-db", "-f", file}
}

// Start runs a proxy with config, the whole of its configuration, until the test
// ends, and waits until it listens at addr. What it says is printed when the test
// has failed.
func Start(t testing.TB, k Kind, config, addr string) {
	t.Helper()
	path, libraries := find(t, k)
	dir := t.TempDir()
	file := filepath.Join(dir, "conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var said process.Output
	cmd := exec.CommandContext(context.Background(), path, k.args(dir, file)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir, "LD_LIBRARY_PATH="+libraries)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a test that is killed takes it along
	cmd.WaitDelay = patience
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", k, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // what it says tells more
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("%s with\n%s\nsaid:\n%s", k, config, said.String())
		}
	})
	await(t, k, addr, ended)
}

// await tries until somebody listens there, or the proxy has ended.
func await(t testing.TB, k Kind, addr string, ended <-chan struct{}) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-again.C:
		case <-ended:
			t.Fatalf("%s ended at its start", k)
		case <-ctx.Done():
			t.Fatalf("%s does not listen", k)
		}
	}
}

// find gives the command, and where the libraries lie that came with it: what the
// machine has, or what .ci/need has unpacked.
func find(t testing.TB, k Kind) (path, libraries string) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	unpacked := filepath.Join(filepath.Dir(here), "..", "..", "bin", string(k))
	for _, path := range []string{string(k), "/usr/sbin/" + string(k), unpacked + "/usr/sbin/" + string(k), unpacked + "/usr/bin/" + string(k)} {
		if path, err := exec.LookPath(path); err == nil {
			folders, _ := filepath.Glob(unpacked + "/usr/lib/*-linux-*")
			return path, strings.Join(folders, ":")
		}
	}
	t.Fatal(fmt.Errorf("%s is missing: run .ci/need, which fetches it into bin/, or install it", k))
	return "", ""
}
