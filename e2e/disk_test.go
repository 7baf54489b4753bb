package e2e_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// smallDisk is a file system of its own, in a mount namespace that a process of
// its own holds open.
type smallDisk struct {
	t     *testing.T
	dir   string
	enter []string // what to put before a command that is to see the disk
}

// newSmallDisk mounts a tmpfs of so many bytes. It needs root or user
// namespaces.
func newSmallDisk(t *testing.T, size int) *smallDisk {
	t.Helper()
	dir := t.TempDir()
	unshare, nsenter := []string{"unshare", "-m"}, []string{"nsenter", "-m"}
	if os.Geteuid() != 0 {
		unshare, nsenter = []string{"unshare", "-Urm"}, []string{"nsenter", "-U", "-m", "--preserve-credentials"}
	}
	script := `mount -t tmpfs -o size="$1" parley-test "$2" && echo mounted && exec cat`
	line := append(unshare, "sh", "-c", script, "sh", strconv.Itoa(size), dir)
	holder := exec.CommandContext(context.Background(), line[0], line[1:]...)
	in, err := holder.StdinPipe()
	must(t, err)
	out, err := holder.StdoutPipe()
	must(t, err)
	holder.Stderr = os.Stderr
	must(t, holder.Start())
	t.Cleanup(func() {
		_ = in.Close() // cat ends, and the disk with it
		_ = holder.Wait()
	})
	if said, err := bufio.NewReader(out).ReadString('\n'); said != "mounted\n" {
		t.Fatalf("cannot mount a small disk (%q, %v): run the tests as root, or allow user namespaces with "+
			"`sysctl -w kernel.unprivileged_userns_clone=1`", said, err)
	}
	enter := append(nsenter, "-t", strconv.Itoa(holder.Process.Pid), "--")
	return &smallDisk{t: t, dir: dir, enter: enter}
}

// fill leaves no byte free.
func (d *smallDisk) fill() {
	d.t.Helper()
	if err := d.sh(`cat /dev/zero >"$1/ballast" 2>/dev/null`); err == nil {
		d.t.Fatal("the disk cannot be filled")
	}
}

// empty gives back what fill took.
func (d *smallDisk) empty() {
	d.t.Helper()
	must(d.t, d.sh(`rm "$1/ballast"`))
}

func (d *smallDisk) sh(script string) error {
	line := append(append([]string{}, d.enter...), "sh", "-c", script, "sh", d.dir)
	return exec.CommandContext(d.t.Context(), line[0], line[1:]...).Run()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
