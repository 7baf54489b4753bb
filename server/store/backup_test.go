package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"parley/shared/wire"
)

// TestBackupWhileWriting takes copies of a file that is being written to. Each
// must be good, of one moment, and of an epoch of its own.
func TestBackupWhileWriting(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	stop := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			err := db.Update(func(tx *Tx) error {
				for n := range 4 {
					if _, err := send(tx, "lobby", "ann", fmt.Sprint(i, "-", n), "text", 1); err != nil {
						return err
					}
				}
				_, err := tx.TrimLog(2, 30, 10)
				return err
			})
			if err != nil {
				t.Error(err)
				return
			}
		}
	})
	epochs := map[string]bool{db.Epoch(): true}
	for i := range 6 {
		path := filepath.Join(t.TempDir(), "copy.db")
		before := head(t, db.DB)
		if err := db.Backup(path); err != nil {
			t.Fatal(err)
		}
		after := head(t, db.DB)
		assertPrivate(t, path)
		backup := openTestAt(t, path)
		if epochs[backup.Epoch()] {
			t.Errorf("copy %d has the epoch of another", i)
		}
		epochs[backup.Epoch()] = true
		if got := head(t, backup.DB); got < before || got > after || got%4 != 0 {
			t.Errorf("the copy has %d messages, taken between %d and %d", got, before, after)
		}
		backup.mustSend("own", "the copy can be written to", 1)
	}
	close(stop)
	wait.Wait()
}

func head(t *testing.T, db *DB) (head uint64) {
	t.Helper()
	err := db.View(func(tx *Tx) error {
		r, err := tx.Room("lobby")
		head = r.Head
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return head
}

func assertPrivate(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v", path, info.Mode(), err)
	}
	if _, err := os.Stat(path + ".part"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished copy is still there: %v", err)
	}
}

func TestBackupRefuses(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	folder := t.TempDir()
	existing, dangling, unfinished := filepath.Join(folder, "old.db"), filepath.Join(folder, "link"), filepath.Join(folder, "new.db")
	err := errors.Join(
		os.WriteFile(existing, []byte("precious"), 0o600),
		os.Symlink(filepath.Join(folder, "nowhere"), dangling),
		os.WriteFile(unfinished+".part", []byte("another's"), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{existing, dangling, unfinished, folder, db.path, filepath.Join(folder, "no", "such", "folder")} {
		if err := db.Backup(path); err == nil {
			t.Errorf("%s: the backup went through", path)
		}
	}
	for path, want := range map[string]string{existing: "precious", unfinished + ".part": "another's"} {
		if got, err := os.ReadFile(path); string(got) != want {
			t.Errorf("%s was touched: %q, %v", path, got, err)
		}
	}
}

// TestBackupResetsCursors verifies what a backup's epoch is for.
func TestBackupResetsCursors(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := db.Backup(path); err != nil {
		t.Fatal(err)
	}
	restored := openTestAt(t, path)
	var old, cursor string
	db.view(func(tx *Tx) error { old = tx.Cursor(); return nil })
	restored.view(func(tx *Tx) error { cursor = tx.Cursor(); return nil })
	epoch, offset, err := ParseCursor(old)
	epoch2, offset2, err2 := ParseCursor(cursor)
	if err := errors.Join(err, err2); err != nil || epoch == epoch2 || offset != offset2 || offset != 1 {
		t.Errorf("%s and %s: %v", old, cursor, err)
	}
	restored.view(func(tx *Tx) error {
		u, err := tx.UserByName("陈小明")
		return errors.Join(err, same("role", u.Role, wire.RoleMember))
	})
}
