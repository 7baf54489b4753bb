package feed

import (
	"cmp"
	"fmt"

	"parley/server/store"
)

// reading is one read of the log.
type reading struct {
	// what is asked
	user  string
	after uint64
	last  uint64 // nothing after this; 0: no such bound

	// what is found
	events  [][]byte
	tally   tally
	reached uint64 // nothing visible up to here is missing from events
	gone    bool   // the log no longer has what comes after the cursor
}

// readOn reads the next part of the log. Without visible events in it the
// connection is where it was, only further on; with last it then gives an
// empty batch, so that the cursor gets to the client.
func (c *Conn) readOn(last bool) (Batch, state, error) {
	r := c.beginReading()
	err := c.feed.db.View(func(tx *store.Tx) error { return r.read(tx, &c.feed.o) })
	if err != nil {
		return Batch{}, ready, fmt.Errorf("read the log: %w", err)
	}
	return c.endReading(r, last)
}

// beginReading attaches the queue, if the read may reach the head, before the
// read begins: what is published from now on is queued.
func (c *Conn) beginReading() *reading {
	c.feed.mu.Lock()
	defer c.feed.mu.Unlock()
	c.feed.count.logReads++
	if !c.attached && c.err == nil && c.near() {
		c.attach()
	}
	return &reading{user: c.user.id, after: c.cursor}
}

// read collects what the user may see. It stops at the bounds of a batch, and
// after so many events that the transaction stays short.
func (r *reading) read(tx *store.Tx, o *options) error {
	if r.gone = r.after+1 < tx.First(); r.gone {
		return nil
	}
	spans, err := tx.Spans(r.user)
	if err != nil {
		return err
	}
	r.reached = r.after
	var failed error
	full, seen := false, 0
	err = tx.Log(r.after, func(e store.Event) bool {
		if r.last > 0 && e.Offset > r.last {
			return false
		}
		if full = seen == o.scan; full {
			return false
		}
		seen++
		if r.sees(spans, &e) {
			var data []byte
			if data, failed = r.data(spans, &e); failed != nil {
				return false
			}
			if full = !r.tally.add(len(data), o); full {
				return false
			}
			r.events = append(r.events, data)
		}
		r.reached = e.Offset
		return true
	})
	if err = cmp.Or(err, failed); err == nil && !full {
		r.reached = max(r.reached, tx.End())
		if r.last > 0 {
			r.reached = min(r.reached, r.last)
		}
	}
	return err
}

func (r *reading) sees(spans map[string][]store.Span, e *store.Event) bool {
	switch e.Audience.Kind {
	case store.AudienceRoom:
		return within(spans[e.Audience.ID], e.Offset)
	case store.AudienceUser:
		return e.Audience.ID == r.user
	case store.AudienceMembers:
		return within(spans[store.Everybody], e.Offset)
	}
	return false
}

// data is an event as the user gets it. Who has left the room was told what was
// said in their presence, but what has become of it since is not for them.
func (r *reading) data(spans map[string][]store.Span, e *store.Event) ([]byte, error) {
	told := *e
	if e.Revised && !isOpen(spans[e.Audience.ID]) {
		var err error
		if told, err = e.Withheld(); err != nil {
			return nil, err
		}
	}
	if e.Nonce != "" && e.Owner == r.user {
		return told.ForOwner(), nil
	}
	return told.Data, nil
}

// endReading moves the cursor and makes a batch of what was found.
func (c *Conn) endReading(r *reading, last bool) (Batch, state, error) {
	f := c.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case c.err != nil:
		return Batch{}, ready, c.err
	case r.gone:
		return c.resetBatch(), ready, nil
	}
	c.cursor = max(c.cursor, r.reached)
	c.dropSeen()
	if len(r.events) == 0 && (!last || !c.waiting()) {
		return Batch{}, level, nil
	}
	riding := c.collectEphemeral(f.scratch[:0], &r.tally)
	for _, e := range riding {
		r.events = append(r.events, e.data)
	}
	f.scratch = riding
	return Batch{Cursor: f.frames.cursorAt(c.cursor), Events: r.events, More: c.waiting()}, ready, nil
}
