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
		Limits: wire.Limits{Text: 16_000, Name: 32, Body: 64 << 10, Topic: 250, Emoji: 50, Direct: 20, Files: 10},
		Me:     m.users[user].User, Users: []wire.User{}, Rooms: []wire.Room{}, Reads: map[string]uint64{},
	}
	if n, ok := m.notify[user+" "]; ok {
		s.Notify = append(s.Notify, n)
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
		if mentions := m.unreadMentions(user, r); len(mentions) > 0 {
			if s.Mentions == nil {
				s.Mentions = map[string][]uint64{}
			}
			s.Mentions[id] = mentions
		}
		if n, ok := m.notify[user+" "+id]; ok {
			s.Notify = append(s.Notify, n)
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
		if r.Kind == wire.KindPublic && !r.Archived && m.users[user].Role != wire.RoleGuest {
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
	list := wire.MessageList{Messages: append([]wire.Message{}, fit...)}
	for _, quoted := range r.messages {
		if len(fit) > 0 && (quoted.Seq < fit[0].Seq || quoted.Seq > fit[len(fit)-1].Seq) &&
			slices.ContainsFunc(fit, func(msg wire.Message) bool { return msg.ReplyTo == quoted.Seq }) {
			list.Quoted = append(list.Quoted, quoted.Quote())
		}
	}
	return list, ""
}

// revisions is what the message said, for who may know.
func (m *model) revisions(user, room string, seq uint64) (wire.RevisionList, wire.Code) {
	if code := m.may(user, allRoles); code != "" {
		return wire.RevisionList{}, code
	}
	r, _, code := m.look(user, room)
	switch {
	case code != "":
		return wire.RevisionList{}, code
	case seq == 0 || seq > r.Head:
		return wire.RevisionList{}, wire.CodeNotFound
	case r.messages[seq-1].Author != user && (!m.moderates(user) || r.Kind == wire.KindDirect):
		return wire.RevisionList{}, wire.CodeForbidden
	}
	return wire.RevisionList{Revisions: append([]wire.Revision{}, r.said[seq]...)}, ""
}

// byNobody is how the model notes that it was the command line.
const byNobody = " by the command line"

// compareAudit compares what was done to whom, newest first.
func (m *model) compareAudit(t *testing.T, r *rig) {
	t.Helper()
	for _, id := range m.userIDs() {
		if !m.moderates(id) || m.users[id].Deactivated {
			continue
		}
		var got []string
		before := uint64(0)
		for more := true; more; {
			list, err := r.q.Audit(chat.Actor{User: m.users[id].User}, before, 7)
			if err != nil {
				t.Fatal(err)
			}
			more = list.More
			for _, e := range list.Entries {
				before = e.ID
				did := strings.TrimSpace(string(e.Action) + " " + e.User)
				if e.Actor == "" {
					did += byNobody
				}
				got = append(got, did)
				if e.Text == "" {
					t.Fatalf("an entry without words: %+v", e)
				}
			}
		}
		slices.Reverse(got)
		for i, want := range m.audited {
			if i >= len(got) || got[i] != strings.TrimSpace(want) {
				t.Fatalf("the audit log has %q, want %q", got, m.audited)
			}
		}
		if len(got) != len(m.audited) {
			t.Fatalf("the audit log has %d entries, want %d", len(got), len(m.audited))
		}
		return
	}
}

// compare holds everything that can be read against the model.
func (m *model) compare(t *testing.T, r *rig) {
	t.Helper()
	if len(m.users) == 0 {
		return
	}
	m.compareFiles(t, r.q)
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
	m.compareAudit(t, r)
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
		if got.Audience.Kind == store.AudienceUser {
			continue
		}
		seers := slices.DeleteFunc(seersBySpans(spans, got), func(id string) bool { return !slices.Contains(want.known, id) })
		if !slices.Equal(seers, want.seers) {
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
