package journal

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

func (m *model) runs(user string, r *modelRoom) bool {
	return m.moderates(user) || r.Creator == user && m.users[user].Role != wire.RoleGuest
}

func (m *model) updateRoom(by string, a wire.UpdateRoom) (any, wire.Code) {
	var name string
	if a.Name != nil {
		var err error
		if name, err = names.Clean("name", *a.Name); err != nil {
			return nil, wire.CodeBadRequest
		}
	}
	if a.Topic != nil && utf8.RuneCountInString(*a.Topic) > wire.MaxTopic {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, notGuests); code != "" {
		return nil, code
	}
	r, member, code := m.look(by, a.Room)
	switch {
	case code != "":
		return nil, code
	case r.Kind == wire.KindDirect, !member && !m.runs(by, r), a.Archived != nil && (r.ID == wire.Lobby || !m.runs(by, r)),
		a.Name != nil && r.Kind == wire.KindPublic && !m.runs(by, r):
		return nil, wire.CodeForbidden
	case r.Archived && (a.Archived == nil || *a.Archived) && (a.Name != nil || a.Topic != nil):
		return nil, wire.CodeConflict
	}
	after := r.Room
	if a.Name != nil {
		after.Name = name
	}
	if a.Topic != nil {
		after.Topic = *a.Topic
	}
	if a.Archived != nil {
		after.Archived = *a.Archived
	}
	if after.Name != r.Name || after.Topic != r.Topic || after.Archived != r.Archived {
		for _, other := range m.rooms {
			if r.Kind == wire.KindPublic && other.Kind == wire.KindPublic && other != r && names.Fold(other.Name) == names.Fold(after.Name) {
				return nil, wire.CodeConflict
			}
		}
		if after.Name != r.Name {
			m.audited = append(m.audited, string(wire.AuditUpdateRoom)+" ")
		}
		if after.Archived != r.Archived {
			action := wire.AuditArchiveRoom
			if r.Archived {
				action = wire.AuditUnarchiveRoom
			}
			m.audited = append(m.audited, string(action)+" ")
		}
		r.Room = after
		m.event(store.ToRoom(r.ID), wire.Event{Room: &after})
	}
	if !member {
		return r.Room, ""
	}
	return m.shown(r), ""
}

func (m *model) removeMember(by string, a removeArgs) (any, wire.Code) {
	if code := m.may(by, notGuests); code != "" {
		return nil, code
	}
	if by == a.User {
		return m.leave(by, a.Room)
	}
	r, member, code := m.look(by, a.Room)
	switch {
	case code != "":
		return nil, code
	case m.users[a.User] == nil:
		return nil, wire.CodeNotFound
	case r.Kind == wire.KindDirect, r.ID == wire.Lobby, !m.runs(by, r):
		return nil, wire.CodeForbidden
	case r.members[a.User]:
		m.audited = append(m.audited, string(wire.AuditRemoveMember)+" "+a.User)
		delete(r.members, a.User)
		m.event(store.ToRoom(r.ID), wire.Event{Member: &wire.Member{Room: r.ID, User: a.User, Left: true}}, a.User)
	}
	if !member {
		return r.Room, ""
	}
	return m.shown(r), ""
}

// direct is the direct room of these people, a new one with the id made.
func (m *model) direct(by string, a wire.CreateRoom, made string) (any, wire.Code) {
	if a.Name != "" || a.Topic != "" {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, notGuests); code != "" {
		return nil, code
	}
	ids := []string{by}
	for _, u := range slices.Sorted(slices.Values(a.Members)) {
		if !slices.Contains(ids, u) {
			ids = append(ids, u)
		}
	}
	sorted := slices.Sorted(slices.Values(ids))
	for _, r := range m.rooms {
		if r.Kind == wire.KindDirect && slices.Equal(m.memberIDs(r), sorted) {
			return m.shown(r), ""
		}
	}
	for _, u := range ids {
		switch {
		case m.users[u] == nil:
			return nil, wire.CodeNotFound
		case m.users[u].Deactivated:
			return nil, wire.CodeConflict
		}
	}
	if m.rooms[made] != nil || made == "" {
		return "a direct room with a new id", ""
	}
	r := newModelRoom(wire.Room{ID: made, Kind: wire.KindDirect, Creator: by})
	m.rooms[made] = r
	m.enter(r, ids...)
	return m.shown(r), ""
}

// manages tells whether a decides about b.
func (m *model) manages(a, b string) bool {
	return m.users[a].Role == wire.RoleOwner || m.users[a].Role == wire.RoleAdmin && !m.moderates(b)
}

func (m *model) setName(by string, a wire.SetName) (any, wire.Code) {
	name, err := names.Clean("name", a.Name)
	if err != nil {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	u := m.users[a.User]
	switch {
	case u == nil:
		return nil, wire.CodeNotFound
	case a.User != by && !m.manages(by, a.User) && u.creator != by:
		return nil, wire.CodeForbidden
	case u.Name == name:
		return u.User, ""
	}
	if other := m.byName(name); other != nil && other != u {
		return nil, wire.CodeConflict
	}
	if a.User != by {
		m.audited = append(m.audited, string(wire.AuditSetName)+" "+a.User)
	}
	u.Name = name
	m.changed(u)
	return u.User, ""
}

func (m *model) setRole(by string, a wire.SetRole) (any, wire.Code) {
	ranks := []wire.Role{wire.RoleGuest, wire.RoleMember, wire.RoleAdmin, wire.RoleOwner}
	rank := slices.Index(ranks, a.Role)
	if rank < 0 {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	u := m.users[a.User]
	if u == nil {
		return nil, wire.CodeNotFound
	}
	down := a.User == by && rank <= slices.Index(ranks, u.Role)
	switch {
	case u.Role == wire.RoleBot, !down && !m.manages(by, a.User), !down && rank > 1 && m.users[by].Role != wire.RoleOwner:
		return nil, wire.CodeForbidden
	case u.Role == wire.RoleOwner && a.Role != wire.RoleOwner && m.otherOwners(a.User) == 0:
		return nil, wire.CodeConflict
	case u.Role == a.Role:
		return u.User, ""
	}
	m.audited = append(m.audited, string(wire.AuditSetRole)+" "+a.User)
	m.crossing = a.User // sees both the last event of the one and the first of the other
	u.Role = a.Role
	m.changed(u)
	m.crossing = ""
	if u.Role == wire.RoleGuest {
		m.endBotsOf(u.ID)
	}
	return u.User, ""
}

func (m *model) otherOwners(but string) (n int) {
	for id, u := range m.users {
		if id != but && u.Role == wire.RoleOwner && !u.Deactivated {
			n++
		}
	}
	return n
}

func (m *model) deactivate(by, user string) (any, wire.Code) {
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	u := m.users[user]
	switch {
	case u == nil:
		return nil, wire.CodeNotFound
	case user == by, !m.manages(by, user):
		return nil, wire.CodeForbidden
	case u.Deactivated:
		return u.User, ""
	}
	for token, s := range m.sessions {
		if s.user == user {
			delete(m.sessions, token)
		}
	}
	for id, t := range m.tokens {
		if t.user == user {
			delete(m.tokens, id)
		}
	}
	m.endHooks(user)
	m.audited = append(m.audited, string(wire.AuditDeactivate)+" "+user)
	u.Deactivated = true
	m.changed(u)
	m.endBotsOf(user)
	return u.User, ""
}

// endBotsOf ends the bots that somebody has made who may have none any more.
func (m *model) endBotsOf(maker string) {
	for _, id := range slices.Sorted(maps.Keys(m.users)) {
		bot := m.users[id]
		if bot.Role != wire.RoleBot || bot.creator != maker || bot.Deactivated {
			continue
		}
		m.audited = append(m.audited, string(wire.AuditDeactivate)+" "+id)
		maps.DeleteFunc(m.tokens, func(_ string, t *modelToken) bool { return t.user == id })
		m.endHooks(id)
		bot.Deactivated = true
		m.changed(bot)
	}
}

func (m *model) reactivate(by, user string) (any, wire.Code) {
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	u := m.users[user]
	switch {
	case u == nil:
		return nil, wire.CodeNotFound
	case !m.manages(by, user):
		return nil, wire.CodeForbidden
	case u.Role == wire.RoleBot:
		return nil, wire.CodeConflict
	case !u.Deactivated:
		return u.User, ""
	}
	m.audited = append(m.audited, string(wire.AuditReactivate)+" "+user)
	u.Deactivated = false
	m.changed(u)
	return u.User, ""
}

func (m *model) setPassword(by string, a wire.SetPassword, keep string) (any, wire.Code) {
	if n := utf8.RuneCountInString(a.Password); n < wire.MinPassword {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	u := m.users[a.User]
	switch {
	case u == nil:
		return nil, wire.CodeNotFound
	case u.Role == wire.RoleBot, a.User != by && !m.manages(by, a.User),
		a.User == by && u.password != "" && u.password != a.Current:
		return nil, wire.CodeForbidden
	}
	if a.User != by {
		m.audited = append(m.audited, string(wire.AuditSetPassword)+" "+a.User)
		keep = ""
	}
	for token, s := range m.sessions {
		if s.user == a.User && token != keep {
			delete(m.sessions, token)
		}
	}
	u.password = a.Password
	return u.User, ""
}

func (m *model) revokeInvite(by, id string) (any, wire.Code) {
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	for code, i := range m.invites {
		if store.HashOf(code).ID() != id || i.gone || i.creator != by && !m.moderates(by) {
			continue
		}
		if i.Expires <= m.now || i.Uses > 0 && i.used >= i.Uses {
			continue
		}
		i.gone = true
		m.audited = append(m.audited, strings.TrimSpace(string(wire.AuditRevokeInvite)+" "+i.creator))
		return wire.Empty{}, ""
	}
	return nil, wire.CodeNotFound
}
