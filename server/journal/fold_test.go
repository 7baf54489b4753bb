package journal

import (
	"encoding/json"
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
}

func newReplica(t *testing.T, s wire.Sync) *replica {
	t.Helper()
	_, offset, err := store.ParseCursor(s.Cursor)
	if err != nil {
		t.Fatal(err)
	}
	c := &replica{user: s.Me, offset: offset, users: map[string]wire.User{}, rooms: map[string]wire.Room{}, reads: s.Reads}
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
		return c.user.Role != wire.RoleGuest
	}
	return slices.ContainsFunc(spans[e.Audience.ID], func(s store.Span) bool {
		return s.From <= e.Offset && (s.To == 0 || e.Offset <= s.To)
	})
}

func (c *replica) apply(e wire.Event) {
	switch {
	case e.Message != nil:
		r := c.rooms[e.Message.Room]
		r.Head = max(r.Head, e.Message.Seq)
		c.rooms[e.Message.Room] = r
	case e.Room != nil:
		c.rooms[e.Room.ID] = *e.Room
	case e.User != nil:
		c.users[e.User.ID] = *e.User
	case e.Read != nil:
		c.reads[e.Read.Room] = e.Read.Seq
	case e.Member != nil:
		c.member(*e.Member)
	}
}

func (c *replica) member(m wire.Member) {
	if m.Left && m.User == c.user.ID {
		delete(c.rooms, m.Room)
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
			c.want(x.t, s)
			x.did["follow "]++
		}
		x.replicas[id] = newReplica(x.t, s)
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
