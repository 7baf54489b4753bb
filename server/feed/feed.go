package feed

import (
	"fmt"
	"sync"
	"sync/atomic"

	"parley/server/store"
)

// Feed is the fan-out of one log. Its methods may be called from any goroutine.
type Feed struct {
	// static after construction
	db   *store.DB
	o    options
	fail error // why it cannot work: the store could not be read at the start

	publishing sync.Mutex // makes Publish one step, its wake-ups included

	mu       sync.Mutex
	head     uint64                    // the newest published event; by mu, as all below
	users    map[string]*user          // those with a connection or a session
	rooms    map[string]map[*user]bool // who of them is in a room at the head
	conns    map[*Conn]bool            // those not closed
	told     int                       // how many users are told to be online
	numbers  uint64                    // the newest connection's
	frames   frames
	scratch  []*entry      // for collect
	woken    []*Conn       // whom Publish has to wake
	draining bool          // no new connections
	drained  chan struct{} // closed when draining and none is open; made by Drain
	count    counters

	encoded atomic.Uint64 // see Stats
}

// New makes the feed of a log. Make it before anything else is appended, and
// have everything appended from then on published.
func New(db *store.DB) *Feed { return newFeed(db, defaults()) }

func newFeed(db *store.DB, o options) *Feed {
	f := &Feed{
		db:    db,
		o:     o,
		users: map[string]*user{},
		rooms: map[string]map[*user]bool{},
		conns: map[*Conn]bool{},
	}
	err := db.View(func(tx *store.Tx) error {
		f.head = tx.End()
		return nil
	})
	if err != nil {
		f.fail = fmt.Errorf("find the end of the log: %w", err)
	}
	f.frames = frames{epoch: db.Epoch(), encoded: &f.encoded}
	return f
}

// Close ends what is left, connections with [ErrDraining], and the grace of all
// sessions. Call Drain first to do so in an orderly way. The error is always nil.
func (f *Feed) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.draining = true
	for c := range f.conns {
		c.end(ErrDraining)
	}
	for _, u := range f.users {
		for _, s := range u.sessions {
			s.stop()
		}
	}
	return nil
}
