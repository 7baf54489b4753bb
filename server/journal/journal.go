// Package journal puts the entries of package chat into one order and makes
// them durable.
//
// # Group commit
//
// One goroutine, the writer, takes everything that waits, applies it in order in
// one transaction of the store, commits it with one fsync, tells the feed what
// was appended, and answers. There is no timer: while one commit is being
// written the next batch gathers, so a lone writer waits for nobody and many
// share the price of the disk.
//
//	Submit ─► queue ─► writer: apply all ─► fsync ─► Publish ─► answer
//
// Durable, then visible, then answered; never in another order.
//
// # What can go wrong
//
// An entry that is refused is answered so and changes nothing for the others of
// its batch. One that fails in any other way, a panic included, is left out and
// the rest of the batch done again. A full disk is answered unavailable, and
// the next batch tries again. Any other failed commit ends the process: what
// the page cache says after a failed fsync cannot be trusted.
//
// This is the place where a replicated log plugs in: it would order the same
// entries, and every node would apply them to its own store.
package journal

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// queueLength is how many entries wait while a batch is written. Who comes
// later waits in Submit: a disk that stands still must not fill the memory.
const queueLength = 1024

// Options are what a Journal needs to know. The zero value of each field means
// its default.
type Options struct {
	// Publish is called by the writer after each commit with what it appended,
	// in log order. The writer waits for it.
	Publish func([]store.Event)

	// Fatal is called when a commit failed in a way after which nothing can be
	// trusted. By default it prints one line and ends the process. If it
	// returns, the journal stores nothing more.
	Fatal func(error)

	// Log is told when trimming fails. Default: slog.Default().
	Log *slog.Logger

	Trim Trim
}

// Trim says how much of the log is kept. An event is dropped when it is older
// than Age and more than Keep events are newer.
type Trim struct {
	Age   time.Duration    // default 7 days: as long as a nonce must be remembered
	Keep  int              // events, default 100,000: so that a quiet community can be caught up with for long
	Every time.Duration    // between two looks, default 1 minute
	Now   func() time.Time // default time.Now
}

func (o Options) withDefaults() Options {
	if o.Publish == nil {
		o.Publish = func([]store.Event) {}
	}
	if o.Fatal == nil {
		o.Fatal = die
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Trim = o.Trim.withDefaults()
	return o
}

func die(err error) {
	fmt.Fprintf(os.Stderr, "parley: cannot be sure that the data reached the disk, so it stops here: %v\n", err)
	os.Exit(1)
}

// Journal orders and commits entries. Its methods may run concurrently.
type Journal struct {
	// static after construction
	db    *store.DB
	o     Options
	apply func(*store.Tx, chat.Entry) (any, error) // chat.Apply, but for tests of what it never does
	queue chan *pending
	ended chan struct{} // closed when the writer has ended

	mu     sync.RWMutex // held shared while something is put into queue, so that Close closes it after the last one
	closed bool         // guarded by mu
}

// New starts the writer. Nobody else may Update the store until Close has
// returned.
func New(db *store.DB, o Options) *Journal { return start(db, o, chat.Apply) }

func start(db *store.DB, o Options, apply func(*store.Tx, chat.Entry) (any, error)) *Journal {
	j := &Journal{
		db: db, o: o.withDefaults(), apply: apply,
		queue: make(chan *pending, queueLength), ended: make(chan struct{}),
	}
	go j.write()
	return j
}

// Submit puts an entry into the order and waits until it is durable. It returns
// what [chat.Apply] returned. Errors: the *wire.Problem with which the entry was
// refused; unavailable when the disk is full, when the journal is closed, or
// when ctx ends first, after which the entry may still become durable; anything
// else is a fault inside.
func (j *Journal) Submit(ctx context.Context, e chat.Entry) (any, error) {
	p := &pending{entry: e, done: make(chan struct{})}
	if err := j.enqueue(ctx, p); err != nil {
		return nil, err
	}
	select {
	case <-p.done:
		return p.result, p.err
	case <-ctx.Done():
	}
	select {
	case <-p.done: // both at once: what is durable is told
		return p.result, p.err
	default:
		return nil, tooSlow()
	}
}

func (j *Journal) enqueue(ctx context.Context, p *pending) error {
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.closed {
		return stopping()
	}
	if ctx.Err() != nil {
		return tooSlow()
	}
	select {
	case j.queue <- p:
		return nil
	case <-ctx.Done():
		return tooSlow()
	}
}

// Close refuses what comes from now on, waits until everything that was
// submitted before is durable and answered, and ends the writer.
func (j *Journal) Close() error {
	j.mu.Lock()
	if !j.closed {
		j.closed = true
		close(j.queue)
	}
	j.mu.Unlock()
	<-j.ended
	return nil
}

func tooSlow() error {
	return wire.Errorf(wire.CodeUnavailable, "The server did not get to it in time. Try again.").After(1)
}

func stopping() error {
	return wire.Errorf(wire.CodeUnavailable, "The server is stopping. Try again in a moment.").After(2)
}

func diskFull() error {
	return wire.Errorf(wire.CodeUnavailable, "The server's disk is full, so nothing was stored. Try again later.").After(30)
}
