package search

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

const (
	// A step reads at most so much in one transaction: a long one makes the data
	// file grow.
	maxStepEvents = 2048
	maxStepBytes  = 512 << 10

	// maxFresh and maxFreshBytes bound what is in memory only: queries walk
	// through it, and after a crash it is read again from the log.
	maxFresh      = 4096
	maxFreshBytes = 1 << 20

	// maxQuiet is how many events that hold no text pass before the cursor is
	// stored all the same: the log must not be trimmed away from under it.
	maxQuiet = 10_000

	// When something was sent within busyTime, rests are busyRest times as long:
	// rebuilding and merging can wait, and both take time from the disk.
	busyTime = 2 * time.Second
	busyRest = 8

	// maxSegments is how many segments there may be before merging goes before
	// following: each makes every query slower.
	maxSegments = 60
)

// errGone is of a log that has been trimmed past the cursor.
var errGone = errors.New("the log no longer has what comes next")

// follower is what only the goroutine of follow touches.
type follower struct {
	*Index
	folder folder
	read   stamp             // the newest message of the log
	filled stamp             // the newest one of rebuilding
	rooms  map[string]uint64 // numbers by id

	next    state     // x.state and what is in memory
	since   time.Time // of the oldest change in memory; zero: none
	resting time.Time // until when rebuilding and merging wait
	moved   time.Time // when the log last had something new

	segments []*segment
	broken   []posting          // breaks that are not yet in the file
	stale    map[posting]uint64 // the generations with the newest texts of messages that were edited or deleted
	merging  *merge             // nil: nothing is being merged
	purged   time.Time          // when it was last looked for stale postings
	began    time.Time          // of rebuilding
	found    int                // messages that rebuilding has read
	anew     time.Time          // when the file was last given up
}

// follow keeps the index level with the log until ctx ends.
func (x *Index) follow(ctx context.Context) {
	defer close(x.ended)
	f := &follower{Index: x, rooms: map[string]uint64{}, purged: time.Now()}
	for ctx.Err() == nil {
		rest, err := f.step()
		if err != nil {
			rest = f.failed(err)
		} else if f.stuck {
			f.log.Info("search goes on")
			f.setStuck(false)
		}
		f.pause(ctx, rest)
	}
	if f.file != nil {
		if err := f.flush(); err != nil {
			f.log.Warn("some messages will be indexed again after the next start", "error", err)
		}
	}
}

// untilWoken is a rest until there is something to do.
const untilWoken = -1

// pause rests for that long.
func (f *follower) pause(ctx context.Context, rest time.Duration) {
	wake := f.wake
	if rest == untilWoken {
		f.ready()
		rest = f.untilDue()
	} else {
		wake = nil
	}
	timer := time.NewTimer(rest)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wake:
		// What comes just after it is found by the same look.
		gather := time.NewTimer(f.pace.gather)
		defer gather.Stop()
		select {
		case <-ctx.Done():
		case <-gather.C:
		}
	}
}

// untilDue is when there is something to do if nobody sends anything.
func (f *follower) untilDue() time.Duration {
	due := f.pace.purge - time.Since(f.purged)
	if resting := time.Until(f.resting); resting > 0 {
		due = min(due, resting)
	}
	if !f.since.IsZero() {
		due = min(due, f.pace.flush-time.Since(f.since))
	}
	return max(due, 0)
}

// failed deals with an error of a step and gives the time to rest.
func (f *follower) failed(err error) time.Duration {
	f.merging = nil
	switch {
	case errors.Is(err, errDamaged), errors.Is(err, errGone):
		f.log.Warn("the search index is made anew", "error", err)
		f.abandon()
		f.setStuck(true)
		again := time.Since(f.anew) < f.pace.retry // what made it so may do it again
		f.anew = time.Now()
		if err = remove(f.path); err == nil && !again {
			return f.pace.gather
		} else if err == nil {
			return f.pace.retry
		}
	}
	if !f.stuck {
		f.log.Error("search stands still", "error", err, "again", f.pace.retry)
	}
	f.setStuck(true)
	return f.pace.retry
}

func (f *follower) setStuck(stuck bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stuck = stuck
}

// step does the next thing that is due, and gives the time to rest after it.
// The log comes first; rebuilding and merging have rests of their own, which do
// not hold it up.
func (f *follower) step() (rest time.Duration, err error) {
	start := time.Now()
	if f.doubted.Swap(false) && f.file != nil {
		return 0, fmt.Errorf("%w: a query could not read it", errDamaged)
	}
	if f.file == nil {
		return 0, f.open()
	}
	if f.isFlushDue() {
		err := f.flush()
		f.restAfter(start)
		return 0, err
	}
	if len(f.segments) > maxSegments {
		if busy, err := f.mergeStep(); busy || err != nil {
			return 0, err
		}
	}
	more, err := f.readLog()
	switch {
	case err != nil:
		return 0, err
	case more:
		return time.Since(start), nil
	case start.Before(f.resting):
		return untilWoken, nil
	}
	busy, err := f.mergeStep()
	if !busy && err == nil {
		busy, err = f.backfill()
	}
	if busy || err != nil {
		f.restAfter(start)
		return 0, err
	}
	return untilWoken, nil
}

// restAfter has rebuilding and merging wait some times as long as the work that
// began then has taken.
func (f *follower) restAfter(start time.Time) {
	times := f.pace.rest
	if time.Since(f.moved) < busyTime {
		times *= busyRest
	}
	f.resting = time.Now().Add(time.Duration(times) * time.Since(start))
}

// open opens the file and learns what is in it.
func (f *follower) open() error {
	if err := f.prepare(); err != nil {
		return err
	}
	f.next, f.since, f.merging, f.began, f.found = f.state, time.Time{}, nil, time.Now(), 0
	return f.load()
}

// isFlushDue tells whether what is in memory should go into the file.
func (f *follower) isFlushDue() bool {
	return len(f.fresh) >= f.pace.maxDocs || f.bytes >= maxFreshBytes || f.next.Cursor-f.state.Cursor >= maxQuiet ||
		!f.since.IsZero() && time.Since(f.since) >= f.pace.flush
}

// change is one text that a step has read.
type change struct {
	at posting
	doc
	falls bool // a break
}

// readLog takes the next events in. more: there are further ones.
func (f *follower) readLog() (more bool, err error) {
	var changes []change
	cursor, mark := f.next.Cursor, f.next.Mark
	err = f.db.View(func(tx *store.Tx) error {
		if cursor+1 < tx.First() {
			return errGone
		}
		events, size := 0, 0
		var bad error
		err := tx.Log(cursor, func(e store.Event) bool {
			if events == maxStepEvents || size >= maxStepBytes {
				more = true
				return false
			}
			events++
			size += len(e.Data)
			c, ok, err := f.changeBy(tx, e)
			if bad = err; bad != nil {
				return false
			}
			if ok {
				changes = append(changes, c)
			}
			cursor, mark = e.Offset, markOf(e)
			return true
		})
		return errors.Join(err, bad)
	})
	if err != nil {
		return false, err
	}
	f.take(changes)
	if cursor != f.next.Cursor {
		f.moved = time.Now()
	}
	f.next.Cursor, f.next.Mark = cursor, mark
	f.followed.Store(cursor)
	return more, nil
}

// markOf tells an event from others that may once lie at its place. It is not 0.
func markOf(e store.Event) uint32 { return crc32.Checksum(e.Data, crcTable) | 1 }

var messageEvent = []byte(`{"message":`)

// changeBy is the text that an event tells of, if any.
func (f *follower) changeBy(tx *store.Tx, e store.Event) (c change, ok bool, err error) {
	if !bytes.HasPrefix(e.Data, messageEvent) {
		return c, false, nil
	}
	var event wire.Event
	if err := json.Unmarshal(e.Data, &event); err != nil || event.Message == nil {
		return c, false, fmt.Errorf("read the event at offset %d: %w", e.Offset, err)
	}
	m := event.Message
	if m.Rev > 0 && m.Edited == 0 && m.Deleted == 0 {
		return c, false, nil // a reaction
	}
	room, err := f.roomNumber(tx, m.Room)
	if err != nil {
		return c, false, err
	}
	c = f.changeTo(room, m, m.Rev > 0)
	if m.Rev == 0 {
		c.falls, err = falls(tx, &f.read, c.at, m)
	}
	return c, true, err
}

func (f *follower) roomNumber(tx *store.Tx, id string) (uint64, error) {
	if num, ok := f.rooms[id]; ok {
		return num, nil
	}
	r, err := tx.Room(id)
	if err != nil {
		return 0, fmt.Errorf("find the room %s: %w", id, err)
	}
	f.rooms[id] = r.Num
	return r.Num, nil
}

func (f *follower) changeTo(room uint64, m *wire.Message, stale bool) change {
	c := change{at: posting{room, m.Seq}, doc: doc{author: m.Author, gone: m.Deleted != 0, stale: stale}}
	if !c.gone {
		folded := f.folder.fold(wordsOf(m))
		c.text, c.humps = string(folded.text), slices.Clone(folded.humps)
	}
	return c
}

// take puts texts where queries find them.
func (f *follower) take(changes []change) {
	if len(changes) == 0 {
		return
	}
	if f.since.IsZero() {
		f.since = time.Now()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range changes {
		if c.falls && f.breaks.add(c.at) {
			f.broken = append(f.broken, c.at)
		}
		old := f.fresh[c.at]
		c.stale = c.stale || old.stale
		f.bytes += len(c.text) - len(old.text)
		f.fresh[c.at] = c.doc
	}
}

// backfill takes the next messages in that were there before the log was
// followed. Call it when that is level: so it never puts an older text in the
// place of a newer one. busy: there was something to do.
func (f *follower) backfill() (busy bool, err error) {
	if f.next.Full {
		return false, nil
	}
	var changes []change
	next := f.next
	next.Full = true
	err = f.db.View(func(tx *store.Tx) error {
		size := 0
		var bad error
		err := tx.AllMessages(next.Room, next.Seq, func(num uint64, m wire.Message) bool {
			if len(changes) == maxStepEvents/2 || size >= maxStepBytes/2 {
				next.Full = false
				return false
			}
			size += len(m.Text)
			c := f.changeTo(num, &m, false)
			c.falls, bad = falls(tx, &f.filled, c.at, &m)
			changes = append(changes, c)
			next.Room, next.Seq = num, m.Seq
			return bad == nil
		})
		return errors.Join(err, bad)
	})
	if err != nil {
		return false, err
	}
	f.take(changes)
	if f.found == 0 && len(changes) > 0 {
		f.log.Info("making the search index from the messages")
	}
	f.found += len(changes)
	f.next.Room, f.next.Seq, f.next.Full = next.Room, next.Seq, next.Full
	if next.Full {
		if err := f.flush(); err != nil {
			return false, err
		}
		if f.found > 0 {
			f.log.Info("the search index is complete", "messages", f.found, "after", time.Since(f.began).Round(time.Millisecond))
		}
	}
	return true, nil
}
