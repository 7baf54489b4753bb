package journal

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

func pick[T any](rnd *rand.Rand, from ...T) T { return from[rnd.IntN(len(from))] }

// anyCommand is a command with arguments of which most are good.
func (x *explorer) anyCommand() (string, any) {
	switch n := x.rnd.IntN(210); {
	case n >= 200:
		return x.hookCommand()
	case n < 12:
		room, seq := x.written()
		return wire.CmdEdit, wire.Edit{Room: room, Seq: seq, Text: pick(x.rnd, x.text(), x.text(), x.text(), "")}
	case n < 20:
		room, seq := x.written()
		return wire.CmdDelete, wire.Delete{Room: room, Seq: seq}
	case n < 40:
		return wire.CmdReact, wire.React{Room: x.room(), Seq: x.seq(), Emoji: pick(x.rnd, append(emojis, "no emoji")...), On: x.rnd.IntN(3) > 0}
	case n < 46:
		return wire.CmdUnread, wire.Unread{Room: x.room(), Seq: x.seq()}
	case n < 50:
		a := wire.Notify{Room: x.room(), Level: pick(x.rnd, wire.NotifyAll, wire.NotifyNothing, ""), Muted: x.rnd.IntN(2) == 0}
		if n == 49 {
			a.Room = ""
		}
		return wire.CmdSetNotify, a
	case n < 60:
		return wire.CmdUpdateRoom, x.updateArgs()
	case n < 67:
		return wire.CmdRemoveMember, removeArgs{Room: x.room(), User: x.user()}
	case n < 73:
		return wire.CmdSetName, wire.SetName{User: x.user(), Name: x.name()}
	case n < 83:
		return wire.CmdSetRole, wire.SetRole{User: x.user(), Role: pick(x.rnd, wire.RoleOwner, wire.RoleAdmin, wire.RoleMember, wire.RoleMember, wire.RoleGuest, wire.RoleGuest, wire.RoleBot)}
	case n < 85:
		return wire.CmdDeactivate, deactivateArgs{User: x.user()}
	case n < 91:
		return wire.CmdReactivate, reactivateArgs{User: x.user()}
	case n < 94:
		return wire.CmdRevokeInvite, wire.InviteRef{ID: store.HashOf(x.invite()).ID()}
	case n < 100:
		a := wire.CreateRoom{Kind: wire.KindDirect, Name: pick(x.rnd, "", "", "", "x")}
		for range x.rnd.IntN(3) {
			a.Members = append(a.Members, x.user())
		}
		return wire.CmdCreateRoom, a
	}
	switch n := x.rnd.IntN(100); {
	case n < 45:
		return wire.CmdSend, x.sendArgs()
	case n < 57:
		return wire.CmdRead, wire.Read{Room: x.room(), Seq: uint64(x.rnd.IntN(40))}
	case n < 64:
		return wire.CmdCreateRoom, x.roomArgs()
	case n < 72:
		return wire.CmdJoin, joinArgs{Room: x.room()}
	case n < 79:
		return wire.CmdLeave, leaveArgs{Room: x.room()}
	case n < 87:
		return wire.CmdAddMember, wire.MemberRef{Room: x.room(), User: x.user()}
	case n < 93:
		return wire.CmdCreateInvite, x.inviteArgs()
	case n < 97:
		return wire.CmdCreateToken, wire.CreateToken{Name: x.name()}
	}
	return wire.CmdRevokeToken, wire.TokenRef{ID: pick(x.rnd, append(x.m.tokenIDs(), "none")...)}
}

// user is one of those there are, now and then one who is not.
func (x *explorer) user() string { return pick(x.rnd, append(x.m.userIDs(), "nobody")...) }

// userFor is half of the time somebody who may do what few may.
func (x *explorer) userFor(command string, args any) string {
	switch command {
	case wire.CmdEdit:
		a := args.(wire.Edit)
		if r := x.m.rooms[a.Room]; r != nil && 0 < a.Seq && a.Seq <= r.Head && x.rnd.IntN(2) == 0 {
			return r.messages[a.Seq-1].Author
		}
	case wire.CmdUpdateRoom, wire.CmdDelete, wire.CmdSetRole, wire.CmdRemoveMember, wire.CmdRevokeHook, wire.CmdSetWebhook:
		for _, id := range x.m.userIDs() {
			if x.m.users[id].Role == wire.RoleOwner && !x.m.users[id].Deactivated && x.rnd.IntN(2) == 0 {
				return id
			}
		}
	}
	return x.user()
}

// room is the lobby half of the time, else any.
func (x *explorer) room() string {
	if x.rnd.IntN(2) == 0 {
		return wire.Lobby
	}
	return pick(x.rnd, append(x.m.roomIDs(), "nowhere", "")...)
}

// emojis are those that are reacted with.
var emojis = []string{"👍", "❤️", "🇨🇳", "1️⃣"}

// written is where something was said, or not: half of the time, if there is one,
// in a room that is archived, where nothing can be changed.
func (x *explorer) written() (room string, seq uint64) {
	for _, id := range x.m.roomIDs() {
		if r := x.m.rooms[id]; r.Archived && r.Head > 0 && x.rnd.IntN(2) == 0 {
			return id, r.Head
		}
	}
	return x.room(), x.seq()
}

func (x *explorer) seq() uint64 { return uint64(x.rnd.IntN(30)) }

func (x *explorer) updateArgs() wire.UpdateRoom {
	a := wire.UpdateRoom{Room: x.room()}
	name, topic, archived := x.name(), pick(x.rnd, "", "new topic"), x.rnd.IntN(2) == 0
	if x.rnd.IntN(3) == 0 {
		a.Name = &name
	}
	if x.rnd.IntN(3) == 0 {
		a.Topic = &topic
	}
	if x.rnd.IntN(2) == 0 {
		a.Archived = &archived
	}
	return a
}

func (x *explorer) text() string {
	switch x.rnd.IntN(6) {
	case 0:
		return "hey @" + strings.ToUpper(x.nameOf(x.user())) + pick(x.rnd, ", come", "", "x", " @room")
	case 1:
		return pick(x.rnd, "@room lunch", "me@room", "@roommate", "@", "@@room")
	}
	return pick(x.rnd, "hi", "你好", "one\r\ntwo", "<b>&\"", "👩‍🚀", strings.Repeat("long ", 100))
}

func (x *explorer) newNonce() string {
	x.names++
	return fmt.Sprint("nonce ", x.names)
}

func (x *explorer) sendArgs() wire.Send {
	s := wire.Send{Room: x.room(), Text: x.text(), Nonce: x.newNonce()}
	switch x.rnd.IntN(20) {
	case 0:
		s.Text = pick(x.rnd, "", " \n ", "a\x00b", strings.Repeat("x", wire.MaxText+1))
	case 1:
		s.Nonce = pick(x.rnd, "", strings.Repeat("n", 65))
	case 2:
		s.Files = []string{"file"}
	case 7, 8, 9:
		x.forgetSwept()
		s.Files = []string{pick(x.rnd, append(x.fileIDs(), "none")...)}
		s.Text = pick(x.rnd, s.Text, "", " ")
	case 3, 4:
		s.ReplyTo = uint64(x.rnd.IntN(50))
	case 5: // used by somebody
		if authors := slices.Sorted(maps.Keys(x.lastSends)); len(authors) > 0 {
			s.Nonce = x.lastSends[pick(x.rnd, authors...)].Nonce
		}
	case 6: // maybe used before, maybe with the same content, maybe trimmed since
		s.Nonce = fmt.Sprint("nonce ", x.rnd.IntN(x.names+1))
	}
	return s
}

// name is new half of the time, else one there is, in other letters.
func (x *explorer) name() string {
	switch x.rnd.IntN(8) {
	case 0:
		return pick(x.rnd, "", "  ", strings.Repeat("x", 33), "a\u202eb")
	case 1, 2:
		return " " + strings.ToUpper(x.nameOf(x.user()))
	case 3: // of a bot that was revoked, if any
		for _, id := range x.m.userIDs() {
			if x.m.users[id].Deactivated {
				return x.nameOf(id)
			}
		}
	}
	x.names++
	return fmt.Sprintf("Name %d ß", x.names)
}

func (x *explorer) nameOf(id string) string {
	if u := x.m.users[id]; u != nil {
		return u.Name
	}
	return "Nobody"
}

func (x *explorer) roomArgs() wire.CreateRoom {
	a := wire.CreateRoom{
		Kind: pick(x.rnd, wire.KindPublic, wire.KindPrivate, wire.KindPrivate),
		Name: x.name(), Topic: pick(x.rnd, "", "what it is about"),
	}
	for range x.rnd.IntN(4) {
		a.Members = append(a.Members, x.user())
	}
	switch x.rnd.IntN(12) {
	case 0:
		a.Kind = pick[wire.RoomKind](x.rnd, "", "other")
	case 1:
		a.Topic = strings.Repeat("x", wire.MaxTopic+1)
	case 2:
		a.Name = strings.ToUpper(x.m.rooms[pick(x.rnd, x.m.roomIDs()...)].Name)
	}
	return a
}

func (x *explorer) inviteArgs() wire.CreateInvite {
	a := wire.CreateInvite{Role: pick(x.rnd, wire.RoleMember, wire.RoleGuest), Uses: x.rnd.IntN(3)}
	if x.rnd.IntN(2) == 0 {
		a.Room = x.room()
	}
	switch x.rnd.IntN(10) {
	case 0:
		a.Role = pick(x.rnd, wire.RoleOwner, wire.RoleBot, "")
	case 1:
		a.Uses = -1
	case 2:
		a.Expires = x.m.now.Add(time.Duration(x.rnd.IntN(600)-300) * time.Second)
	}
	return a
}

// invite is a code, mostly of one of the newest invites.
func (x *explorer) invite() string {
	codes := slices.Sorted(maps.Keys(x.m.invites))
	return pick(x.rnd, append(codes, "no such code")...)
}

func (x *explorer) sessionToken() string {
	return pick(x.rnd, append(slices.Sorted(maps.Keys(x.sessions)), "no such token")...)
}

// wantVariety fails when the walks have not been where they are meant to go: a
// test that only ever sees refusals agrees with anything.
func wantVariety(t *testing.T, did map[string]int) {
	t.Helper()
	for _, what := range []string{
		"send ", "send bad_request", "send not_found", "send forbidden", "send unauthenticated", "send conflict",
		"read ", "create-room ", "create-room conflict", "create-room not_found", "join ", "join not_found",
		"leave ", "leave forbidden", "add-member ", "add-member not_found", "create-invite ", "create-invite forbidden",
		"create-token ", "create-token conflict", "revoke-token ", "revoke-token not_found",
		"setup conflict", "signup ", "signup not_found", "signup conflict", "login ", "login unauthenticated",
		"create-file ", "create-file conflict", "create-file too_large", "append-file ", "append-file conflict", "append-file bad_request", "append-file not_found", "file ", "file not_found", "send files",
		"edit ", "edit forbidden", "edit conflict", "edit not_found", "delete ", "delete forbidden", "delete conflict", "react ", "react bad_request", "react conflict",
		"unread ", "set-notify ", "update-room ", "update-room forbidden", "update-room conflict", "remove-member ", "remove-member forbidden",
		"set-name ", "set-name conflict", "set-role ", "set-role forbidden", "set-role conflict", "deactivate ", "reactivate ",
		"set-password ", "set-password forbidden", "create-hook ", "create-hook conflict", "create-hook not_found", "revoke-hook ", "revoke-hook not_found", "set-webhook ", "set-webhook bad_request", "hook ", "note ", "revoke-invite ", "revisions ", "revisions forbidden",
		"session ", "logout ", "renew ", "trim ", "burst ", "retry ", "retry conflict", "follow ", "history ", "history not_found",
	} {
		if did[what] == 0 {
			t.Errorf("never happened: %s", what)
		}
	}
}
