package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/server/chat"
	"parley/server/store"
)

// Options are what an Index may be told. The zero value of each field means its
// default.
type Options struct {
	Log *slog.Logger // default: slog.Default()

	pace pace // of tests
}

// pace is how fast the index works beside everything else.
type pace struct {
	gather  time.Duration // between two looks at a log that grows, so that one look finds many messages
	rest    int           // times as long as a step of rebuilding or merging took, to rest after it
	flush   time.Duration // at most between a message and its being in the file
	retry   time.Duration // after a failure, such as a full disk
	purge   time.Duration // between two looks for what edits and deletions have left
	maxDocs int           // messages that are kept in memory before they go into the file
}

func (p pace) withDefaults() pace {
	for field, value := range map[*time.Duration]time.Duration{
		&p.gather: 50 * time.Millisecond,
		&p.flush:  time.Minute,
		&p.retry:  30 * time.Second,
		&p.purge:  time.Hour,
	} {
		if *field == 0 {
			*field = value
		}
	}
	if p.rest == 0 {
		p.rest = 3
	}
	if p.maxDocs == 0 {
		p.maxDocs = maxFresh
	}
	return p
}

// Index finds messages by their words. Its methods may run concurrently.
type Index struct {
	// static after construction
	path    string
	db      *store.DB
	queries chat.Queries
	log     *slog.Logger
	pace    pace
	wake    chan struct{} // holds one: something was published
	cancel  context.CancelFunc
	ended   chan struct{} // closed when the follower has ended

	followed atomic.Uint64 // offset of the newest event that queries know of
	doubted  atomic.Bool   // a query has found the file damaged

	// mu is held shared by queries while they read file and fresh. The follower,
	// the only one to change them, holds it to do so.
	mu     sync.RWMutex
	file   *bolt.DB // nil: none can be opened
	fresh  map[posting]doc
	breaks breaks
	state  state  // as far as file goes
	bytes  int    // of the texts in fresh
	stuck  bool   // the last step failed
	ready  func() // of tests: called by the follower whenever it has nothing to do
}

// doc is a message that is not yet in the file.
type doc struct {
	text   string // folded
	humps  []int
	author string
	gone   bool // deleted
	stale  bool // an older text of it may be in the file
}

// Open opens the index at path, or makes a new one, and begins to follow the
// log of db. It never fails: what goes wrong is logged and tried again, as chat
// goes on without search. Close it before db.
func Open(path string, db *store.DB, o Options) *Index {
	return newIndex(path, db, o).start()
}

func (x *Index) start() *Index {
	ctx, cancel := context.WithCancel(context.Background())
	x.cancel = cancel
	go x.follow(ctx)
	return x
}

func newIndex(path string, db *store.DB, o Options) *Index {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Index{
		path: path, db: db, queries: chat.Queries{DB: db}, log: o.Log, pace: o.pace.withDefaults(),
		wake: make(chan struct{}, 1), ended: make(chan struct{}), fresh: map[posting]doc{}, breaks: breaks{}, ready: func() {},
	}
}

// Wake tells that something was appended to the log. It never waits.
func (x *Index) Wake() {
	select {
	case x.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// doubt has the file made anew.
func (x *Index) doubt() {
	x.doubted.Store(true)
	x.Wake()
}

// Close stores what is in memory and closes the file.
func (x *Index) Close() error {
	x.cancel()
	<-x.ended
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.closeFile()
}

// closeFile closes the file, if one is open. The caller holds mu.
func (x *Index) closeFile() error {
	if x.file == nil {
		return nil
	}
	file := x.file
	x.file = nil
	if err := guard(file.Close); err != nil {
		return fmt.Errorf("close %s: %w", x.path, err)
	}
	return nil
}

// prepare opens the file, and makes it anew if it is damaged or does not fit
// the log.
func (x *Index) prepare() error {
	_, err := os.Stat(x.path)
	isNew := errors.Is(err, fs.ErrNotExist)
	file, err := openFile(x.path)
	if err == nil {
		var s state
		if s, err = x.examine(file); err == nil {
			x.adopt(file, s)
			return nil
		}
		_ = guard(file.Close)
	}
	if !errors.Is(err, errDamaged) {
		return err
	}
	if !isNew {
		x.log.Warn("the search index is made anew", "why", err)
	}
	return x.begin()
}

// examine makes sure that a file can be gone on with. The error is errDamaged
// when not.
func (x *Index) examine(file *bolt.DB) (s state, err error) {
	err = update(file, func(tx *bolt.Tx) (err error) {
		if s, err = readState(tx); err != nil {
			return err
		}
		return sweep(tx)
	})
	if err != nil {
		return s, err
	}
	why, err := x.misfit(s)
	if err == nil && why != "" {
		err = fmt.Errorf("%w: %s", errDamaged, why)
	}
	return s, err
}

// misfit says why an index cannot be gone on with; "" when it can.
func (x *Index) misfit(s state) (why string, err error) {
	err = x.db.View(func(tx *store.Tx) error {
		switch {
		case s.Format != formatVersion:
			why = "it is of another version"
		case s.Epoch != tx.Epoch():
			why = "it is of other data"
		case s.Cursor > tx.End():
			why = "it is of newer data"
		case s.Cursor+1 < tx.First():
			why = "the log no longer has what it missed"
		case s.Mark != 0 && s.Cursor >= tx.First():
			return tx.Log(s.Cursor-1, func(e store.Event) bool {
				if markOf(e) != s.Mark {
					why = "it is of other data"
				}
				return false
			})
		}
		return nil
	})
	return why, err
}

// begin makes the file anew: it will be filled from the messages as they are,
// and follows the log from its present end.
func (x *Index) begin() error {
	if err := remove(x.path); err != nil {
		return err
	}
	file, err := openFile(x.path)
	if err != nil {
		return err
	}
	s := state{Format: formatVersion, Epoch: x.db.Epoch(), Next: 1}
	err = x.db.View(func(tx *store.Tx) error {
		s.Cursor = tx.End()
		return nil
	})
	if err == nil {
		err = update(file, func(tx *bolt.Tx) error { return writeState(tx, s) })
	}
	if err != nil {
		_ = guard(file.Close)
		return err
	}
	x.adopt(file, s)
	return nil
}

// adopt takes a file into use.
func (x *Index) adopt(file *bolt.DB, s state) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.file, x.state, x.fresh, x.bytes, x.breaks = file, s, map[posting]doc{}, 0, breaks{}
	x.followed.Store(s.Cursor)
}

// abandon closes a file that is no good.
func (x *Index) abandon() {
	x.mu.Lock()
	defer x.mu.Unlock()
	_ = x.closeFile() // it is deleted next
	x.fresh, x.bytes = map[posting]doc{}, 0
}
