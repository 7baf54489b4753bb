package client

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/shared/wire"
)

// lobby is the room that everybody is in.
const lobby = "lobby"

// RoomState is a room as the list shows it.
type RoomState struct {
	wire.Room
	Read     uint64 // how far one has read
	Unread   uint64
	Mentions []uint64         // those of the unread that mention one, ascending; the newest 100
	Notify   wire.NotifyLevel // what one is told of
	Chosen   wire.NotifyLevel // for this room; empty: the default counts
	Muted    bool
	Typing   []string // user ids, ascending, oneself left out
}

// room is what is known of a room that one is in. Client.mu guards it.
type room struct {
	wire.Room // Head moves with the feed alone
	read      uint64
	mentions  []uint64             // unread messages that mention one, ascending
	notify    wire.Notify          // what one has chosen; zero: nothing
	quotes    map[uint64]*quote    // messages that others reply to, as far as they are not in line
	typing    map[string]time.Time // user to when it fades
	line      timeline

	listed bool          // Members is right; else it is being asked for,
	moves  []wire.Member // and this is who came and went since the room is known
}

func newRoom(w wire.Room) *room {
	return &room{Room: w, typing: map[string]time.Time{}}
}

// message applies a message event.
func (s *state) message(m wire.Message, e *effects) {
	r := s.rooms[m.Room]
	if r == nil {
		e.bugs = append(e.bugs, fmt.Sprintf("message %d of room %s, which we are not in", m.Seq, m.Room))
		return
	}
	if m.Rev == 0 {
		if m.Seq <= r.Head {
			e.bugs = append(e.bugs, fmt.Sprintf("message %d of room %s came again after %d", m.Seq, m.Room, r.Head))
			return
		}
		if m.Seq > r.Head+1 {
			e.bugs = append(e.bugs, fmt.Sprintf("messages %d to %d of room %s are missing", r.Head+1, m.Seq-1, m.Room))
		}
		r.Head = m.Seq
		if m.Author == s.me.ID {
			r.readTo(m.Seq) // nobody says something unread
		}
		e.tell(ChangeRooms, m.Room)
	}
	if r.mention(m, s.me.ID) {
		e.tell(ChangeRooms, m.Room)
	}
	if r.requote(m) {
		e.tell(ChangeTimeline, m.Room)
	}
	if _, ok := r.typing[m.Author]; ok && m.Rev == 0 {
		delete(r.typing, m.Author)
	}
	shown, hole := r.line.take(m)
	if shown {
		e.changes = append(e.changes, Change{Kind: ChangeMessage, Room: m.Room, Message: &m})
	}
	if hole {
		e.mend = append(e.mend, m.Room)
	}
}

// room applies a room event: a room that one has entered, or that has changed.
// The head of a known one moves with its messages only, else they would seem
// to be repeated.
func (s *state) room(w wire.Room, e *effects) {
	e.tell(ChangeRooms, w.ID)
	if r := s.rooms[w.ID]; r != nil {
		w.Head, w.Members = r.Head, r.Members
		r.Room = w
		return
	}
	r := newRoom(w)
	r.listed = len(w.Members) > 0
	s.rooms[w.ID] = r
	e.members = e.members || !r.listed
}

// member applies somebody's entering or leaving a room.
func (s *state) member(m wire.Member, e *effects) {
	r := s.rooms[m.Room]
	if r == nil {
		return // left by oneself, and told by a room one is not in any more
	}
	e.tell(ChangeRooms, m.Room)
	if m.Left && m.User == s.me.ID {
		delete(s.rooms, m.Room)
		return
	}
	if !r.listed {
		r.moves = append(r.moves, m)
		return
	}
	r.move(m)
}

// move keeps Members ascending.
func (r *room) move(m wire.Member) {
	at, there := slices.BinarySearch(r.Members, m.User)
	members := slices.Clone(r.Members) // the old one may be in somebody's copy
	switch {
	case m.Left && there:
		r.Members = slices.Delete(members, at, at+1)
	case !m.Left && !there:
		r.Members = slices.Insert(members, at, m.User)
	}
	if m.Left {
		delete(r.typing, m.User)
	}
}

// listMembers takes members from a state that is newer than the room's first
// event. Applying all moves since then again gives the present: of each user
// the last one counts.
func (r *room) listMembers(members []string) {
	r.Members, r.listed = members, true
	for _, m := range r.moves {
		r.move(m)
	}
	r.moves = nil
}

// markRead applies one's own reading, here or on another device.
func (s *state) markRead(m wire.Read, e *effects) {
	switch r := s.rooms[m.Room]; {
	case r == nil:
		return
	case m.Back:
		r.read, r.mentions = m.Seq, slices.Clone(m.Mentions)
	case !r.readTo(m.Seq):
		return
	}
	e.tell(ChangeRooms, m.Room)
}

// readTo moves the marker forward. It tells whether it moved.
func (r *room) readTo(seq uint64) bool {
	if seq <= r.read {
		return false
	}
	r.read = seq
	n := 0
	for n < len(r.mentions) && r.mentions[n] <= seq {
		n++
	}
	r.mentions = r.mentions[n:]
	return true
}

// mention keeps the list of mentions in step with a message that is new or has
// changed. It tells whether the list has.
func (r *room) mention(m wire.Message, me string) bool {
	at, there := slices.BinarySearch(r.mentions, m.Seq)
	is := m.Author != me && m.Seq > r.read && (m.MentionsAll || slices.Contains(m.Mentions, me))
	switch {
	case is == there:
		return false
	case is:
		list := slices.Insert(slices.Clone(r.mentions), at, m.Seq)
		r.mentions = list[max(0, len(list)-wire.MaxUnreadMentions):]
	default:
		r.mentions = slices.Delete(slices.Clone(r.mentions), at, at+1)
	}
	return true
}

// setNotify applies what one has chosen, here or on another device.
func (s *state) setNotify(n wire.Notify, e *effects) {
	if n.Room == "" {
		s.usual = n.Level
		e.tell(ChangeRooms, "")
	}
	if r := s.rooms[n.Room]; r != nil {
		r.notify = n
		e.tell(ChangeRooms, n.Room)
	}
}

// view is the room for somebody with that default of what to be told of.
func (r *room) view(usual wire.NotifyLevel) RoomState {
	v := RoomState{Room: r.Room, Read: r.read, Mentions: slices.Clone(r.mentions), Notify: r.notify.Level, Chosen: r.notify.Level, Muted: r.notify.Muted}
	v.Members = slices.Clone(r.Members)
	if v.Notify == "" {
		v.Notify = cmp.Or(usual, wire.NotifyMentions)
		if v.Notify == wire.NotifyMentions && r.Kind == wire.KindDirect {
			v.Notify = wire.NotifyAll
		}
	}
	if r.Head > v.Read {
		v.Unread = r.Head - v.Read
	}
	for user := range r.typing {
		v.Typing = append(v.Typing, user)
	}
	slices.Sort(v.Typing)
	return v
}

// Rooms are the rooms one is in: the lobby first, then by name.
func (c *Client) Rooms() []RoomState {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]RoomState, 0, len(c.state.rooms))
	for _, r := range c.state.rooms {
		list = append(list, r.view(c.state.usual))
	}
	slices.SortFunc(list, func(a, b RoomState) int {
		if (a.ID == lobby) != (b.ID == lobby) {
			if a.ID == lobby {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return list
}

// Room is one of the rooms one is in.
func (c *Client) Room(id string) (RoomState, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.state.rooms[id]
	if r == nil {
		return RoomState{}, false
	}
	return r.view(c.state.usual), true
}

// Notify is what one wants to be told of in rooms for which one has chosen nothing.
func (c *Client) Notify() wire.NotifyLevel {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cmp.Or(c.state.usual, wire.NotifyMentions)
}
