package journal

import (
	"slices"
	"unicode/utf8"

	"parley/shared/names"
	"parley/shared/wire"
)

func (m *model) setup(a wire.Setup, got wire.User, session string) (any, wire.Code) {
	name, err := names.Clean("name", a.Name)
	if err != nil || utf8.RuneCountInString(a.Password) < wire.MinPassword {
		return nil, wire.CodeBadRequest
	}
	if len(m.users) > 0 {
		return nil, wire.CodeConflict
	}
	m.rooms[wire.Lobby] = newModelRoom(wire.Room{ID: wire.Lobby, Kind: wire.KindPublic, Name: wire.Lobby, Creator: got.ID})
	u := wire.User{ID: got.ID, Name: name, Role: wire.RoleOwner}
	m.arrive(modelUser{User: u, password: a.Password})
	m.signIn(u.ID, session)
	return u, ""
}

func (m *model) signIn(user, session string) {
	m.sessions[session] = &modelSession{user: user, expires: m.now.Add(ninetyDays)}
}

func (m *model) createInvite(by string, a wire.CreateInvite, code string) (any, wire.Code) {
	if a.Expires == 0 {
		a.Expires = m.now.Add(wire.InviteLife)
	}
	if (a.Role != wire.RoleMember && a.Role != wire.RoleGuest) || a.Uses < 0 || a.Expires <= m.now || a.Expires > m.now.Add(wire.MaxInviteLife) {
		return nil, wire.CodeBadRequest
	}
	if by == "" { // the command line
		if r := m.rooms[a.Room]; a.Room != "" && (r == nil || r.Kind == wire.KindDirect) {
			return nil, wire.CodeNotFound
		}
	} else {
		if code := m.may(by, onlyPersons); code != "" {
			return nil, code
		}
		if a.Room != "" {
			r, _, code := m.look(by, a.Room)
			switch {
			case code != "":
				return nil, code
			case r.Kind == wire.KindDirect:
				return nil, wire.CodeForbidden
			case r.Archived:
				return nil, wire.CodeConflict
			}
		}
	}
	if m.invites[code] != nil || len(code) != 43 {
		return "an invite with a new code", ""
	}
	did := string(wire.AuditCreateInvite)
	if by == "" {
		did += byNobody
	}
	m.audited = append(m.audited, did)
	m.invites[code] = &modelInvite{CreateInvite: a, creator: by}
	return wire.Invite{Code: code}, ""
}

// invited is the invite of a code, nil when it does not work now.
func (m *model) invited(code string) *modelInvite {
	i := m.invites[code]
	if i == nil || i.gone || i.Expires <= m.now || (i.Uses > 0 && i.used >= i.Uses) {
		return nil
	}
	if i.creator == "" {
		return i
	}
	if m.may(i.creator, onlyPersons) != "" {
		return nil
	}
	if i.Room != "" {
		if _, _, code := m.look(i.creator, i.Room); code != "" {
			return nil
		}
	}
	return i
}

func (m *model) signup(a wire.Signup, got wire.User, session string) (any, wire.Code) {
	name, err := names.Clean("name", a.Name)
	if err != nil {
		return nil, wire.CodeBadRequest
	}
	i := m.invited(a.Invite)
	switch {
	case i == nil:
		return nil, wire.CodeNotFound
	case m.byName(name) != nil:
		return nil, wire.CodeConflict
	case (i.Role == wire.RoleGuest) != (a.Password == ""):
		return nil, wire.CodeBadRequest
	case m.users[got.ID] != nil || got.ID == "":
		return "a user with a new id", ""
	}
	i.used++
	u := wire.User{ID: got.ID, Name: name, Role: i.Role}
	m.arrive(modelUser{User: u, password: a.Password})
	if i.Room != "" && i.Room != wire.Lobby && !m.rooms[i.Room].Archived {
		m.enter(m.rooms[i.Room], u.ID)
	}
	m.signIn(u.ID, session)
	return u, ""
}

func (m *model) login(a wire.Login, session string) (any, wire.Code) {
	u := m.byName(a.Name)
	if u == nil || u.password == "" || u.password != a.Password || u.Deactivated {
		return nil, wire.CodeUnauthenticated
	}
	m.signIn(u.ID, session)
	return u.User, ""
}

func (m *model) createToken(by string, a wire.CreateToken, got wire.Token) (any, wire.Code) {
	name, err := names.Clean("name", a.Name)
	if err != nil {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	u := m.byName(name)
	if u != nil && (u.Role != wire.RoleBot || !u.Deactivated || u.creator != by && !m.moderates(by)) {
		return nil, wire.CodeConflict
	}
	if m.tokens[got.ID] != nil || got.ID == "" || got.Token == "" {
		return "a token that is new", ""
	}
	m.tokens[got.ID] = &modelToken{secret: got.Token, creator: by}
	if u != nil {
		u.Deactivated, u.creator, u.Name = false, by, name
		m.tokens[got.ID].user = u.ID
		m.changed(u)
		m.audited = append(m.audited, string(wire.AuditCreateToken)+" "+u.ID)
	}
	return got, "" // a new bot's id is not in the answer: see adoptBot
}

// adoptBot makes the bot of a token that was just created, whose id the real
// answer does not tell but the token's use does.
func (m *model) adoptBot(token, id, name string) {
	t := m.tokens[token]
	if t == nil || t.user != "" {
		return
	}
	t.user = id
	m.audited = append(m.audited, string(wire.AuditCreateToken)+" "+id)
	m.arrive(modelUser{User: wire.User{ID: id, Name: name, Role: wire.RoleBot}, creator: t.creator})
}

func (m *model) revokeToken(by, id string) (any, wire.Code) {
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	t := m.tokens[id]
	if t == nil {
		return nil, wire.CodeNotFound
	}
	if t.creator != by && m.users[by].Role == wire.RoleMember {
		return nil, wire.CodeForbidden
	}
	delete(m.tokens, id)
	m.endHooks(t.user)
	u := m.users[t.user]
	m.audited = append(m.audited, string(wire.AuditRevokeToken)+" "+t.user)
	u.Deactivated = true
	m.changed(u)
	return wire.Empty{}, ""
}

// bySession is who a session token stands for.
func (m *model) bySession(token string) (string, wire.Code) {
	s := m.sessions[token]
	if s == nil || s.expires <= m.now || m.users[s.user].Deactivated {
		return "", wire.CodeUnauthenticated
	}
	return s.user, ""
}

// byToken is which bot an API token stands for.
func (m *model) byToken(secret string) (string, wire.Code) {
	for _, t := range m.tokens {
		if t.secret == secret {
			return t.user, ""
		}
	}
	return "", wire.CodeUnauthenticated
}

func (m *model) tokenIDs() []string {
	ids := []string{}
	for id := range m.tokens {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
