package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what should take a moment.
const patience = 30 * time.Second

// binary is the program as built by TestMain, with a version stamped in.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "parley-test-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "parley")
	build := exec.CommandContext(context.Background(), "go", "build", "-buildvcs=false", "-ldflags", "-X main.version=v9.8.7 -X main.commit=c0ffee", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err == nil {
		err = os.Chmod(dir, 0o755) // so that another user can run it, see TestUnwritableFolder
	}
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintf(os.Stderr, "build parley: %v\n%s", err, out)
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// result is what a finished program left.
type result struct {
	stdout, stderr string
	code           int
}

// parley runs the binary to its end.
func parley(t *testing.T, args ...string) result {
	t.Helper()
	return finish(t, program(t, args...))
}

// program is the binary with these args, in an empty working directory and
// without any variable that would set a flag.
func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir = t.TempDir()
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PARLEY_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	return cmd
}

func finish(t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// server is a running `parley serve`.
type server struct {
	t     *testing.T
	cmd   *exec.Cmd
	url   string // its origin
	lines []string
	ended chan struct{} // closed when the process has ended
	err   error         // of its end; read after ended

	stderr safeBuffer
}

// start runs `parley serve` on a free port and waits until it says where it is.
func start(t *testing.T, data string, flags ...string) *server {
	t.Helper()
	return startCmd(t, program(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--data", data}, flags...)...))
}

func startCmd(t *testing.T, cmd *exec.Cmd) *server {
	t.Helper()
	s := &server{t: t, cmd: cmd, ended: make(chan struct{})}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = &s.stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("stderr of the server:\n%s", s.stderr.String())
		}
	})
	said := bufio.NewReader(out)
	first, _ := said.ReadString('\n')
	s.url = regexp.MustCompile(`http://[^\s,)]+`).FindString(first)
	s.lines = append(s.lines, strings.TrimSuffix(first, "\n"))
	go func() {
		defer close(s.ended)
		rest, _ := io.ReadAll(said)
		s.err = cmd.Wait()
		for line := range strings.Lines(string(rest)) {
			s.lines = append(s.lines, strings.TrimSuffix(line, "\n"))
		}
	}()
	if s.url == "" {
		t.Fatalf("the server said %q", first)
	}
	s.await()
	return s
}

// await waits for an answer: the server says where it is a moment before it serves.
func (s *server) await() { s.t.Helper(); person{s: s}.ask("GET", "/about", nil) }

// dial is a connection of one's own.
func (s *server) dial() (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
}

func (s *server) signal(sig os.Signal) { _ = s.cmd.Process.Signal(sig) }

func (s *server) kill() {
	s.signal(syscall.SIGKILL)
	<-s.ended
}

// wait waits for the end and gives how long that took.
func (s *server) wait() time.Duration {
	s.t.Helper()
	from := time.Now()
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Fatal("the server does not end")
	}
	return time.Since(from)
}

// safeBuffer is a buffer that the process fills while the test reads.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer // guarded by mu
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
