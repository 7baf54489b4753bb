package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"parley/shared/wire"
)

func TestUpdateRefused(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	before, err := contents(db.DB)
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	change := func(tx *Tx) {
		if _, err := send(tx, "lobby", "ann", "n", "text", 1); err != nil {
			t.Error(err)
		}
	}
	tests := map[string]struct {
		fn   func(*Tx) error
		says string
	}{
		"error":          {func(tx *Tx) error { change(tx); return refused }, "refused"},
		"panic":          {func(tx *Tx) error { change(tx); panic("oh no") }, "panic: oh no"},
		"nil pointer":    {func(tx *Tx) error { change(tx); var p *Room; p.Num++; return nil }, "nil pointer"},
		"panic in View":  {nil, "panic: in view"},
		"read-only Room": {nil, ""},
	}
	for name, test := range tests {
		var err error
		switch {
		case test.fn != nil:
			err = db.Update(test.fn)
		case name == "panic in View":
			err = db.View(func(*Tx) error { panic("in view") })
		default:
			err = db.View(func(tx *Tx) error { return furnish(tx) })
		}
		if err == nil || !strings.Contains(err.Error(), test.says) || errors.Is(err, ErrDamaged) {
			t.Errorf("%s: got %v", name, err)
		}
		if name == "error" && same("error", err, refused) != nil {
			t.Errorf("the error came back as %v", err)
		}
		if after, err := contents(db.DB); err != nil || after != before {
			t.Errorf("%s: it left something: %v", name, err)
		}
	}
	db.mustSend("n", "text", 1) // and it goes on
}

// TestUpdateNothing verifies that an Update that changes nothing writes nothing.
func TestUpdateNothing(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	before, err := os.ReadFile(db.path)
	if err != nil {
		t.Fatal(err)
	}
	db.update(func(tx *Tx) error {
		_, err := tx.User("ann")
		return errors.Join(err, tx.AddMember("lobby", "ann"), tx.RemoveMember("lobby", "bob"),
			tx.DeleteSession(Hash{}), tx.SweepExpired(1, 100), same("Writes", tx.Writes(), 0))
	})
	if after, err := os.ReadFile(db.path); err != nil || string(before) != string(after) {
		t.Errorf("the file changed: %v", err)
	}
}

// TestCommitFails takes the file from under bbolt: no write can be trusted any more.
func TestCommitFails(t *testing.T) {
	path := openTest(t).path + ".other"
	db, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(furnish); err != nil {
		t.Fatal(err)
	}
	if err := db.file.Close(); err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *Tx) error { return tx.SetCommunity("Other") })
	if !errors.Is(err, ErrCommit) || errors.Is(err, ErrFull) {
		t.Fatalf("got %v, want ErrCommit", err)
	}
	nothing := func(*Tx) error { t.Error("it ran"); return nil }
	for _, err := range []error{db.Update(nothing), db.View(nothing), db.Backup(path + ".copy")} {
		if !errors.Is(err, ErrCommit) {
			t.Errorf("afterwards: got %v, want ErrCommit", err)
		}
	}
	_ = db.Close() // says that the file is closed
}

// TestIsFull goes through what bbolt's Commit can return.
func TestIsFull(t *testing.T) {
	write := func(errno syscall.Errno) error { return &fs.PathError{Op: "write", Path: "p", Err: errno} }
	truncate := &fs.PathError{Op: "truncate", Path: "p", Err: syscall.EFBIG}
	tests := []struct {
		err  error
		full bool
	}{
		{write(syscall.ENOSPC), true},
		{write(syscall.EDQUOT), true},
		{write(syscall.EFBIG), true},
		{write(syscall.EIO), false},
		{errors.New("file resize error: " + truncate.Error()), true}, // as bbolt writes it
		{errors.New("file resize error: " + (&fs.PathError{Op: "truncate", Path: "p", Err: syscall.EIO}).Error()), false},
		{syscall.ENOSPC, false}, // fdatasync
		{errors.New("file sync error: " + (&fs.PathError{Op: "sync", Path: "p", Err: syscall.ENOSPC}).Error()), false},
		{&fs.PathError{Op: "sync", Path: "p", Err: syscall.ENOSPC}, false},
		{errors.New("mmap allocate error: " + syscall.ENOMEM.Error()), false},
		{bolterrors.ErrInvalidMapping, false},
	}
	for _, test := range tests {
		if got := isFull(test.err); got != test.full {
			t.Errorf("isFull(%v) = %v", test.err, got)
		}
	}
}

// TestPanicOfBolt verifies that what bbolt says of a damaged page is told from a bug.
func TestPanicOfBolt(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	err := db.View(func(tx *Tx) error {
		var none *bolt.Bucket
		none.Get([]byte("key")) // panics inside bbolt
		return nil
	})
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
}

// TestConcurrent reads while it writes; each View must see whole Updates only.
func TestConcurrent(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	stop := make(chan struct{})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				err := db.View(func(tx *Tx) error {
					r, err := tx.Room("lobby")
					if err != nil {
						return err
					}
					messages, err := tx.Messages("lobby", 1, r.Head)
					events := 0
					err2 := tx.Log(0, func(Event) bool { events++; return true })
					return errors.Join(err, err2, same("messages", len(messages), int(r.Head)),
						same("events", events, int(r.Head)+1), same("whole Updates", r.Head%5, uint64(0)))
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 60 {
		db.update(func(tx *Tx) error {
			for n := range 5 {
				if _, err := send(tx, "lobby", "ann", fmt.Sprint(i, "-", n), "text", 1); err != nil {
					return err
				}
			}
			return nil
		})
	}
	close(stop)
	wait.Wait()
}

// TestLongView verifies that a reader neither stops the writer nor loses its moment.
func TestLongView(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	reading, written := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		done <- db.View(func(tx *Tx) error {
			close(reading)
			<-written
			r, err := tx.Room("lobby")
			return errors.Join(err, same("Head", r.Head, uint64(0)))
		})
	}()
	<-reading
	start := time.Now()
	for i := range 50 {
		db.mustSend(fmt.Sprint(i), strings.Repeat("x", 10_000), 1)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("50 sends took %v", took)
	}
	close(written)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestClosed(t *testing.T) {
	db := openTest(t)
	defer db.reopen()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	nothing := func(*Tx) error { t.Error("it ran"); return nil }
	_, err := db.Check()
	for _, err := range []error{err, db.View(nothing), db.Update(nothing), db.Backup(db.path + ".copy")} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	}
}

func TestPutRefuses(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	tests := map[string]func(*Tx) error{
		"user without id":       func(tx *Tx) error { return tx.PutUser(User{User: wire.User{Name: "Eve"}}) },
		"user with NUL":         func(tx *Tx) error { return tx.PutUser(User{User: wire.User{ID: "e\x00ve", Name: "Eve"}}) },
		"room without id":       func(tx *Tx) error { return tx.PutRoom(Room{}) },
		"room with NUL":         func(tx *Tx) error { return tx.PutRoom(Room{Room: wire.Room{ID: "\x00"}}) },
		"member of no room":     func(tx *Tx) error { return tx.AddMember("nowhere", "ann") },
		"member who is not":     func(tx *Tx) error { return tx.AddMember("lobby", "eve") },
		"name taken":            func(tx *Tx) error { return tx.PutUser(User{User: wire.User{ID: "eve", Name: "ＡＮＮ"}}) },
		"message of no room":    func(tx *Tx) error { return tx.PutMessage(wire.Message{Room: "nowhere", Seq: 1}) },
		"ids that make another": func(tx *Tx) error { return tx.AddMember("lobby\x00ann", "") },
	}
	for name, put := range tests {
		err := db.Update(func(tx *Tx) error {
			if err := same("Writes", tx.Writes(), 0); err != nil {
				t.Error(err)
			}
			return put(tx)
		})
		if err == nil {
			t.Errorf("%s: it went through", name)
		}
	}
}
