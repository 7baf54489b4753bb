package journal

import (
	"slices"
	"unicode/utf8"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

const (
	allRoles    = "owner admin member guest bot"
	notGuests   = "owner admin member bot"
	onlyPersons = "owner admin member"
)

// do is what a command must be answered: the result, or the code. got is the
// real answer, which the model takes the random parts from.
func (m *model) do(by string, args, got any) (any, wire.Code) {
	switch a := args.(type) {
	case wire.Send:
		return m.send(by, a)
	case wire.CreateFile:
		upload, _ := got.(wire.Upload)
		return m.createFile(by, a, upload)
	case wire.Read:
		return m.read(by, a)
	case wire.Edit:
		return m.edit(by, a)
	case wire.Delete:
		return m.delete(by, a)
	case wire.React:
		return m.react(by, a)
	case wire.Unread:
		return m.unread(by, a)
	case wire.Notify:
		return m.setNotify(by, a)
	case wire.UpdateRoom:
		return m.updateRoom(by, a)
	case removeArgs:
		return m.removeMember(by, a)
	case wire.SetName:
		return m.setName(by, a)
	case wire.SetRole:
		return m.setRole(by, a)
	case deactivateArgs:
		return m.deactivate(by, a.User)
	case reactivateArgs:
		return m.reactivate(by, a.User)
	case wire.InviteRef:
		return m.revokeInvite(by, a.ID)
	case wire.CreateRoom:
		room, _ := got.(wire.Room)
		if a.Kind == wire.KindDirect {
			return m.direct(by, a, room.ID)
		}
		return m.createRoom(by, a, room.ID)
	case joinArgs:
		return m.join(by, a.Room)
	case leaveArgs:
		return m.leave(by, a.Room)
	case wire.MemberRef:
		return m.addMember(by, a)
	case wire.CreateInvite:
		invite, _ := got.(wire.Invite)
		return m.createInvite(by, a, invite.Code)
	case wire.CreateToken:
		token, _ := got.(wire.Token)
		return m.createToken(by, a, token)
	case wire.TokenRef:
		return m.revokeToken(by, a.ID)
	case wire.CreateHook:
		hook, _ := got.(wire.Hook)
		return m.createHook(by, a, hook)
	case wire.HookRef:
		return m.revokeHook(by, a.ID)
	case wire.SetWebhook:
		webhook, _ := got.(wire.Webhook)
		return m.setWebhook(by, a, webhook)
	}
	panic("no such arguments")
}

// The commands that share a type of arguments with another.
type (
	removeArgs     wire.MemberRef
	deactivateArgs wire.UserRef
	reactivateArgs wire.UserRef

	joinArgs  wire.RoomRef
	leaveArgs wire.RoomRef
)

func (m *model) send(by string, a wire.Send) (any, wire.Code) {
	nonce := a.Nonce
	if n := utf8.RuneCountInString(nonce); n < 1 || n > 64 {
		return nil, wire.CodeBadRequest
	}
	text, err := wire.CleanText(a.Text)
	if err != nil && (len(a.Files) == 0 || !wire.Blank(a.Text)) {
		return nil, wire.CodeFrom(err)
	}
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	a.Text, a.Nonce = text, ""
	if n, ok := m.nonces[by+" "+nonce]; ok {
		if n.content.Room != a.Room || n.content.Text != a.Text || n.content.ReplyTo != a.ReplyTo || !slices.Equal(n.content.Files, a.Files) {
			return nil, wire.CodeConflict
		}
		msg := m.rooms[a.Room].messages[n.seq-1]
		if _, _, code := m.look(by, a.Room); code != "" && msg.Rev > 0 { // as it was, to who may not look
			msg = wire.Message{Room: a.Room, Seq: n.seq, Author: by, Time: msg.Time, Text: text, Nonce: nonce, ReplyTo: a.ReplyTo}
		}
		return msg, ""
	}
	r, code := m.open(by, a.Room)
	switch {
	case code != "":
		return nil, code
	case a.ReplyTo > uint64(len(r.messages)):
		return nil, wire.CodeBadRequest
	}
	files, ok := m.attach(by, a.Files, a.Room, r.Head+1)
	if !ok {
		return nil, wire.CodeBadRequest
	}
	r.Head++
	msg := wire.Message{
		Files: files,
		Room:  a.Room, Seq: r.Head, Author: by, Time: max(m.now, m.newest),
		Text: text, ReplyTo: a.ReplyTo,
	}
	msg.Mentions, msg.MentionsAll = m.mentioned(by, r, text)
	msg.Nonce = nonce
	m.tell(msg)
	if m.reads[by] == nil {
		m.reads[by] = map[string]uint64{}
	}
	m.reads[by][a.Room] = msg.Seq
	r.messages = append(r.messages, msg)
	m.nonces[by+" "+nonce] = modelNonce{content: a, seq: msg.Seq}
	return msg, ""
}

func (m *model) read(by string, a wire.Read) (any, wire.Code) {
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	r, member, code := m.look(by, a.Room)
	if code != "" {
		return nil, code
	}
	if !member {
		return nil, wire.CodeForbidden
	}
	if seq := min(a.Seq, r.Head); seq > m.reads[by][a.Room] {
		if m.reads[by] == nil {
			m.reads[by] = map[string]uint64{}
		}
		m.reads[by][a.Room] = seq
		m.event(store.ToUser(by), wire.Event{Read: &wire.Read{Room: a.Room, Seq: seq}})
	}
	return wire.Empty{}, ""
}

func (m *model) createRoom(by string, a wire.CreateRoom, id string) (any, wire.Code) {
	name, err := names.Clean("name", a.Name)
	if err != nil || (a.Kind != wire.KindPublic && a.Kind != wire.KindPrivate) || len(a.Topic) > wire.MaxTopic {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, notGuests); code != "" {
		return nil, code
	}
	members := []string{by}
	for _, u := range slices.Sorted(slices.Values(a.Members)) {
		switch {
		case slices.Contains(members, u):
		case m.users[u] == nil:
			return nil, wire.CodeNotFound
		case m.users[u].Deactivated:
			return nil, wire.CodeConflict
		default:
			members = append(members, u)
		}
	}
	for _, r := range m.rooms {
		if a.Kind == wire.KindPublic && r.Kind == wire.KindPublic && names.Fold(r.Name) == names.Fold(name) {
			return nil, wire.CodeConflict
		}
	}
	if m.rooms[id] != nil || id == "" {
		return "a room with a new id", ""
	}
	r := newModelRoom(wire.Room{ID: id, Kind: a.Kind, Name: name, Topic: a.Topic, Creator: by})
	m.rooms[id] = r
	m.enter(r, members...)
	return m.shown(r), ""
}

func (m *model) join(by, room string) (any, wire.Code) {
	if code := m.may(by, notGuests); code != "" {
		return nil, code
	}
	r, member, code := m.look(by, room)
	if code != "" {
		return nil, code
	}
	if !member {
		m.enter(r, by)
	}
	return m.shown(r), ""
}

func (m *model) leave(by, room string) (any, wire.Code) {
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	r, member, code := m.look(by, room)
	switch {
	case code != "":
		return nil, code
	case room == wire.Lobby, r.Kind == wire.KindDirect:
		return nil, wire.CodeForbidden
	case member:
		delete(r.members, by)
		m.event(store.ToRoom(room), wire.Event{Member: &wire.Member{Room: room, User: by, Left: true}}, by)
	}
	return r.Room, ""
}

func (m *model) addMember(by string, a wire.MemberRef) (any, wire.Code) {
	if code := m.may(by, notGuests); code != "" {
		return nil, code
	}
	r, member, code := m.look(by, a.Room)
	switch u := m.users[a.User]; {
	case code != "":
		return nil, code
	case !member, r.Kind == wire.KindDirect:
		return nil, wire.CodeForbidden
	case r.Archived:
		return nil, wire.CodeConflict
	case u == nil:
		return nil, wire.CodeNotFound
	case u.Deactivated:
		return nil, wire.CodeConflict
	}
	if !r.members[a.User] {
		m.enter(r, a.User)
	}
	return m.shown(r), ""
}
