package client

import (
	"context"
	"maps"
	"time"

	"parley/shared/wire"
)

// typingEvery is how often others are told that one is writing: often enough
// that it does not fade in between.
const typingEvery = wire.TypingLife / 2

// readPause is the least time between one's reading being told and being told
// again: where much is said, everybody would tell of every message. It is less
// than devices wait before they notify of what may have been read on another.
const readPause = 700 * time.Millisecond

// reads are the read markers that the server does not know yet: the newest of
// each room. Client.mu guards it, but for kick.
type reads struct {
	kick    chan struct{}
	now     chan struct{} // readPause is over
	pending map[string]uint64
	flying  wire.Read // on its way now
}

func (r *reads) init() {
	r.kick, r.now = make(chan struct{}, 1), make(chan struct{}, 1)
	r.pending = map[string]uint64{}
}

func (r *reads) hurry() {
	select {
	case r.kick <- struct{}{}:
	default:
	}
}

// finish ends readPause.
func (r *reads) finish() {
	select {
	case r.now <- struct{}{}:
	default:
	}
}

// MarkRead says that one has read up to seq. The server is told in the
// background; the marker only moves forward.
func (c *Client) MarkRead(room string, seq uint64) {
	c.mu.Lock()
	r := c.state.rooms[room]
	if r == nil || seq <= r.read {
		c.mu.Unlock()
		return
	}
	r.readTo(seq)
	c.reads.pending[room] = seq
	c.cache.touch()
	c.mu.Unlock()
	c.reads.hurry()
	c.watch.tell(Change{Kind: ChangeRooms, Room: room})
}

// MarkUnread moves the marker back to before a message, on all of one's
// devices. The error is a *wire.Problem or a network error.
func (c *Client) MarkUnread(ctx context.Context, room string, seq uint64) error {
	c.mu.Lock()
	was := c.reads.pending[room]
	c.reads.drop(room)
	c.mu.Unlock()
	err := c.Do(ctx, wire.CmdUnread, wire.Unread{Room: room, Seq: seq}, nil)
	if err != nil && was > 0 {
		c.putBack(wire.Read{Room: room, Seq: was})
		c.reads.hurry()
	}
	return err
}

// drop forgets what the server was to be told of a room.
func (r *reads) drop(room string) { delete(r.pending, room) }

// runReads tells the server how far one has read.
func (c *Client) runReads(ctx context.Context) {
	var told time.Time
	for fails := 0; ctx.Err() == nil; {
		mark, ok := c.nextRead()
		if !ok {
			select {
			case <-c.reads.kick:
			case <-ctx.Done():
			}
			if rest := readPause - c.clock.Now().Sub(told); rest > 0 {
				sleep(ctx, c.clock, min(rest, readPause), c.reads.now)
			}
			continue
		}
		err := c.Do(ctx, wire.CmdRead, mark, nil)
		if !mayPass(err) {
			fails, told = 0, c.clock.Now()
			continue
		}
		c.putBack(mark)
		fails++
		sleep(ctx, c.clock, max(backoff(fails+1, c.jitter), retryAfter(err)), c.reads.kick)
	}
}

// mayPass tells the errors after which trying again makes sense.
func mayPass(err error) bool {
	switch wire.CodeFrom(err) {
	case "":
		return err != nil // the network's
	case wire.CodeRateLimited, wire.CodeUnavailable:
		return true
	}
	return false
}

func (c *Client) nextRead() (wire.Read, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for room, seq := range c.reads.pending {
		delete(c.reads.pending, room)
		c.reads.flying = wire.Read{Room: room, Seq: seq}
		return c.reads.flying, true
	}
	c.reads.flying = wire.Read{}
	return wire.Read{}, false
}

// unsent are the markers that the server may not know.
func (r *reads) unsent() map[string]uint64 {
	marks := maps.Clone(r.pending)
	if r.flying.Seq > 0 {
		marks[r.flying.Room] = max(marks[r.flying.Room], r.flying.Seq)
	}
	return marks
}

// restoreMarks tells the server what an earlier run could not.
func (c *Client) restoreMarks(marks map[string]uint64) {
	c.mu.Lock()
	c.reads.restore(marks, c.state.rooms)
	c.mu.Unlock()
	c.reads.hurry()
	c.watch.tell(Change{Kind: ChangeRooms})
}

func (r *reads) restore(marks map[string]uint64, rooms map[string]*room) {
	for id, seq := range marks {
		if room := rooms[id]; room != nil && seq <= room.Head {
			room.readTo(seq)
			r.pending[id] = max(r.pending[id], seq)
		}
	}
}

func (c *Client) putBack(mark wire.Read) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.state.rooms[mark.Room]; r != nil && r.read < mark.Seq {
		return // moved back on purpose in the meantime
	}
	c.reads.pending[mark.Room] = max(c.reads.pending[mark.Room], mark.Seq)
}

// Typing tells the others in a room that one is writing. It may be called at
// every key; what is too much, or finds no connection, is dropped.
func (c *Client) Typing(room string) {
	now := c.clock.Now()
	c.mu.Lock()
	drop := !c.state.status.Live || now.Sub(c.typed[room]) < typingEvery
	if !drop {
		c.typed[room] = now
	}
	c.mu.Unlock()
	if drop {
		return
	}
	c.spawn(func(ctx context.Context) {
		ctx, cancel := within(ctx, c.clock, typingEvery, errNoAnswer)
		defer cancel()
		_ = c.Do(ctx, wire.CmdTyping, wire.RoomRef{Room: room}, nil) // it was for this moment only
	})
}
