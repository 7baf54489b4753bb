package search

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"parley/server/store"
)

func init() { children["full disk"] = childFullDisk }

// TestFullDisk runs the index on a small tmpfs of its own: it stands still while
// that is full, says so, finds what is new all the same as far as memory goes,
// and goes on by itself when there is room.
func TestFullDisk(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=full disk", childDirEnv+"="+t.TempDir())
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
	if err != nil {
		t.Fatal(err)
	}
}

func childFullDisk(dir string) error {
	small := filepath.Join(dir, "small")
	if err := os.Mkdir(small, 0o700); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", small, "tmpfs", 0, "size=4m"); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	w := newWorldAt(&childTB{}, dir, quick)
	defer w.close()
	w.dir = small // of the index only
	w.start()
	w.send(lobby, "ann", "上海 first")
	w.level()

	ballast := filepath.Join(small, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); !errors.Is(err, unix.ENOSPC) {
		return fmt.Errorf("fill the disk: %w", err)
	}
	sent, stuck := 1, false
	for deadline := time.Now().Add(30 * time.Second); !stuck; {
		w.update(func(tx *store.Tx) error {
			for range 200 {
				sent++
				if _, err := put(tx, lobby, "ann", fmt.Sprintf("上海 %d words%x of%x all%x kinds%x", sent, sent*7919, sent*104729, sent*1299709, sent*15485863), w.tick()); err != nil {
					return err
				}
			}
			return nil
		})
		list, err := w.index.Search(actor("ann"), Request{Query: "上海"})
		if err != nil || len(list.Messages) == 0 {
			return fmt.Errorf("search on a full disk: %d found, %w", len(list.Messages), err)
		}
		if stuck = list.Incomplete; time.Now().After(deadline) {
			return errors.New("the disk does not get full")
		}
	}
	if err := os.Remove(ballast); err != nil {
		return err
	}
	w.level()
	if got := w.found("ann", fmt.Sprintf("words%x", sent*7919)); len(got) != 1 {
		return fmt.Errorf("the newest message is found %d times", len(got))
	}
	found := 0
	for r := (Request{Query: "上海"}); ; {
		list, err := w.index.Search(actor("ann"), r)
		if err != nil {
			return err
		}
		found += len(list.Messages)
		if r.Next = list.Next; !list.More {
			break
		}
	}
	if found != sent {
		return fmt.Errorf("%d of %d found", found, sent)
	}
	fmt.Printf("%d messages; said: %s", sent, &w.logged)
	return nil
}
