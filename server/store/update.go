package store

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// View runs fn in a read-only transaction: everything fn sees is of one
// moment, and on the disk. It may run beside other Views and an Update, and must be short: as
// long as it is open no page that it may need is used again, and the file
// grows. A panic in fn comes back as an error.
func (db *DB) View(fn func(*Tx) error) error {
	if err := db.failure(); err != nil {
		return err
	}
	bt, err := db.begin()
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	defer rollback(bt)
	return guard(func() error { return fn(newTx(db, bt)) })
}

// Update runs fn in one read-write transaction and commits it (fsync): when it
// returns nil the changes are durable. One Update runs at a time. An error from
// fn rolls back and comes back as it is, as does a panic, as an error. ErrFull:
// nothing stored, go on. ErrCommit (any other failure of the commit): the
// process must end. If fn changed nothing, nothing is written.
func (db *DB) Update(fn func(*Tx) error) error {
	if err := db.failure(); err != nil {
		return err
	}
	var bt *bolt.Tx
	err := guard(func() (err error) {
		bt, err = db.bolt.Begin(true)
		return err
	})
	if errors.Is(err, ErrDamaged) { // bbolt has panicked, holding its lock
		return db.fail(err)
	}
	if err != nil {
		return fmt.Errorf("write: %w", beginError(err))
	}
	defer rollback(bt)                   // does nothing after a commit
	if err := db.failure(); err != nil { // of the one we waited for
		return err
	}
	tx := newTx(db, bt)
	err = guard(func() error {
		if err := fn(tx); err != nil {
			return err
		}
		return tx.flush()
	})
	if err != nil || tx.writes == 0 {
		return err
	}
	return db.committed(bt.ID(), func() error { return db.commit(bt) })
}

// commit commits and sorts out what may have gone wrong.
//
// bbolt writes the changed pages into free space, syncs, and then writes the
// meta page that makes them count. A write that fails before that leaves the
// old meta page and with it the old state in force; bbolt reads its list of
// free pages from the file again and is as before. A sync that fails says
// nothing about what has reached the disk, and the next one may well succeed
// without the lost pages (fsyncgate), so there is no way on from it.
func (db *DB) commit(bt *bolt.Tx) error {
	err := guard(bt.Commit)
	switch {
	case err == nil:
		return nil
	case isFull(err):
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return db.fail(err)
}

// fail ends all use of the DB.
func (db *DB) fail(err error) error {
	err = fmt.Errorf("%w: %w", ErrCommit, err)
	db.failed.CompareAndSwap(nil, &err)
	return err
}

func (db *DB) failure() error {
	if err := db.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// rollback ends a transaction that was not committed. After a failed commit
// bbolt may not be in a state to.
func rollback(bt *bolt.Tx) { _ = guard(bt.Rollback) }

func beginError(err error) error {
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

// isFull tells a write or truncate that found no room from every other error
// of a commit. A sync that reports the same numbers is not one: it comes from
// bbolt as a bare errno, or as text with another beginning.
func isFull(err error) bool {
	var path *fs.PathError
	isWrite := errors.As(err, &path) && (path.Op == "write" || path.Op == "truncate")
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if isWrite && errors.Is(path, errno) {
			return true
		}
		// bbolt formats the error of its truncate with %s.
		if text := err.Error(); strings.HasPrefix(text, "file resize error: ") && strings.HasSuffix(text, errno.Error()) {
			return true
		}
	}
	return false
}

// guard runs fn and turns a panic into an error, also a fault of memory: bbolt
// follows the page numbers it finds, which in a damaged file lead outside the
// map, or past the end of the file.
func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if v := recover(); v != nil {
			err = panicError(v)
		}
	}()
	return fn()
}

// panicError is ErrDamaged if the panic v, which is being recovered, began in
// bbolt or is a fault in the mapped file, and else a plain error: a bug.
func panicError(v any) error {
	if fault, ok := v.(interface {
		runtime.Error
		Addr() uintptr
	}); ok {
		return fmt.Errorf("%w: a page points outside the file (%w)", ErrDamaged, fault)
	}
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicking := false
	for {
		frame, more := frames.Next()
		inRuntime := strings.HasPrefix(frame.Function, "runtime.")
		switch {
		case inRuntime:
			panicking = true // what stands before is the recovering
		case panicking && strings.HasPrefix(frame.Function, "go.etcd.io/bbolt"):
			return fmt.Errorf("%w: %v", ErrDamaged, v)
		case panicking || !more:
			return fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}
}
