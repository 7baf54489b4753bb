package journal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"parley/shared/wire"
)

// TestDiskFull runs itself in a mount namespace of its own, where it may mount a
// small disk that is gone with the process, whatever happens.
func TestDiskFull(t *testing.T) {
	if os.Getenv(childEnv) == "full" {
		diskFullTest(t)
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDiskFull$", "-test.v")
	cmd.Env = append(os.Environ(), childEnv+"=full", "PARLEY_JOURNAL_DISK="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
			Pdeathsig:   syscall.SIGKILL,
		}
	}
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("%v: this test mounts a small tmpfs; run it as root, or allow it: sysctl kernel.unprivileged_userns_clone=1", err)
	}
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestDiskFull")) {
		t.Fatal(err)
	}
}

// diskFullTest fills a disk: who finds no room is told so, everything that was
// acknowledged stays, reading goes on, and writing comes back with the room.
func diskFullTest(t *testing.T) {
	dir := os.Getenv("PARLEY_JOURNAL_DISK")
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 3<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, filepath.Join(dir, "parley.db"), Options{Fatal: func(err error) { t.Errorf("fatal: %v", err) }})
	owner := r.setup()
	text := strings.Repeat("x", 8000)

	// Twice, as being full must not break anything that shows only later.
	for fill := range 2 {
		before := len(r.history(wire.Lobby))
		var mu sync.Mutex
		acked := map[string]uint64{}
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				for i := 0; ; i++ {
					m, err := r.send(owner, wire.Lobby, text, nonce(fill, w, "-", i))
					if err != nil {
						wantFull(t, err)
						return
					}
					mu.Lock()
					acked[m.Nonce] = m.Seq
					mu.Unlock()
				}
			})
		}
		writers.Wait()
		t.Logf("full after %d messages", len(acked))
		if len(acked) < 20 {
			t.Errorf("only %d messages fit", len(acked))
		}
		r.wantSound(wire.Lobby)
		history := r.history(wire.Lobby)
		if len(history) != before+len(acked) {
			t.Errorf("%d messages are there, %d were acknowledged", len(history)-before, len(acked))
		}
		for n, seq := range acked {
			if m := history[seq-1]; m.Nonce != n {
				t.Errorf("seq %d is %q, want %q", seq, m.Nonce, n)
			}
		}
		if _, err := r.q.Sync(owner); err != nil {
			t.Errorf("reading: %v", err)
		}
		if fill == 0 {
			if err := os.Truncate(ballast, 1<<20); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	r.mustSend(owner, wire.Lobby, "back again", "back")
	r.reopen()
	r.wantSound(wire.Lobby)
	if m := r.mustSend(owner, wire.Lobby, "back again", "back"); int(m.Seq) != len(r.history(wire.Lobby)) {
		t.Errorf("got %+v", m)
	}
}

func wantFull(t *testing.T, err error) {
	t.Helper()
	var p *wire.Problem
	if !errors.As(err, &p) || p.Code != wire.CodeUnavailable || p.RetryAfter == 0 {
		t.Errorf("got %v, want unavailable", fmt.Sprint(err))
	}
}
