package journal

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// sync is what a user gets from /sync.
func (m *model) sync(user, epoch string) wire.Sync {
	s := wire.Sync{
		Cursor: store.FormatCursor(epoch, m.end), Heartbeat: 15,
		Limits: wire.Limits{Text: 16_000, Name: 32, Body: 64 << 10, Topic: 250, Emoji: 50, Direct: 20},
		Me:     m.users[user].User, Users: []wire.User{}, Rooms: []wire.Room{}, Reads: map[string]uint64{},
	}
	known := map[string]bool{}
	for _, id := range m.roomIDs() {
		r := m.rooms[id]
		if !r.members[user] {
			continue
		}
		s.Rooms = append(s.Rooms, m.shown(r))
		if seq := m.reads[user][id]; seq > 0 {
			s.Reads[id] = seq
		}
		for member := range r.members {
			known[member] = true
		}
	}
	for _, id := range m.userIDs() {
		if known[id] || s.Me.Role != wire.RoleGuest {
			s.Users = append(s.Users, m.users[id].User)
		}
	}
	return s
}

func (m *model) publicRooms(user string) wire.RoomList {
	list := wire.RoomList{Rooms: []wire.Room{}}
	for _, id := range m.roomIDs() {
		r := m.rooms[id]
		if r.Kind == wire.KindPublic && m.users[user].Role != wire.RoleGuest {
			shown, joined := r.Room, r.members[user]
			shown.Joined = &joined
			list.Rooms = append(list.Rooms, shown)
		}
	}
	return list
}

func (m *model) history(user, room string, p chat.Page) (wire.MessageList, wire.Code) {
	if code := m.may(user, allRoles); code != "" {
		return wire.MessageList{}, code
	}
	r, _, code := m.look(user, room)
	if code != "" {
		return wire.MessageList{}, code
	}
	limit := p.Limit
	if limit == 0 {
		limit = wire.DefaultHistory
	}
	var fit []wire.Message
	for _, msg := range r.messages {
		if msg.Author != user {
			msg.Nonce = ""
		}
		if (p.Before == 0 || msg.Seq < p.Before) && msg.Seq > p.After {
			fit = append(fit, msg)
		}
	}
	switch {
	case p.Around > 0:
		from := max(0, min(int(p.Around), len(fit))-limit/2-1)
		from = max(0, min(from, len(fit)-limit))
		fit = fit[from:min(len(fit), from+limit)]
	case p.After > 0 || p.Oldest:
		fit = fit[:min(limit, len(fit))]
	default:
		fit = fit[max(0, len(fit)-limit):]
	}
	return wire.MessageList{Messages: append([]wire.Message{}, fit...)}, ""
}

// compare holds everything that can be read against the model.
func (m *model) compare(t *testing.T, r *rig) {
	t.Helper()
	if len(m.users) == 0 {
		return
	}
	for _, id := range m.userIDs() {
		if m.users[id].Deactivated {
			continue
		}
		actor := chat.Actor{User: m.users[id].User}
		s, err := r.q.Sync(actor)
		same(t, "sync of "+id, s, err, m.sync(id, r.db.Epoch()), "")
		rooms, err := r.q.PublicRooms(actor, false)
		same(t, "rooms for "+id, rooms, err, m.publicRooms(id), "")
	}
	for _, id := range m.roomIDs() {
		got := r.history(id)
		if string(wire.Encode(got)) != string(wire.Encode(append([]wire.Message(nil), m.rooms[id].messages...))) {
			t.Fatalf("room %s has\n%s\nwant\n%s", id, wire.Encode(got), wire.Encode(m.rooms[id].messages))
		}
	}
	m.compareLog(t, r)
	r.wantSoundLog()
}

// compareLog compares each event of the log, and who sees those of rooms.
func (m *model) compareLog(t *testing.T, r *rig) {
	t.Helper()
	spans := map[string]map[string][]store.Span{}
	for _, id := range m.userIDs() {
		spans[id] = r.spans(id)
	}
	log := r.log()
	if len(log) != len(m.log) {
		t.Fatalf("the log has %d events, want %d", len(log), len(m.log))
	}
	for i, want := range m.log {
		got := log[i]
		if got.Offset != want.Offset || got.Time != want.Time || got.Audience != want.Audience ||
			got.Owner != want.Owner || got.Nonce != want.Nonce || !bytes.Equal(got.Data, want.Data) {
			t.Fatalf("the log has %+v (%s), want %+v (%s)", got, got.Data, want.Event, want.Data)
		}
		if got.Audience.Kind != store.AudienceRoom {
			continue
		}
		if seers := seersBySpans(spans, got); !slices.Equal(seers, want.seers) {
			t.Fatalf("event %d %s is seen by %q, want %q", got.Offset, got.Data, seers, want.seers)
		}
	}
}

func seersBySpans(spans map[string]map[string][]store.Span, e store.Event) []string {
	seers := []string{}
	for user, rooms := range spans {
		for _, s := range rooms[e.Audience.ID] {
			if s.From <= e.Offset && (s.To == 0 || e.Offset <= s.To) {
				seers = append(seers, user)
			}
		}
	}
	slices.Sort(seers)
	return seers
}

// same fails unless an answer is what the model says.
func same(t *testing.T, what string, got any, err error, want any, code wire.Code) {
	t.Helper()
	if wire.CodeFrom(err) != code || (err != nil) != (code != "") {
		t.Fatalf("%s: got %v, want %q", what, err, code)
	}
	if err != nil {
		return
	}
	if g, w := string(wire.Encode(got)), string(wire.Encode(want)); g != w {
		i := 0
		for i < min(len(g), len(w)) && g[i] == w[i] {
			i++
		}
		t.Fatalf("%s: got\n%s\nwant\n%s\n%s^", what, g, w, strings.Repeat(" ", i))
	}
}
