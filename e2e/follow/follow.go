// Package follow reads a room over the feed, one transport or any mixture of
// them, through any number of broken connections, and keeps every new message
// exactly as it came. It drops nothing and sorts nothing: what the feed does
// wrong shall be seen.
package follow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"sync"
	"time"

	"parley/e2e/parley"
	"parley/shared/wire"
)

const (
	firstBatch = 2 * time.Second      // how long a connection may take to its first batch: mute and buffering proxies
	silence    = 2 * wire.Heartbeat   // how long a connection may be silent after that: half-open ones
	pause      = 5 * time.Millisecond // after a broken connection: a loop that only spins
	readLimit  = 2*wire.MaxBatchBytes + 4096
)

// errAgain is why a connection ended in an orderly way.
var errAgain = errors.New("the connection ended")

// Reader follows one room from a cursor on. Its methods may be called from any
// goroutine; Run once.
type Reader struct {
	// Raw, when it is set before Run, gets every batch as it stands on the wire.
	Raw io.Writer

	// static after New
	user      *parley.User
	room      string
	session   string
	transport func(n int) Transport

	// Run's
	cursor string
	conns  [transports]int // that brought a batch

	mu   sync.Mutex
	seen []wire.Message // guarded by mu
	more chan struct{}  // closed when seen grows; guarded by mu
	last error          // why the newest connection ended; guarded by mu
}

// New is a reader for a user (and the way that it takes, see [parley.User.Via])
// and a room. The transport of the n-th connection, from 0, is transport(n).
func New(u *parley.User, room, cursor, session string, transport func(n int) Transport) *Reader {
	return &Reader{user: u, room: room, cursor: cursor, session: session, transport: transport, more: make(chan struct{})}
}

// Run reads until ctx ends, which is no error. One is what no proxy can cause:
// a reset, a batch that is not right, a refusal by the server.
func (r *Reader) Run(ctx context.Context) error {
	for n := 0; ctx.Err() == nil; n++ {
		t := r.transport(n)
		err := r.connect(ctx, t)
		var broken *brokenError
		if errors.As(err, &broken) {
			return fmt.Errorf("%s: %w", t, err)
		}
		r.mu.Lock()
		r.last = err
		r.mu.Unlock()
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	return nil
}

// Conns is how many connections of a transport brought a batch. Only after Run.
func (r *Reader) Conns(t Transport) int { return r.conns[t] }

// Seen is every message so far, in the order in which it came.
func (r *Reader) Seen() []wire.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.seen)
}

// Wait waits until a message with this seq or a higher one was seen.
func (r *Reader) Wait(ctx context.Context, seq uint64) error {
	for {
		r.mu.Lock()
		there := slices.ContainsFunc(r.seen, func(m wire.Message) bool { return m.Seq >= seq })
		more := r.more
		r.mu.Unlock()
		if there {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			r.mu.Lock()
			defer r.mu.Unlock()
			return fmt.Errorf("wait for seq %d: %w (seen %d; the newest connection: %v)", seq, ctx.Err(), len(r.seen), r.last) //nolint:errorlint // ctx is why, the other is told beside it
		}
	}
}

// brokenError is a broken promise of the server.
type brokenError struct{ why string }

func (e *brokenError) Error() string { return e.why }

func broken(format string, args ...any) error { return &brokenError{fmt.Sprintf(format, args...)} }

// batch takes one batch in, as a whole.
func (r *Reader) batch(t Transport, data []byte) (wire.Batch, error) {
	if r.Raw != nil {
		fmt.Fprintf(r.Raw, "%s\n", data)
	}
	var b wire.Batch
	if err := wire.Decode(data, &b); err != nil {
		return b, broken("not a batch: %v: %.200q", err, data)
	}
	if b.Reset || b.Cursor == "" {
		return b, broken("reset or no cursor after %s: %.200q", r.cursor, data)
	}
	var news []wire.Message
	for _, e := range b.Events {
		if m := e.Message; m != nil && m.Room == r.room && m.Rev == 0 {
			news = append(news, *m)
		}
	}
	r.cursor = b.Cursor
	if len(news) > 0 {
		r.mu.Lock()
		r.seen = append(r.seen, news...)
		close(r.more)
		r.more = make(chan struct{})
		r.mu.Unlock()
	}
	return b, nil
}

func (r *Reader) url(wait string) string {
	q := url.Values{"cursor": {r.cursor}, "session": {r.session}}
	if wait != "" {
		q.Set("wait", wait)
	}
	return r.user.Origin() + "/api/v1/events?" + q.Encode()
}
