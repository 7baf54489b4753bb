package client

import (
	"context"
	"fmt"
	"slices"

	"parley/shared/wire"
)

// quote is a message that others reply to. Without a seq it is being asked for.
type quote struct{ wire.Quote }

// quote takes the messages that came with a page of history.
func (r *room) quote(list []wire.Quote) {
	if r.quotes == nil {
		r.quotes = map[uint64]*quote{}
	}
	for _, q := range list {
		r.quotes[q.Seq] = &quote{q}
	}
}

// quoteOld takes messages as they were when they were kept, where nothing newer is
// known.
func (r *room) quoteOld(list []wire.Quote) {
	for _, q := range list {
		if _, known := r.quoted(q.Seq); !known {
			r.quote([]wire.Quote{q})
		}
	}
}

// quoted is a message that is held, as a reply to it shows it.
func (r *room) quoted(seq uint64) (wire.Quote, bool) {
	if at, ok := slices.BinarySearchFunc(r.line.messages, seq, bySeq); ok {
		return r.line.messages[at].Quote(), true
	}
	if p := r.line.past; p != nil {
		if at, ok := slices.BinarySearchFunc(p.messages, seq, bySeq); ok {
			return p.messages[at].Quote(), true
		}
	}
	if q := r.quotes[seq]; q != nil && q.Seq != 0 {
		return q.Quote, true
	}
	return wire.Quote{}, false
}

// requote keeps a quoted message as it is now. It tells whether that shows.
func (r *room) requote(m wire.Message) bool {
	q := r.quotes[m.Seq]
	if q == nil || q.Quote == m.Quote() {
		return false
	}
	q.Quote = m.Quote()
	return true
}

// Quote is a message as a reply to it shows it. One that is not known is asked
// for, once; it is there when ChangeTimeline tells so. It is false until then,
// and when there is no such message.
func (c *Client) Quote(room string, seq uint64) (wire.Quote, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.state.rooms[room]
	if r == nil || seq == 0 {
		return wire.Quote{}, false
	}
	if q, ok := r.quoted(seq); ok || r.quotes[seq] != nil {
		return q, ok
	}
	r.quote(nil)
	r.quotes[seq] = &quote{}
	if c.running {
		ctx := c.ctx
		c.work.Go(func() { c.askQuote(ctx, room, seq) })
	}
	return wire.Quote{}, false
}

// askQuote asks for a message, until the network brings it or the server has
// refused.
func (c *Client) askQuote(ctx context.Context, room string, seq uint64) {
	for fails := 1; ; fails++ {
		var answer wire.MessageList
		err := c.Get(ctx, fmt.Sprintf("/rooms/%s/messages?around=%d&limit=1", room, seq), &answer)
		if err == nil && len(answer.Messages) == 1 {
			c.takeQuote(room, seq, answer.Messages[0])
			return
		}
		if !mayPass(err) || !sleep(ctx, c.clock, backoff(fails+1, c.jitter), nil) {
			return
		}
	}
}

// takeQuote takes the answer, unless the feed has brought a newer one.
func (c *Client) takeQuote(room string, seq uint64, m wire.Message) {
	c.mu.Lock()
	r := c.state.rooms[room]
	if r != nil && m.Seq == seq {
		if q := r.quotes[seq]; q != nil && q.Seq == 0 {
			q.Quote = m.Quote()
			c.cache.noteLine(room)
		}
	}
	c.mu.Unlock()
	c.watch.tell(Change{Kind: ChangeTimeline, Room: room})
}
