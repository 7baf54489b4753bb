package feed

import (
	"context"
	"slices"
	"time"

	"parley/server/store"
)

// Conn is one reader: a cursor, a wake-up and a small queue. Next is for one
// goroutine at a time; Established and Close may be called from any.
type Conn struct {
	// static after construction
	feed       *Feed
	number     uint64 // rises from connection to connection
	credential store.Hash
	user       *user    // nil for one whose cursor was of no use
	session    *session // nil without one
	wake       chan struct{}

	// owned by the caller of Next
	started bool
	timer   *time.Timer

	// guarded by Feed.mu
	cursor    uint64   // all visible events up to here have been given
	attached  bool     // events are being queued
	from      uint64   // when attached: the queue is complete after this
	queue     []*entry // ascending
	queued    int      // bytes
	backlog   []*entry // who was online when the connection began
	ephemera  ephemera
	reset     bool  // the cursor was of no use
	reconnect int   // when not 0: the last batch is due, with this many milliseconds
	err       error // why it has ended
	closed    bool
}

// state is what a look at a connection finds.
type state int

const (
	level  state = iota // nothing to say
	ready               // a batch, or the end
	behind              // the log has to be read
)

// Next gives the next batch: at once when there is something, and always at
// once in the very first call; else when something comes; else an empty one
// after wait, whose cursor has moved on with the log's head. The error is one
// of this package's, after which there is nothing more, that of ctx, or that
// of a log that cannot be read.
func (c *Conn) Next(ctx context.Context, wait time.Duration) (Batch, error) {
	force := !c.started
	c.started = true
	timing := false
	defer func() {
		if timing {
			c.timer.Stop()
		}
	}()
	for reads := 1; ; {
		if err := ctx.Err(); err != nil {
			return Batch{}, err
		}
		b, found, err := c.take(force)
		switch found {
		case ready:
			return b, err
		case behind:
			if b, found, err = c.readOn(reads >= maxScans); found == ready {
				return b, err
			}
			reads++
		case level:
			if !timing && wait > 0 {
				c.setTimer(wait)
				timing = true
			}
			force = !timing || c.sleep(ctx)
		}
	}
}

func (c *Conn) setTimer(d time.Duration) {
	if c.timer == nil {
		c.timer = time.NewTimer(d)
	} else {
		c.timer.Reset(d)
	}
}

// sleep waits until there may be something to do. It tells whether the time is over.
func (c *Conn) sleep(ctx context.Context) (over bool) {
	select {
	case <-c.wake:
	case <-ctx.Done():
	case <-c.timer.C:
		return true
	}
	return false
}

// notify wakes the reader, now or when it is about to sleep.
func (c *Conn) notify() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// take gives what waits in memory; with force an empty batch if there is nothing.
func (c *Conn) take(force bool) (Batch, state, error) {
	f := c.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case c.err != nil:
		return Batch{}, ready, c.err
	case c.reset:
		return c.resetBatch(), ready, nil
	case c.reconnect > 0:
		return c.lastBatch(), ready, nil
	case c.behind():
		return Batch{}, behind, nil
	}
	entries, more := c.collect()
	if len(entries) == 0 && !force {
		return Batch{}, level, nil
	}
	return f.frames.of(c.cursor, entries, more).share(), ready, nil
}

// resetBatch is the only batch of a connection whose cursor is of no use.
func (c *Conn) resetBatch() Batch {
	c.end(ErrReset)
	return Batch{Cursor: c.feed.frames.cursorAt(c.feed.head), Reset: true}
}

// lastBatch is what waits, and when to come back.
func (c *Conn) lastBatch() Batch {
	var b Batch
	if c.behind() {
		b = Batch{Cursor: c.feed.frames.cursorAt(c.cursor), More: true}
	} else {
		entries, more := c.collect()
		b = c.feed.frames.of(c.cursor, entries, more).batch
	}
	b.ReconnectMS = c.reconnect
	c.end(ErrDraining)
	return b
}

// Established ends the session's older connections with [ErrSuperseded]. Call
// it when the first batch has been written: until then this connection has not
// proved that it gets through, and the older ones go on.
func (c *Conn) Established() {
	c.feed.mu.Lock()
	defer c.feed.mu.Unlock()
	if c.session == nil || c.err != nil {
		return
	}
	for _, old := range slices.Clone(c.session.conns) {
		if old.number < c.number {
			c.feed.count.superseded++
			old.end(ErrSuperseded)
		}
	}
}

// Close ends the connection; a Next that waits returns [ErrClosed]. The session
// goes on for wire.SessionGrace. It may be called more than once.
func (c *Conn) Close() {
	f := c.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	c.end(ErrClosed)
	delete(f.conns, c)
	f.checkDrained()
}

// end takes the connection out of everything but the list of those to be
// closed. Only the first reason counts. Feed.mu is held.
func (c *Conn) end(reason error) {
	if c.err != nil {
		return
	}
	c.err = reason
	c.notify()
	c.detach()
	if c.user == nil {
		return
	}
	c.user.conns = without(c.user.conns, c)
	if c.session != nil {
		c.feed.leaveSession(c)
	}
	c.backlog, c.ephemera = nil, ephemera{}
	c.feed.forget(c.user)
}

// without is list without c, in a place of its own: who walks the old one is
// not disturbed.
func without(list []*Conn, c *Conn) []*Conn {
	i := slices.Index(list, c)
	if i < 0 {
		return list
	}
	return append(list[:i:i], list[i+1:]...)
}
