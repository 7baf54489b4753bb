package journal

import (
	"slices"
	"strings"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// model is the community as PROTOCOL.md tells it, in maps: what the real thing
// must agree with. It knows nothing of transactions, entries or the disk. Ids and
// secrets are random, so it takes them from the real answers.
type model struct {
	now    wire.Time // what the clock says
	newest wire.Time // of the log's newest event

	users    map[string]*modelUser
	rooms    map[string]*modelRoom
	reads    map[string]map[string]uint64 // user, room
	nonces   map[string]modelNonce        // user + " " + nonce
	invites  map[string]*modelInvite      // by code
	tokens   map[string]*modelToken       // by id
	hooks    map[string]*modelHook        // by id
	webhooks map[string]string            // bot to address
	sessions map[string]*modelSession     // by token

	files      map[string]*modelFile // by id
	fileNonces map[string]string     // by id

	notify   map[string]wire.Notify // user + " " + room
	audited  []string               // action and whom it concerned, oldest first
	crossing string                 // who becomes a guest or ends being one in this very event

	log []modelEvent // what is kept of it
	end uint64
}

type modelUser struct {
	wire.User
	password, creator string
}

type modelRoom struct {
	wire.Room
	members  map[string]bool
	messages []wire.Message
	said     map[uint64][]wire.Revision
}

func newModelRoom(r wire.Room) *modelRoom {
	return &modelRoom{Room: r, members: map[string]bool{}, said: map[uint64][]wire.Revision{}}
}

type modelNonce struct {
	content wire.Send
	seq     uint64
}

type modelInvite struct {
	wire.CreateInvite
	creator string
	used    int
	gone    bool // revoked
}

type modelToken struct{ secret, user, creator string }

type modelSession struct {
	user    string
	expires wire.Time
}

type modelEvent struct {
	store.Event
	room  string // of a message
	seq   uint64
	seers []string // of a room's event, or of one for all members
	known []string // who was there at all

	message *wire.Message // it tells of
}

func newModel() *model {
	return &model{
		users: map[string]*modelUser{}, rooms: map[string]*modelRoom{}, reads: map[string]map[string]uint64{},
		nonces: map[string]modelNonce{}, invites: map[string]*modelInvite{}, tokens: map[string]*modelToken{},
		hooks: map[string]*modelHook{}, webhooks: map[string]string{},
		files: map[string]*modelFile{}, fileNonces: map[string]string{},
		sessions: map[string]*modelSession{}, notify: map[string]wire.Notify{},
	}
}

// event appends to the log. extra is who sees it besides the room's members.
func (m *model) event(to store.Audience, e wire.Event, extra ...string) *modelEvent {
	m.end++
	m.newest = max(m.newest, m.now)
	logged := modelEvent{Event: store.Event{Offset: m.end, Time: m.newest, Audience: to, Data: wire.Encode(e)}}
	if to.Kind == store.AudienceRoom {
		logged.seers = append(m.memberIDs(m.rooms[to.ID]), extra...)
		slices.Sort(logged.seers)
	}
	if logged.known = m.userIDs(); to.Kind == store.AudienceMembers {
		for _, id := range logged.known {
			if m.users[id].Role != wire.RoleGuest || id == m.crossing {
				logged.seers = append(logged.seers, id)
			}
		}
	}
	m.crossing = ""
	m.log = append(m.log, logged)
	return &m.log[len(m.log)-1]
}

func (m *model) memberIDs(r *modelRoom) []string {
	ids := []string{}
	for id := range r.members {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (m *model) userIDs() []string {
	ids := []string{}
	for id := range m.users {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (m *model) roomIDs() []string {
	ids := []string{}
	for id := range m.rooms {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// shown is a room as those in it see it.
func (m *model) shown(r *modelRoom) wire.Room {
	shown := r.Room
	if len(r.members) <= wire.MaxMembersListed {
		shown.Members = m.memberIDs(r)
	}
	return shown
}

func (m *model) byName(name string) *modelUser {
	for _, u := range m.users {
		if names.Fold(u.Name) == names.Fold(name) {
			return u
		}
	}
	return nil
}

// may is the code with which a user who is not there, or has none of the
// roles, is refused.
func (m *model) may(user string, roles string) wire.Code {
	u := m.users[user]
	if u == nil || u.Deactivated {
		return wire.CodeUnauthenticated
	}
	if !strings.Contains(roles, string(u.Role)) {
		return wire.CodeForbidden
	}
	return ""
}

// look is a room as a user may know of it, and whether the user is in it.
func (m *model) look(user, room string) (*modelRoom, bool, wire.Code) {
	r := m.rooms[room]
	switch {
	case r == nil:
		return nil, false, wire.CodeNotFound
	case r.members[user]:
		return r, true, ""
	case r.Kind == wire.KindPublic && m.users[user].Role != wire.RoleGuest:
		return r, false, ""
	}
	return nil, false, wire.CodeNotFound
}

// enter lets users into a room.
func (m *model) enter(r *modelRoom, ids ...string) {
	before := m.memberIDs(r)
	for _, id := range ids {
		r.members[id] = true
	}
	for _, id := range ids {
		u := m.users[id].User
		room := r.Room
		m.event(store.ToUser(id), wire.Event{Room: &room})
		m.event(store.ToRoom(r.ID), wire.Event{User: &u})
		m.event(store.ToRoom(r.ID), wire.Event{Member: &wire.Member{Room: r.ID, User: id}})
		seq, mentions := m.reads[id][r.ID], m.unreadMentions(id, r)
		if seq > 0 || len(mentions) > 0 {
			m.event(store.ToUser(id), wire.Event{Read: &wire.Read{Room: r.ID, Seq: seq, Back: len(mentions) > 0, Mentions: mentions}})
		}
		if n, ok := m.notify[id+" "+r.ID]; ok {
			m.event(store.ToUser(id), wire.Event{Notify: &n})
		}
		if u.Role != wire.RoleGuest {
			continue
		}
		for _, other := range before {
			o := m.users[other].User
			m.event(store.ToUser(id), wire.Event{User: &o})
		}
	}
}

// arrive makes a user, who enters the lobby.
func (m *model) arrive(u modelUser) {
	m.users[u.ID] = &u
	m.event(store.ToMembers(), wire.Event{User: &u.User})
	m.enter(m.rooms[wire.Lobby], u.ID)
}

// changed tells of a user who is not what it was.
func (m *model) changed(u *modelUser) {
	now := u.User
	m.event(store.ToMembers(), wire.Event{User: &now})
	for _, id := range m.roomIDs() {
		if m.rooms[id].members[u.ID] {
			m.event(store.ToRoom(id), wire.Event{User: &now})
		}
	}
}

// trim drops the oldest events, and the nonces of their messages.
func (m *model) trim(op chat.Trim) int {
	dropped := 0
	for dropped < op.Limit && len(m.log) > max(op.Keep, 1) && m.log[0].Time < op.Before {
		e := m.log[0]
		key := e.Owner + " " + e.Nonce
		if n, ok := m.nonces[key]; ok && n.content.Room == e.room && n.seq == e.seq {
			delete(m.nonces, key)
		}
		m.log = m.log[1:]
		dropped++
	}
	return dropped
}
