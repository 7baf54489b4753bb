package client

import (
	"math"
	"slices"

	"parley/shared/wire"
)

// Timeline is a stretch of a room's messages without a hole, ascending, and what
// is on its way. It is the newest ones, or, after [Client.LoadAround] or when
// somebody has gone far back, those around what is looked at.
type Timeline struct {
	Messages []wire.Message
	Outgoing []Outgoing
	AtStart  bool // the first message of the room is there
	AtEnd    bool // it is the newest ones
	Loading  bool
	Stale    bool   // there may be newer ones than Messages: to be loaded
	Err      error  // of the last load
	Head     uint64 // of the newest message that has come, in Messages or not

	LoadingNewer bool  // of a stretch that is not the newest ones
	ErrNewer     error // of the last such load
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
	look     sight
	past     *past // what is looked at, when it is not of messages; else nil
}

// stale asks for a new load; what is there is shown until then.
func (l *timeline) stale() {
	l.loaded, l.ahead, l.mending = false, nil, false
	l.age++
	l.detach()
}

// take takes a message from the feed. shown: it has its place on the screen
// now, or nobody keeps the room. hole: messages before it are missing.
func (l *timeline) take(m wire.Message) (shown, hole bool) {
	if l.past != nil && l.past.replace(m) {
		shown = true
	}
	switch {
	case !l.wanted:
		return true, false
	case !l.loaded:
		l.keep(m)
		return shown, false
	case m.Seq == l.last()+1:
		l.messages = append(l.messages, m)
		l.look.follow()
		l.trim()
		return true, false
	case m.Seq > l.last():
		l.keep(m)
		return false, true
	}
	return l.replace(m) || shown, false
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
func (l *timeline) replace(m wire.Message) (ok bool) {
	l.messages, ok = replaceIn(l.messages, m)
	return ok
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
		l.extend(list)
	}
	l.findStart(list, short)
	l.drain()
	l.join()
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

// extend merges a stretch that touches or overlaps.
func (l *timeline) extend(list []wire.Message) {
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
		r.line.tell(&t)
	}
	return t
}

// tell fills in what is looked at. Messages are shared: what is in them never
// changes.
func (l *timeline) tell(t *Timeline) {
	t.Head = l.last()
	if p := l.past; p != nil {
		t.Messages = slices.Clip(p.messages)
		t.AtStart, t.Loading, t.Err = p.atStart, p.older.loads > 0, p.older.err
		t.LoadingNewer, t.ErrNewer = p.newer.loads > 0, p.newer.err
		return
	}
	t.Messages = slices.Clip(l.messages)
	t.Stale, t.AtEnd = !l.loaded && len(t.Messages) > 0, true
	t.AtStart, t.Loading, t.Err = l.atStart, l.loads > 0, l.err
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
