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
	c.resumes = true
	for id, list := range s.Messages {
		if r := c.state.rooms[id]; r != nil {
			r.line.start(list, r.Head)
			r.quote(s.Quoted[id])
		}
	}
}

// startCached is start with a state that this browser has kept.
func (c *Client) startCached(k *Cached) {
	c.start(k.snapshot)
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, list := range k.stale {
		if r := c.state.rooms[id]; r != nil {
			r.line.show(list)
			r.quote(k.snapshot.Quoted[id])
		}
	}
	c.reads.restore(k.marks, c.state.rooms)
	c.cache.whole, c.cache.written, c.cache.kept = false, k.state, k.kept
}

// start fills an empty timeline. A stretch that does not end at the head is for
// the screen only: what comes next would not join on.
func (l *timeline) start(list []wire.Message, head uint64) {
	if list = upTo(list, head); !reaches(list, head) {
		l.show(list)
		return
	}
	l.wanted = true
	l.merge(list, head == 0 || list[0].Seq == 1)
}

// show gives an empty timeline something for the screen until it is loaded.
func (l *timeline) show(list []wire.Message) {
	if !l.loaded && len(l.messages) == 0 && len(list) > 0 {
		l.messages, l.atStart = list, list[0].Seq == 1
	}
}

// resume begins at the cursor of the snapshot, on the rung that is remembered.
func (r *runner) resume(ctx context.Context) {
	c := r.client
	c.mu.Lock()
	r.cursor = c.state.cursor
	c.mu.Unlock()
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
