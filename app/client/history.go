package client

import (
	"context"
	"fmt"

	"parley/shared/wire"
)

// page is how many messages a load brings: two screens.
const page = wire.DefaultHistory

// LoadNewest makes the room's timeline there: the newest 50 messages, and from
// then on what the feed brings. The error is a *wire.Problem or a network error,
// and is in the Timeline too.
func (c *Client) LoadNewest(ctx context.Context, room string) error {
	return c.load(ctx, room, fmt.Sprintf("limit=%d", page))
}

// LoadOlder adds up to 50 messages in front. Without a timeline it is LoadNewest.
func (c *Client) LoadOlder(ctx context.Context, room string) error {
	c.mu.Lock()
	r := c.state.rooms[room]
	back := r != nil && r.line.past != nil
	loaded := r != nil && r.line.loaded
	done := loaded && r.line.atStart
	var first uint64
	if loaded && len(r.line.messages) > 0 {
		first = r.line.messages[0].Seq
	}
	c.mu.Unlock()
	switch {
	case back:
		return c.loadPast(ctx, room, true)
	case done:
		return nil
	case first == 0:
		return c.LoadNewest(ctx, room)
	}
	return c.load(ctx, room, fmt.Sprintf("before=%d&limit=%d", first, page))
}

// load asks for up to a page of messages that end where query says, and merges
// them into the timeline.
func (c *Client) load(ctx context.Context, id, query string) error {
	r, age := c.beginLoad(id)
	if r == nil {
		return wire.Errorf(wire.CodeNotFound, "There is no such room.")
	}
	var answer wire.MessageList
	err := c.Get(ctx, "/rooms/"+id+"/messages?"+query, &answer)
	if mayPass(err) {
		c.recall(ctx, id)
	}
	var e effects
	c.mu.Lock()
	l := &r.line
	l.loads--
	switch {
	case l.age != age: // the reload after a sync sees to it
	case err == nil:
		l.err = nil
		if n := len(answer.Messages); n > 0 && answer.Messages[n-1].Seq < l.last() {
			l.look.loaded(answer.Messages)
		}
		l.merge(answer.Messages, len(answer.Messages) < page)
		r.quote(answer.Quoted)
		c.cache.noteLine(id)
		c.outbox.settleAll(answer.Messages, c.state.me.ID, &e)
	default:
		l.err = err
		l.wanted = l.loaded || l.loads > 0
	}
	e.tell(ChangeTimeline, id)
	c.mu.Unlock()
	c.follow(e)
	return err
}

// beginLoad makes the timeline keep what the feed brings before anything is
// asked, so that nothing falls in between.
func (c *Client) beginLoad(id string) (r *room, age int) {
	c.mu.Lock()
	r = c.state.rooms[id]
	if r != nil {
		r.line.wanted = true
		r.line.loads++
		age = r.line.age
	}
	c.mu.Unlock()
	if r != nil {
		c.watch.tell(Change{Kind: ChangeTimeline, Room: id})
	}
	return r, age
}

// reload loads a timeline anew after a sync, until it succeeds, another load
// has, or the room may not be read any more.
func (c *Client) reload(ctx context.Context, id string) {
	defer c.refresh(ctx, id)
	for fails := 1; ; fails++ {
		if !mayPass(c.LoadNewest(ctx, id)) || !c.isStale(id) {
			return
		}
		if !sleep(ctx, c.clock, backoff(fails+1, c.jitter), nil) {
			return
		}
	}
}

// isStale tells whether the room's timeline still waits for a load.
func (c *Client) isStale(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.state.rooms[id]
	if r == nil || r.line.loaded {
		return false
	}
	r.line.wanted = true
	return true
}

// mend fills the hole after a timeline's last message from history.
func (c *Client) mend(ctx context.Context, id string) {
	r, after, age := c.beginMend(id)
	for fails := 0; r != nil; {
		var answer wire.MessageList
		err := c.Get(ctx, fmt.Sprintf("/rooms/%s/messages?after=%d&limit=%d", id, after, wire.MaxHistory), &answer)
		if err == nil {
			if after = c.mended(r, age, answer.Messages); after == 0 {
				return
			}
			fails = 0
		} else if fails++; !mayPass(err) {
			return // it may not be read any more
		}
		if !sleep(ctx, c.clock, backoff(fails, c.jitter), nil) {
			return
		}
	}
}

func (c *Client) beginMend(id string) (r *room, after uint64, age int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r = c.state.rooms[id]
	if r == nil || r.line.mending || !r.line.loaded {
		return nil, 0, 0
	}
	r.line.mending = true
	return r, r.line.last(), r.line.age
}

// mended merges what filled a hole. It gives the seq after which more is
// missing, 0 when nothing is.
func (c *Client) mended(r *room, age int, list []wire.Message) (after uint64) {
	var e effects
	c.mu.Lock()
	defer func() {
		c.mu.Unlock()
		c.follow(e)
	}()
	l := &r.line
	if l.age != age {
		return 0
	}
	e.tell(ChangeTimeline, r.ID)
	if len(list) > 0 && list[0].Seq > l.last()+1 {
		e.bugs = append(e.bugs, fmt.Sprintf("the history of room %s has no messages %d to %d", r.ID, l.last()+1, list[0].Seq-1))
	}
	l.merge(list, false)
	c.cache.noteLine(r.ID)
	c.outbox.settleAll(list, c.state.me.ID, &e)
	if len(l.ahead) > 0 && len(list) > 0 {
		return l.last()
	}
	l.mending = false
	if len(l.ahead) > 0 {
		l.skip()
	}
	return 0
}
