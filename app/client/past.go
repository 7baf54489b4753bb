package client

import (
	"context"
	"fmt"
	"slices"

	"parley/shared/wire"
)

// How much of a room is kept, in messages: a room may have a million, and a page
// stays open for weeks. What is cut off is loaded again when somebody comes back.
const (
	keptMost   = 1000 // of a stretch: beyond this it is cut
	keptAround = 200  // on each side of what is looked at, when it is
	keptLive   = 200  // of the newest, when nobody looks at them
)

// past is a stretch of a room's history without a hole, ascending, that does not
// reach up to the newest messages: what somebody looks at who has gone far back.
// Client.mu guards it.
type past struct {
	messages []wire.Message // what is in it is never changed: copies share it
	atStart  bool
	older    way
	newer    way
}

// way is how the loading in one direction stands.
type way struct {
	loads int // under way
	err   error
}

// sight is what somebody looks at, by seq; zero when nobody does.
type sight struct {
	first, last uint64
	told        bool // by Look; else it is what was loaded last
}

// Look says which of a room's messages are on the screen, the first and the last
// of them; 0 and 0 when the room is on none any more. They are kept, with some on
// both sides, and the newest.
func (c *Client) Look(room string, first, last uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.state.rooms[room]
	if r == nil {
		return
	}
	l := &r.line
	l.look = sight{first, last, last != 0}
	if last == 0 {
		l.past = nil
		if l.loaded && len(l.messages) > keptLive {
			l.cutFront(len(l.messages) - keptLive)
		}
		return
	}
	l.trim()
}

// LoadAround makes the timeline a stretch with this message in it. Those that
// come are then counted only; [Client.ToNewest] leads back to them.
func (c *Client) LoadAround(ctx context.Context, room string, seq uint64) error {
	c.mu.Lock()
	r := c.state.rooms[room]
	there := r != nil && r.line.turnTo(seq)
	c.mu.Unlock()
	switch {
	case r == nil:
		return wire.Errorf(wire.CodeNotFound, "There is no such room.")
	case there:
		return nil
	}
	var answer wire.MessageList
	if err := c.Get(ctx, fmt.Sprintf("/rooms/%s/messages?around=%d&limit=%d", room, seq, page), &answer); err != nil {
		return err
	}
	if !holds(answer.Messages, seq) {
		return wire.Errorf(wire.CodeNotFound, "There is no such message.")
	}
	c.mu.Lock()
	l := &r.line
	l.past = &past{messages: answer.Messages, atStart: answer.Messages[0].Seq == 1}
	l.look = sight{seq, seq, true}
	r.quote(answer.Quoted)
	l.join()
	c.mu.Unlock()
	c.watch.tell(Change{Kind: ChangeTimeline, Room: room})
	return nil
}

// ToNewest makes the timeline the newest messages again. They are there already.
func (c *Client) ToNewest(room string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.state.rooms[room]; r != nil {
		r.line.past = nil
		r.line.look = sight{r.line.last(), r.line.last(), true}
	}
}

// LoadNewer adds up to 50 messages to a timeline that does not reach the newest.
func (c *Client) LoadNewer(ctx context.Context, room string) error {
	return c.loadPast(ctx, room, false)
}

// loadPast adds a page to a stretch of history, on either side.
func (c *Client) loadPast(ctx context.Context, room string, older bool) error {
	c.mu.Lock()
	r := c.state.rooms[room]
	if r == nil || r.line.past == nil || older && r.line.past.atStart {
		c.mu.Unlock()
		return nil
	}
	p := r.line.past
	w, query := &p.newer, fmt.Sprintf("after=%d", p.messages[len(p.messages)-1].Seq)
	if older {
		w, query = &p.older, fmt.Sprintf("before=%d", p.messages[0].Seq)
	}
	w.loads++
	c.mu.Unlock()
	c.watch.tell(Change{Kind: ChangeTimeline, Room: room})
	var answer wire.MessageList
	err := c.Get(ctx, fmt.Sprintf("/rooms/%s/messages?%s&limit=%d", room, query, page), &answer)
	c.mu.Lock()
	w.loads--
	w.err = err
	if err == nil && r.line.past == p {
		p.add(answer.Messages, older)
		r.line.look.loaded(answer.Messages)
		r.quote(answer.Quoted)
		r.line.join()
	}
	c.mu.Unlock()
	c.watch.tell(Change{Kind: ChangeTimeline, Room: room})
	return err
}

// add takes a page that touches or overlaps.
func (p *past) add(list []wire.Message, older bool) {
	if older {
		p.atStart = len(list) < page || list[0].Seq == 1
	}
	if len(list) == 0 {
		return
	}
	first, last := p.messages[0].Seq, p.messages[len(p.messages)-1].Seq
	var before, after []wire.Message
	for _, m := range list {
		switch {
		case m.Seq < first:
			before = append(before, m)
		case m.Seq > last:
			after = append(after, m)
		default:
			p.replace(m)
		}
	}
	p.messages = slices.Concat(before, p.messages, after)
}

// replace puts a newer revision in its place, if the place is there.
func (p *past) replace(m wire.Message) bool {
	list, ok := replaceIn(p.messages, m)
	p.messages = list
	return ok
}

// replaceIn gives the list with a newer revision in its place. It is false for
// one that is not newer, or whose place is not there.
func replaceIn(list []wire.Message, m wire.Message) ([]wire.Message, bool) {
	at, ok := slices.BinarySearchFunc(list, m.Seq, bySeq)
	if !ok || list[at].Rev >= m.Rev {
		return list, false
	}
	list = slices.Clone(list) // the old one may be in somebody's copy
	list[at] = m
	return list, true
}

func holds(list []wire.Message, seq uint64) bool {
	_, ok := slices.BinarySearchFunc(list, seq, bySeq)
	return ok
}

// turnTo makes the stretch that holds a message the one that is looked at.
func (l *timeline) turnTo(seq uint64) bool {
	switch {
	case l.past != nil && holds(l.past.messages, seq):
	case holds(l.messages, seq):
		l.past = nil
	default:
		return false
	}
	l.look = sight{seq, seq, true}
	return true
}

// join makes one of the two stretches when they touch, and keeps either short.
func (l *timeline) join() {
	if p := l.past; p != nil && l.loaded && len(l.messages) > 0 && p.messages[len(p.messages)-1].Seq+1 >= l.messages[0].Seq {
		for _, m := range p.messages {
			l.replace(m)
		}
		n, _ := slices.BinarySearchFunc(p.messages, l.messages[0].Seq, bySeq)
		if n > 0 {
			l.messages = slices.Concat(p.messages[:n], l.messages)
			l.atStart = p.atStart
		}
		l.past = nil
	}
	l.trim()
}

// trim cuts off what is far from what is looked at.
func (l *timeline) trim() {
	if p := l.past; p != nil && len(p.messages) > keptMost {
		from, to := l.look.in(p.messages)
		p.atStart = p.atStart && from == 0
		p.messages = slices.Clone(p.messages[from:to])
	}
	n := len(l.messages)
	if n <= keptMost {
		return
	}
	from, to := l.look.in(l.messages)
	switch {
	case l.past != nil || l.look.last == 0:
		from = n - keptLive
	case n-from > keptMost:
		l.past = &past{messages: slices.Clone(l.messages[from:to]), atStart: l.atStart && from == 0}
		from = n - keptLive
	}
	l.cutFront(from)
}

// cutFront forgets the oldest of the newest messages.
func (l *timeline) cutFront(n int) {
	if n > 0 {
		l.messages, l.atStart = slices.Clone(l.messages[n:]), false
	}
}

// loaded takes what was asked for as what is looked at, where nobody says.
func (s *sight) loaded(list []wire.Message) {
	if !s.told && len(list) > 0 {
		s.first, s.last = list[0].Seq, list[len(list)-1].Seq
	}
}

// follow lets the newest be what is looked at, where nobody says.
func (s *sight) follow() {
	if !s.told {
		*s = sight{}
	}
}

// in gives the part of a stretch that is worth keeping.
func (s sight) in(list []wire.Message) (from, to int) {
	from, _ = slices.BinarySearchFunc(list, s.first, bySeq)
	to, _ = slices.BinarySearchFunc(list, s.last+1, bySeq)
	from, to = max(0, from-keptAround), min(len(list), to+keptAround)
	from = max(from, to-keptMost) // whatever is looked at
	return from, to
}

// detach lets what is looked at stand for itself when the newest are going to be
// loaded again, and it is not of them.
func (l *timeline) detach() {
	if l.past != nil || !l.look.told || l.look.last+page > l.last() {
		return
	}
	from, _ := slices.BinarySearchFunc(l.messages, l.look.first, bySeq)
	to, _ := slices.BinarySearchFunc(l.messages, l.look.last+1, bySeq)
	if from < to {
		l.past = &past{messages: slices.Clone(l.messages[from:to]), atStart: l.atStart && from == 0}
	}
}

// refresh reads a stretch of history again after a sync: what has changed in it
// in the meantime was not told.
func (c *Client) refresh(ctx context.Context, id string) {
	c.mu.Lock()
	r := c.state.rooms[id]
	var p *past
	var after, last uint64
	if r != nil && r.line.past != nil {
		p = r.line.past
		after, last = p.messages[0].Seq-1, p.messages[len(p.messages)-1].Seq
	}
	c.mu.Unlock()
	for fails := 0; p != nil && after < last; {
		var answer wire.MessageList
		err := c.Get(ctx, fmt.Sprintf("/rooms/%s/messages?after=%d&limit=%d", id, after, wire.MaxHistory), &answer)
		switch {
		case err == nil:
			fails = 0
			after = c.refreshed(r, p, answer.Messages)
		case !mayPass(err):
			return
		default:
			fails++
			if !sleep(ctx, c.clock, backoff(fails+1, c.jitter), nil) {
				return
			}
		}
	}
}

// refreshed takes what was read again. It gives the seq after which more is to
// be read; none when nothing is.
func (c *Client) refreshed(r *room, p *past, list []wire.Message) (after uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(list) == 0 || r.line.past != p && r.line.past != nil {
		return 1<<64 - 1
	}
	for _, m := range list {
		if r.line.past == nil {
			r.line.replace(m) // they have been joined in the meantime
		} else {
			p.replace(m)
		}
	}
	r.line.join()
	c.watch.tell(Change{Kind: ChangeTimeline, Room: r.ID})
	return list[len(list)-1].Seq
}
