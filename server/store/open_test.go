package store

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

func TestOpenCreates(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "data")
	db := openTestAt(t, filepath.Join(folder, "parley.db"))
	for path, want := range map[string]fs.FileMode{folder: 0o700, db.path: 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", path, info.Mode(), err, want)
		}
	}
	epoch := db.Epoch()
	db.reopen()
	if !validEpoch(epoch) || db.Epoch() != epoch {
		t.Errorf("the epoch %q became %q", epoch, db.Epoch())
	}
	db.view(func(tx *Tx) error {
		return errors.Join(same("Cursor", tx.Cursor(), epoch+"-0"), same("First", tx.First(), uint64(1)),
			same("Community", tx.Community(), ""))
	})
	if other := openTest(t); other.Epoch() == epoch {
		t.Error("two files have one epoch")
	}
}

func TestOpenLocked(t *testing.T) {
	db := openTest(t)
	start := time.Now()
	if _, err := Open(db.path, Options{LockWait: 100 * time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
	if waited := time.Since(start); waited > 5*time.Second {
		t.Errorf("it took %v", waited)
	}
}

// TestOpenRefuses opens what is not a data file of this version. Each must be
// left as it was.
func TestOpenRefuses(t *testing.T) {
	good := goodFile(t)
	tests := []struct {
		name string
		data []byte
		want error
		says string
	}{
		{"newer format", withMeta(t, good, keyFormat, "4"), ErrNewer, "format 4"},
		{"far newer format", withMeta(t, good, keyFormat, "4000000000"), ErrNewer, "format 4000000000"},
		{"format not a number", withMeta(t, good, keyFormat, "one"), ErrDamaged, "not one of parley"},
		{"format 0", withMeta(t, good, keyFormat, "0"), ErrDamaged, "not one of parley"},
		{"epoch with a dash", withMeta(t, good, keyEpoch, "abc-efghijkl"), ErrDamaged, "epoch"},
		{"community damaged", changed(t, good, func(bt *bolt.Tx) error {
			return bt.Bucket([]byte("meta")).Put(keyCommunity, []byte("....Test"))
		}), ErrDamaged, "community"},
		{"bucket gone", withoutBucket(t, good, "log"), ErrDamaged, "log"},
		{"bbolt file of another program", foreignFile(t, false), ErrDamaged, "not one of parley"},
		{"bbolt file without a list of free pages", foreignFile(t, true), ErrDamaged, "not one of parley"},
		{"one byte", []byte{0}, ErrDamaged, "not a data file"},
		{"text", []byte("Dear diary,\n"), ErrDamaged, "not a data file"},
		{"one page of zeros", make([]byte, 4096), ErrDamaged, "not a data file"},
		{"five thousand bytes", bytes.Repeat([]byte("x"), 5000), ErrDamaged, "not a data file"},
		{"a megabyte of text", bytes.Repeat([]byte("0123456789abcdef"), 65536), ErrDamaged, "not a data file"},
		{"cut to one page", good[:4096], ErrDamaged, ""},
		{"cut to the heads", good[:8192], ErrDamaged, "cut short"},
		{"cut in the middle", good[:len(good)/2/4096*4096], ErrDamaged, "cut short"},
		{"cut inside a page", good[:len(good)/2+100], ErrDamaged, "cut short"},
		{"free list of another type", withFreelist(t, good, 8, leafPage), ErrDamaged, "free pages"},
		{"free list too long", withFreelist(t, good, 10, 0xFF), ErrDamaged, "free pages"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "parley.db")
			if err := os.WriteFile(path, test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			db, err := Open(path, Options{})
			if err == nil {
				_ = db.Close()
			}
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, want %v that says %q", err, test.want, test.says)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, test.data) {
				t.Errorf("the file was touched: %v", err)
			}
			assertUnlocked(t, path)
		})
	}
}

// TestOpenUnfinished opens what a process leaves that ended while it made the file.
func TestOpenUnfinished(t *testing.T) {
	for name, make := range map[string]func(path string) error{
		"empty": func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"without buckets": func(path string) error {
			b, err := bolt.Open(path, 0o600, nil)
			return errors.Join(err, b.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "parley.db")
			if err := make(path); err != nil {
				t.Fatal(err)
			}
			openTestAt(t, path).update(furnish)
		})
	}
}

func TestOpenOneHeadBroken(t *testing.T) {
	good := goodFile(t)
	for page := range 2 {
		path := filepath.Join(t.TempDir(), "parley.db")
		data := bytes.Clone(good)
		data[page*os.Getpagesize()+pageHeaderLen+20] ^= 0xFF
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		db := openTestAt(t, path) // the other head holds
		report, err := db.Check()
		if err != nil || !strings.Contains(strings.Join(report.Findings, "\n"), "one of the two heads") {
			t.Errorf("check: %v, %+v", err, report)
		}
		for range 2 { // mends it
			db.update(func(tx *Tx) error { return tx.SetCommunity("Mended") })
		}
	}
}

func TestOpenUnreachable(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(file, "parley.db"): "not a directory",
		folder:                           "it is a folder",
	} {
		if _, err := Open(path, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestOpenForbidden(t *testing.T) {
	folder := t.TempDir()
	db := openTestAt(t, filepath.Join(folder, "parley.db"))
	db.mustClose()
	defer db.reopen()
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(folder, 0o700) }()
	withoutPrivileges(t, func() {
		if _, err := Open(filepath.Join(folder, "new.db"), Options{}); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("a folder that cannot be written to: %v", err)
		}
		if err := os.Chmod(db.path, 0o400); err == nil {
			defer func() { _ = os.Chmod(db.path, 0o600) }()
		}
		if _, err := Open(db.path, Options{}); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("a file that cannot be written to: %v", err)
		}
	})
}

// withoutPrivileges runs fn on a thread that cannot pass over permissions.
func withoutPrivileges(t *testing.T, fn func()) {
	if os.Geteuid() != 0 {
		fn()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlock: the thread ends with us
		if _, err := unix.SetfsuidRetUid(65534); err != nil {
			t.Error(err)
			return
		}
		fn()
	}()
	<-done
}

// goodFile is a small file with something in every bucket.
func goodFile(t *testing.T) []byte {
	t.Helper()
	db := openTest(t)
	db.update(furnish)
	for i := range 40 {
		db.mustSend(string(rune('a'+i)), strings.Repeat("some text ", 30), 1)
	}
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := db.Backup(path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// changed is what change makes of the file data.
func changed(t *testing.T, data []byte, change func(*bolt.Tx) error) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "changed.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Update(change), b.Close()); err != nil {
		t.Fatal(err)
	}
	data, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func withMeta(t *testing.T, data, key []byte, value string) []byte {
	return changed(t, data, func(bt *bolt.Tx) error {
		sealed := []byte(value)
		if !bytes.Equal(key, keyFormat) {
			sealed = seal(key, sealed)
		}
		return bt.Bucket([]byte("meta")).Put(key, sealed)
	})
}

func withoutBucket(t *testing.T, data []byte, name string) []byte {
	return changed(t, data, func(bt *bolt.Tx) error { return bt.DeleteBucket([]byte(name)) })
}

// withFreelist is data with a byte of the page of free pages changed.
func withFreelist(t *testing.T, data []byte, at int64, to byte) []byte {
	t.Helper()
	m, err := readMeta(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.Clone(data)
	data[int64(m.freelist)*m.pageSize+at] = to
	data[int64(m.freelist)*m.pageSize+at+1] = 0
	return data
}

func foreignFile(t *testing.T, noFreelist bool) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "foreign.db")
	b, err := bolt.Open(path, 0o600, &bolt.Options{NoFreelistSync: noFreelist})
	if err != nil {
		t.Fatal(err)
	}
	err = b.Update(func(bt *bolt.Tx) error {
		_, err := bt.CreateBucket([]byte("recipes"))
		return err
	})
	data, err2 := os.ReadFile(path)
	if err := errors.Join(err, err2, b.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}

// assertUnlocked fails if somebody has locked the file.
func assertUnlocked(t *testing.T, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		t.Errorf("a refused file stays locked: %v", err)
	}
}
