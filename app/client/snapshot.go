package client

import (
	"context"

	"parley/shared/wire"
)

// start takes over a state before anything was asked: the feed goes on from its
// cursor, and says so itself if it cannot.
func (c *Client) start(s wire.Snapshot) {
	c.takeState(s.Sync)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cursor = s.Sync.Cursor
	for id, list := range s.Messages {
		if r := c.state.rooms[id]; r != nil {
			r.line.start(list, r.Head)
		}
	}
}

// start fills an empty timeline. A stretch that does not end at the head is of
// no use: what comes next would not join on.
func (l *timeline) start(list []wire.Message, head uint64) {
	last := uint64(0)
	if len(list) > 0 {
		last = list[len(list)-1].Seq
	}
	if last != head {
		return
	}
	l.wanted = true
	l.merge(list, head == 0 || list[0].Seq == 1)
}

// resume begins at the cursor of the snapshot, on the rung that is remembered.
func (r *runner) resume(ctx context.Context) {
	c := r.client
	r.cursor = c.cursor
	r.sync.id++
	s := synced{id: r.sync.id, resumed: true}
	ctx, r.sync.cancel = context.WithCancel(ctx)
	r.sync.began = r.now()
	c.spawn(func(context.Context) {
		s.first, s.known = r.remembered(ctx)
		select {
		case r.synced <- s:
		case <-ctx.Done():
		}
	})
}
