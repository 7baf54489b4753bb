package store

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"parley/shared/wire"
)

func init() {
	children["full disk"] = fullDisk
	children["size limit"] = sizeLimit
}

// runChild runs this binary again as the named child, with a mount namespace
// of its own.
func runChild(t *testing.T, name string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+name, childDirEnv+"="+t.TempDir())
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

func TestFullDisk(t *testing.T) { runChild(t, "full disk") }

func TestFileSizeLimit(t *testing.T) { runChild(t, "size limit") }

const fullDiskSize = 2 << 20

// fullDisk fills a real small tmpfs again and again. Each refused Update must
// leave nothing, reading must go on, and writing must return by itself when
// there is room.
func fullDisk(dir string) error {
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", fullDiskSize)); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	path, ballast := filepath.Join(dir, "parley.db"), filepath.Join(dir, "ballast")
	db, err := Open(path, Options{})
	if err != nil {
		return err
	}
	if err := db.Update(furnish); err != nil {
		return err
	}
	sent, refused := 0, 0
	for round := range 12 {
		// Leave a little less room each time, so that it ends in other places.
		if err := os.WriteFile(ballast, make([]byte, fullDiskSize/2+round*4096), 0o600); err != nil && !errors.Is(err, unix.ENOSPC) {
			return err
		}
		n, err := fillUp(db, round, &sent)
		if err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
		refused += n
		if err := verifySent(db, sent); err != nil {
			return fmt.Errorf("round %d: full: %w", round, err)
		}
		if round%3 == 2 { // what the file holds must do without the memory
			if err := db.Close(); err != nil {
				return err
			}
			if db, err = Open(path, Options{}); err != nil {
				return fmt.Errorf("open on a full disk: %w", err)
			}
		}
		if err := db.Backup(filepath.Join(dir, "copy.db")); err == nil {
			return errors.New("a backup found room where there is none")
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "copy*")); left != nil {
			return fmt.Errorf("a failed backup left %v", left)
		}
		if err := os.Remove(ballast); err != nil {
			return err
		}
		if err := sendMany(db, 1, 4000, &sent); err != nil {
			return fmt.Errorf("round %d: with room again: %w", round, err)
		}
		if err := verifySent(db, sent); err != nil {
			return fmt.Errorf("round %d: with room again: %w", round, err)
		}
	}
	fmt.Println("sent", sent, "refused", refused)
	return db.Close()
}

// fillUp sends until the disk is full and some times more, and tells how often
// it was refused.
func fillUp(db *DB, round int, sent *int) (refused int, err error) {
	for refused < 8 {
		before := *sent
		switch err := sendMany(db, 1+(round+refused)%7, 3000, sent); {
		case errors.Is(err, ErrFull):
			refused++
			*sent = before
			if err := verifyPages(db, *sent); err != nil {
				return refused, fmt.Errorf("after ErrFull: %w", err)
			}
		case err != nil:
			return refused, err
		}
	}
	return refused, nil
}

// sendMany sends n messages of size bytes in one Update.
func sendMany(db *DB, n, size int, sent *int) error {
	return db.Update(func(tx *Tx) error {
		for range n {
			*sent++
			if _, err := send(tx, "lobby", "ann", fmt.Sprint("n", *sent), strings.Repeat("x", size), wire.Time(*sent)); err != nil {
				return err
			}
		}
		return nil
	})
}

// verifySent verifies that the file is good and holds exactly the messages 1 to sent.
func verifySent(db *DB, sent int) error {
	err := db.View(func(tx *Tx) error {
		messages, err := tx.Messages("lobby", 1, uint64(sent)+10)
		if err != nil {
			return err
		}
		for i, m := range messages {
			if m.Nonce != fmt.Sprint("n", i+1) {
				return fmt.Errorf("message %d is %s", i+1, m.Nonce)
			}
		}
		return errors.Join(same("messages", len(messages), sent), same("End", tx.End(), uint64(sent)+1))
	})
	return errors.Join(err, checkClean(db))
}

// verifyPages verifies the pages and where the log ends: quicker than verifySent.
func verifyPages(db *DB, sent int) error {
	report := &Report{}
	err := db.View(func(tx *Tx) error {
		tx.checkPages(report)
		return same("End", tx.End(), uint64(sent)+1)
	})
	return errors.Join(err, db.checkFreePages(report), same("findings", report.OK(), true))
}

// sizeLimit grows the file up to RLIMIT_FSIZE: truncate fails with EFBIG.
func sizeLimit(dir string) error {
	signal.Ignore(unix.SIGXFSZ)
	limit := unix.Rlimit{Cur: 18 << 20, Max: unix.RLIM_INFINITY}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	db, err := Open(filepath.Join(dir, "parley.db"), Options{})
	if err != nil {
		return err
	}
	if err := db.Update(furnish); err != nil {
		return err
	}
	sent, before := 0, 0
	for err == nil {
		before = sent
		err = sendMany(db, 100, 15_000, &sent)
	}
	if !errors.Is(err, ErrFull) {
		return fmt.Errorf("got %w, want ErrFull", err)
	}
	if err := verifyPages(db, before); err != nil {
		return err
	}
	limit.Cur = unix.RLIM_INFINITY
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	sent = before
	if err := sendMany(db, 100, 15_000, &sent); err != nil {
		return fmt.Errorf("without the limit: %w", err)
	}
	if err := verifyPages(db, sent); err != nil {
		return err
	}
	fmt.Println("sent", sent)
	return db.Close()
}
