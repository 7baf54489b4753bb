package journal

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// replica is what a client makes of a sync and the events after it. "A client
// needs nothing else": at any later cursor it must be what sync says there.
type replica struct {
	user   wire.User
	offset uint64
	users  map[string]wire.User
	rooms  map[string]wire.Room // Members nil where they were never told
	reads  map[string]uint64

	mentions map[string][]uint64
	notify   map[string]wire.Notify
	messages map[string]wire.Message // those an event has told of, by room and seq
	crossed  bool                    // became a guest, or ended being one: sync again
}

func newReplica(t *testing.T, s wire.Sync) *replica {
	t.Helper()
	_, offset, err := store.ParseCursor(s.Cursor)
	if err != nil {
		t.Fatal(err)
	}
	c := &replica{user: s.Me, offset: offset, users: map[string]wire.User{}, rooms: map[string]wire.Room{}, reads: s.Reads}
	c.mentions, c.notify, c.messages = map[string][]uint64{}, map[string]wire.Notify{}, map[string]wire.Message{}
	for room, seqs := range s.Mentions {
		c.mentions[room] = slices.Clone(seqs)
	}
	for _, n := range s.Notify {
		c.notify[n.Room] = n
	}
	for _, u := range s.Users {
		c.users[u.ID] = u
	}
	for _, r := range s.Rooms {
		c.rooms[r.ID] = r
	}
	return c
}

// follow applies what the user sees of the log after the replica's offset.
func (c *replica) follow(t *testing.T, log []store.Event, spans map[string][]store.Span) {
	t.Helper()
	for _, e := range log {
		if e.Offset <= c.offset || !c.sees(e, spans) {
			continue
		}
		var event wire.Event
		if err := json.Unmarshal(e.Data, &event); err != nil {
			t.Fatal(err)
		}
		c.apply(event)
		c.offset = e.Offset
	}
}

func (c *replica) sees(e store.Event, spans map[string][]store.Span) bool {
	switch e.Audience.Kind {
	case store.AudienceUser:
		return e.Audience.ID == c.user.ID
	case store.AudienceMembers:
		e.Audience.ID = store.Everybody
	}
	return slices.ContainsFunc(spans[e.Audience.ID], func(s store.Span) bool {
		return s.From <= e.Offset && (s.To == 0 || e.Offset <= s.To)
	})
}

func (c *replica) apply(e wire.Event) {
	switch {
	case e.Message != nil:
		c.message(*e.Message)
	case e.Room != nil:
		r := *e.Room
		r.Members = c.rooms[r.ID].Members
		c.rooms[r.ID] = r
	case e.User != nil:
		c.crossed = c.crossed || e.User.ID == c.user.ID && (e.User.Role == wire.RoleGuest) != (c.user.Role == wire.RoleGuest)
		c.users[e.User.ID] = *e.User
	case e.Read != nil:
		c.reads[e.Read.Room] = e.Read.Seq
		if e.Read.Back {
			c.mentions[e.Read.Room] = slices.Clone(e.Read.Mentions)
		}
		c.dropRead(e.Read.Room)
	case e.Notify != nil:
		c.notify[e.Notify.Room] = *e.Notify
	case e.Member != nil:
		c.member(*e.Member)
	}
}

func (c *replica) message(m wire.Message) {
	r := c.rooms[m.Room]
	r.Head = max(r.Head, m.Seq)
	c.rooms[m.Room] = r
	key := fmt.Sprint(m.Room, " ", m.Seq)
	if old, ok := c.messages[key]; !ok || old.Rev < m.Rev {
		c.messages[key] = m
	}
	if m.Author == c.user.ID {
		if m.Rev == 0 {
			c.reads[m.Room] = m.Seq
			c.dropRead(m.Room)
		}
		return
	}
	at, there := slices.BinarySearch(c.mentions[m.Room], m.Seq)
	switch mentions := m.MentionsAll || slices.Contains(m.Mentions, c.user.ID); {
	case mentions && !there && m.Seq > c.reads[m.Room]:
		c.mentions[m.Room] = slices.Insert(c.mentions[m.Room], at, m.Seq)
	case !mentions && there:
		c.mentions[m.Room] = slices.Delete(c.mentions[m.Room], at, at+1)
	}
}

// dropRead takes out the mentions that have been read.
func (c *replica) dropRead(room string) {
	c.mentions[room] = slices.DeleteFunc(c.mentions[room], func(seq uint64) bool { return seq <= c.reads[room] })
}

func (c *replica) member(m wire.Member) {
	if m.Left && m.User == c.user.ID {
		delete(c.rooms, m.Room)
		delete(c.mentions, m.Room)
		delete(c.notify, m.Room)
		for key, msg := range c.messages {
			if msg.Room == m.Room {
				delete(c.messages, key)
			}
		}
		return
	}
	r := c.rooms[m.Room]
	at, there := slices.BinarySearch(r.Members, m.User)
	switch {
	case r.Members == nil:
	case m.Left && there:
		r.Members = slices.Delete(slices.Clone(r.Members), at, at+1)
	case !m.Left && !there:
		r.Members = slices.Insert(slices.Clone(r.Members), at, m.User)
	}
	c.rooms[m.Room] = r
}

// want compares the replica with a sync. It may know more users than that: who
// was seen once is not forgotten. Markers of rooms left behind do not count.
func (c *replica) want(t *testing.T, s wire.Sync) {
	t.Helper()
	if len(c.rooms) != len(s.Rooms) {
		t.Fatalf("%s follows to %d rooms, sync has %d", c.user.ID, len(c.rooms), len(s.Rooms))
	}
	for _, r := range s.Rooms {
		got, ok := c.rooms[r.ID]
		if got.Members == nil {
			r.Members = nil
		}
		if !ok || string(wire.Encode(got)) != string(wire.Encode(r)) {
			t.Fatalf("%s follows to room %s, sync has %s", c.user.ID, wire.Encode(got), wire.Encode(r))
		}
		if c.reads[r.ID] != s.Reads[r.ID] {
			t.Fatalf("%s follows to marker %d of %s, sync has %d", c.user.ID, c.reads[r.ID], r.ID, s.Reads[r.ID])
		}
	}
	for _, r := range s.Rooms {
		if !slices.Equal(c.mentions[r.ID], s.Mentions[r.ID]) {
			t.Fatalf("%s follows to mentions %v of %s, sync has %v", c.user.ID, c.mentions[r.ID], r.ID, s.Mentions[r.ID])
		}
	}
	for _, id := range append(roomIDs(s.Rooms), "") { // "": the default
		at := slices.IndexFunc(s.Notify, func(n wire.Notify) bool { return n.Room == id })
		if n, ok := c.notify[id]; ok != (at >= 0) || ok && n != s.Notify[at] {
			t.Fatalf("%s follows to %+v, sync has %+v", c.user.ID, n, s.Notify)
		}
	}
	for _, u := range s.Users {
		if c.users[u.ID] != u {
			t.Fatalf("%s follows to user %+v, sync has %+v", c.user.ID, c.users[u.ID], u)
		}
	}
}

// compareReplicas lets each user's replica of the last time follow the log to
// where sync is now, if the log still reaches that far.
func (x *explorer) compareReplicas() {
	x.t.Helper()
	log := x.log()
	for _, id := range x.m.userIDs() {
		if x.m.users[id].Deactivated {
			delete(x.replicas, id)
			continue
		}
		s, err := x.q.Sync(chat.Actor{User: wire.User{ID: id}})
		if err != nil {
			x.t.Fatal(err)
		}
		if c := x.replicas[id]; c != nil && len(log) > 0 && c.offset+1 >= log[0].Offset {
			c.follow(x.t, log, x.spans(id))
			if c.crossed {
				x.did["cross "]++
				x.replicas[id] = newReplica(x.t, s)
				continue
			}
			c.want(x.t, s)
			c.wantMessages(x)
			x.did["follow "]++
		}
		x.replicas[id] = newReplica(x.t, s)
	}
}

// wantMessages compares what events have told of messages with history.
func (c *replica) wantMessages(x *explorer) {
	x.t.Helper()
	for _, m := range c.messages {
		now := x.m.rooms[m.Room].messages[m.Seq-1]
		now.Nonce = m.Nonce
		if _, in := c.rooms[m.Room]; in && string(wire.Encode(m)) != string(wire.Encode(now)) {
			x.t.Fatalf("%s follows to message %s, history has %s", c.user.ID, wire.Encode(m), wire.Encode(now))
		}
	}
}

func (r *rig) spans(user string) (spans map[string][]store.Span) {
	r.tb.Helper()
	err := r.db.View(func(tx *store.Tx) (err error) {
		spans, err = tx.Spans(user)
		return err
	})
	if err != nil {
		r.tb.Fatal(err)
	}
	return spans
}

func roomIDs(rooms []wire.Room) []string {
	ids := make([]string, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	return ids
}
