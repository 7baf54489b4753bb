package client

import (
	"math"
	"slices"

	"parley/shared/wire"
)

// Timeline is a stretch of a room's newest messages without a hole, ascending,
// and what is on its way.
type Timeline struct {
	Messages []wire.Message
	Outgoing []Outgoing
	AtStart  bool // the first message of the room is there
	Loading  bool
	Stale    bool  // there may be newer ones than Messages: to be loaded
	Err      error // of the last load
}

// first is the seq of the oldest message, 0 when there is none, or they are not
// to be added to.
func (t Timeline) first() uint64 {
	if len(t.Messages) == 0 || t.Stale {
		return 0
	}
	return t.Messages[0].Seq
}

// timeline is what is kept of a room's messages. Client.mu guards it.
type timeline struct {
	wanted   bool                    // somebody looks at it: what the feed brings is kept
	loaded   bool                    // messages reach up to the feed, holes excepted
	messages []wire.Message          // added to, but what is in it is never changed: copies share it
	ahead    map[uint64]wire.Message // from the feed, beyond a hole or before loaded
	atStart  bool
	loads    int // under way
	err      error
	mending  bool // a hole is being filled
	age      int  // rises when everything asked before is out of date
}

// stale asks for a new load; what is there is shown until then.
func (l *timeline) stale() {
	l.loaded, l.ahead, l.mending = false, nil, false
	l.age++
}

// take takes a message from the feed. shown: it has its place on the screen
// now, or nobody keeps the room. hole: messages before it are missing.
func (l *timeline) take(m wire.Message) (shown, hole bool) {
	switch {
	case !l.wanted:
		return true, false
	case !l.loaded:
		l.keep(m)
		return false, false
	case m.Seq == l.last()+1:
		l.messages = append(l.messages, m)
		return true, false
	case m.Seq > l.last():
		l.keep(m)
		return false, true
	}
	return l.replace(m), false
}

// last is the seq of the newest message, 0 when there is none.
func (l *timeline) last() uint64 {
	if len(l.messages) == 0 {
		return 0
	}
	return l.messages[len(l.messages)-1].Seq
}

// keep puts a message aside.
func (l *timeline) keep(m wire.Message) {
	if l.ahead == nil {
		l.ahead = map[uint64]wire.Message{}
	}
	if old, ok := l.ahead[m.Seq]; !ok || old.Rev < m.Rev {
		l.ahead[m.Seq] = m
	}
}

// replace puts a newer revision in its place. It is false for one that is not
// newer, or whose place has not been loaded.
func (l *timeline) replace(m wire.Message) bool {
	at, ok := slices.BinarySearchFunc(l.messages, m.Seq, bySeq)
	if !ok || l.messages[at].Rev >= m.Rev {
		return false
	}
	l.messages = slices.Clone(l.messages) // the old one may be in somebody's copy
	l.messages[at] = m
	return true
}

func bySeq(m wire.Message, seq uint64) int {
	switch {
	case m.Seq < seq:
		return -1
	case m.Seq > seq:
		return 1
	}
	return 0
}

// merge takes a stretch of history, ascending. Where it neither touches nor
// overlaps what is there, the newer of the two stays. short tells that nothing
// comes before it in the room.
func (l *timeline) merge(list []wire.Message, short bool) {
	switch {
	case !l.loaded || len(l.messages) == 0:
		l.messages, l.loaded = slices.Clone(list), true
	case len(list) == 0:
	case list[0].Seq > l.last()+1:
		l.messages = slices.Clone(list)
	case list[len(list)-1].Seq+1 < l.messages[0].Seq:
		return
	default:
		l.join(list)
	}
	l.findStart(list, short)
	l.drain()
}

// findStart notes whether the room's first message is there, after list was merged.
func (l *timeline) findStart(list []wire.Message, short bool) {
	switch {
	case len(list) == 0:
		l.atStart = l.atStart || short
	case list[0].Seq == l.messages[0].Seq:
		l.atStart = short || list[0].Seq == 1
	}
}

// join merges a stretch that touches or overlaps.
func (l *timeline) join(list []wire.Message) {
	first, last := l.messages[0].Seq, l.last()
	var before, after []wire.Message
	for _, m := range list {
		switch {
		case m.Seq < first:
			before = append(before, m)
		case m.Seq > last:
			after = append(after, m)
		default:
			l.replace(m)
		}
	}
	l.messages = slices.Concat(before, l.messages, after)
}

// drain takes up what was put aside, as far as it fits.
func (l *timeline) drain() {
	for seq, m := range l.ahead {
		if seq <= l.last() {
			l.replace(m)
			delete(l.ahead, seq)
		}
	}
	for {
		m, ok := l.ahead[l.last()+1]
		if !ok {
			return
		}
		delete(l.ahead, m.Seq)
		l.messages = append(l.messages, m)
	}
}

// Timeline is what is there of a room's messages. The messages in it are not to
// be changed.
func (c *Client) Timeline(room string) Timeline {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := Timeline{Outgoing: c.outbox.of(room)}
	if r := c.state.rooms[room]; r != nil {
		t.Messages = slices.Clip(r.line.messages) // shared: what is in it never changes
		t.Stale = !r.line.loaded && len(t.Messages) > 0
		t.AtStart, t.Loading, t.Err = r.line.atStart, r.line.loads > 0, r.line.err
	}
	return t
}

// skip joins what was put aside over a hole that the server's history has too.
func (l *timeline) skip() {
	for len(l.ahead) > 0 {
		seq := uint64(math.MaxUint64)
		for s := range l.ahead {
			seq = min(seq, s)
		}
		l.messages = append(l.messages, l.ahead[seq])
		delete(l.ahead, seq)
	}
}
