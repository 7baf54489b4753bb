package journal

import (
	"errors"
	"fmt"
	"runtime/debug"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

var (
	// errAgain rolls a batch back in which an entry failed, to do it again
	// without that entry.
	errAgain = errors.New("an entry failed")
	// errBroken is what is said after a commit that failed for good.
	errBroken = errors.New("an earlier commit failed")
)

// pending is an entry on its way through the writer, which fills it and then
// closes done.
type pending struct {
	entry chat.Entry
	done  chan struct{}

	// owned by the writer until done is closed
	result any
	err    error
	failed bool // it was the reason for a roll back: leave it out
}

// commit fills in what each entry of the batch is to be answered.
func (w *writer) commit(batch []*pending) {
	if w.broken {
		fail(batch, errBroken)
		return
	}
	for {
		events, err := w.try(batch)
		switch {
		case errors.Is(err, errAgain):
			continue // at least one entry fewer than before
		case errors.Is(err, store.ErrFull):
			fail(batch, diskFull())
		case err != nil:
			w.broken = true
			fail(batch, fmt.Errorf("commit: %w", err))
			w.o.Fatal(err)
		case len(events) > 0:
			w.o.Publish(events)
		}
		return
	}
}

// fail answers a batch of which nothing was stored. That includes entries that
// were refused: the reason may have been an entry that is not stored either.
func fail(batch []*pending, err error) {
	for _, p := range batch {
		if !p.failed {
			p.result, p.err = nil, err
		}
	}
}

// try applies the batch in one transaction. One that changes nothing costs no
// fsync.
func (w *writer) try(batch []*pending) (events []store.Event, err error) {
	err = w.db.Update(func(tx *store.Tx) error {
		for _, p := range batch {
			if p.failed {
				continue
			}
			if err := w.applyTo(tx, p); err != nil {
				return err
			}
		}
		events = tx.Appended()
		return nil
	})
	return events, err
}

// applyTo fills in the answer of one entry. The error is errAgain or
// store.ErrFull, and the transaction must be rolled back.
func (w *writer) applyTo(tx *store.Tx, p *pending) error {
	before := tx.Writes()
	p.result, p.err = w.applyRecovered(tx, p.entry)
	if p.err == nil {
		return nil
	}
	p.result = nil
	refused := wire.CodeFrom(p.err) != ""
	switch {
	case errors.Is(p.err, store.ErrFull):
		return p.err
	case refused && tx.Writes() == before:
		return nil
	case refused: // our fault, so it must not look like the asker's
		p.err = fmt.Errorf("apply %T: refused after it had written: %s", p.entry.Op, p.err.Error())
	default:
		p.err = fmt.Errorf("apply %T: %w", p.entry.Op, p.err)
	}
	p.failed = true
	return errAgain
}

// applyRecovered applies an entry with a panic as an error: a mistake in one
// command must not take everybody's server down.
func (w *writer) applyRecovered(tx *store.Tx, e chat.Entry) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			result, err = nil, fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return w.apply(tx, e)
}
