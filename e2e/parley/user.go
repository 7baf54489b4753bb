package parley

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"parley/shared/wire"
)

// Password is that of every person made here.
const Password = "correct horse battery staple"

// User is somebody who is signed in, and the way to the server: directly, or
// through a proxy. It may be used from any goroutine.
type User struct {
	wire.User
	origin string
	header http.Header // who asks
}

// Nobody is a visitor who is not signed in.
func (s *Server) Nobody() *User { return &User{origin: s.URL(), header: http.Header{}} }

// Setup makes the owner and the lobby.
func (s *Server) Setup(name string) *User {
	s.t.Helper()
	return s.enter("/setup", wire.Setup{Name: name, Password: Password, Community: "Analytical Society"})
}

// Login signs somebody in once more, who has the password of all.
func (s *Server) Login(name string) *User {
	s.t.Helper()
	return s.enter("/login", wire.Login{Name: name, Password: Password})
}

// Member lets somebody in by an invite of u's, with a password.
func (s *Server) Member(u *User, name string) *User {
	s.t.Helper()
	return s.enter("/signup", wire.Signup{Invite: u.Invite(s.t, wire.RoleMember, "").Code, Name: name, Password: Password})
}

// Guest lets somebody in by an invite of u's to a room, without a password.
func (s *Server) Guest(u *User, name, room string) *User {
	s.t.Helper()
	return s.enter("/signup", wire.Signup{Invite: u.Invite(s.t, wire.RoleGuest, room).Code, Name: name})
}

// Bot makes a bot of u's, which acts by an API token.
func (s *Server) Bot(u *User, name string) *User {
	s.t.Helper()
	var token wire.Token
	must(s.t, u.Do(s.t.Context(), wire.CmdCreateToken, wire.CreateToken{Name: name}, &token))
	bot := &User{origin: s.URL(), header: http.Header{"Authorization": {"Bearer " + token.Token}}}
	var sync wire.Sync
	must(s.t, bot.Get(s.t.Context(), "/sync", &sync))
	bot.User = sync.Me
	return bot
}

// SignIn signs somebody in who has a password.
func (s *Server) SignIn(name string) *User {
	s.t.Helper()
	return s.enter("/login", wire.Login{Name: name, Password: Password})
}

func (s *Server) enter(path string, args any) *User {
	s.t.Helper()
	u := s.Nobody()
	header, err := u.ask(s.t.Context(), http.MethodPost, path, args, &u.User)
	must(s.t, err)
	cookies := (&http.Response{Header: header}).Cookies()
	if len(cookies) != 1 {
		s.t.Fatalf("%s gave the cookies %v, want one", path, cookies)
	}
	u.header.Set("Cookie", cookies[0].Name+"="+cookies[0].Value)
	return u
}

// Invite makes an invite.
func (u *User) Invite(t testing.TB, role wire.Role, room string) wire.Invite {
	t.Helper()
	var invite wire.Invite
	must(t, u.Do(t.Context(), wire.CmdCreateInvite, wire.CreateInvite{Role: role, Room: room}, &invite))
	return invite
}

// Send sends one message, once.
func (u *User) Send(ctx context.Context, room, text, nonce string) (wire.Message, error) {
	var m wire.Message
	err := u.Do(ctx, wire.CmdSend, wire.Send{Room: room, Text: text, Nonce: nonce}, &m)
	return m, err
}

// History is a room's messages after seq, all of them, page by page.
func (u *User) History(ctx context.Context, room string, after uint64) ([]wire.Message, error) {
	var all []wire.Message
	for {
		var page wire.MessageList
		path := fmt.Sprintf("/rooms/%s/messages?after=%d&limit=%d", room, after, wire.MaxHistory)
		if err := u.Get(ctx, path, &page); err != nil || len(page.Messages) == 0 {
			return all, err
		}
		all = append(all, page.Messages...)
		after = page.Messages[len(page.Messages)-1].Seq
	}
}

// Via is the same user on another way, a proxy's origin.
func (u *User) Via(origin string) *User {
	v := *u
	v.origin = origin
	return &v
}

// Origin is the way to the server.
func (u *User) Origin() string { return u.origin }

// Header is what a request needs so that the server knows who asks; a copy.
func (u *User) Header() http.Header {
	if u.header == nil {
		return http.Header{}
	}
	return u.header.Clone()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// MemberOf lets somebody in by an invite of u's to a room besides the lobby.
func (s *Server) MemberOf(u *User, name, room string) *User {
	s.t.Helper()
	return s.enter("/signup", wire.Signup{Invite: u.Invite(s.t, wire.RoleMember, room).Code, Name: name, Password: Password})
}

// Room makes a room of u's.
func (u *User) Room(t testing.TB, kind wire.RoomKind, name string) wire.Room {
	t.Helper()
	var room wire.Room
	must(t, u.Do(t.Context(), wire.CmdCreateRoom, wire.CreateRoom{Kind: kind, Name: name}, &room))
	return room
}
