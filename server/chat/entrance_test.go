package chat

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// A name that the operator gave before there was an owner stays, unless the
// owner gives another one.
func TestSetupKeepsTheName(t *testing.T) {
	for given, want := range map[string]string{"": "Operators", "Owners": "Owners"} {
		w := newWorld(t)
		w.update(func(tx *store.Tx) error { return tx.SetCommunity("Operators") })
		w.enter(w.env.Setup(context.Background(), wire.Setup{Name: "Olga", Password: password, Community: given}))
		if name, _, err := w.q.About(); name != want || err != nil {
			t.Errorf("set up with %q: got %q, %v, want %q", given, name, err, want)
		}
	}
}

func TestSetup(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	if name, setup, err := w.q.About(); name != "" || !setup || err != nil {
		t.Errorf("got %q, %v, %v", name, setup, err)
	}
	early, err := w.env.Invite(wire.CreateInvite{Role: wire.RoleMember})
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.apply(early)
	w.wantCode(err, wire.CodeConflict, "an invite before there is an owner")

	for _, bad := range []wire.Setup{
		{Name: "Olga", Password: "seven77"},
		{Name: "Olga", Password: strings.Repeat("x", wire.MaxPassword+1)},
		{Name: "Olga", Password: password, Community: " "},
		{Name: "Olga", Password: password, Community: strings.Repeat("x", 33)},
	} {
		_, err := w.env.Setup(ctx, bad)
		w.wantCode(err, wire.CodeBadRequest, "setup")
	}

	second, err := w.env.Setup(ctx, wire.Setup{Name: "Late", Password: password}) // prepared before, applied after
	if err != nil {
		t.Fatal(err)
	}
	owner := w.setup("Olga")
	if owner.User.Role != wire.RoleOwner || len(owner.User.ID) != 16 {
		t.Errorf("got %+v", owner.User)
	}
	_, err = w.apply(second)
	w.wantCode(err, wire.CodeConflict, "a second setup")
	if name, setup, err := w.q.About(); name != "Harbour" || setup || err != nil {
		t.Errorf("got %q, %v, %v", name, setup, err)
	}
	w.wantLog(0, []string{
		`m: {"user":{"id":"O","name":"Olga","role":"owner"}}`,
		`u:O {"room":{"id":"lobby","kind":"public","name":"lobby","head":0,"creator":"O"}}`,
		`r:lobby {"user":{"id":"O","name":"Olga","role":"owner"}}`,
		`r:lobby {"member":{"room":"lobby","user":"O"}}`,
	}, owner.User.ID, "O")
	w.view(func(tx *store.Tx) error {
		_, err := tx.UserByName("Late")
		if err == nil {
			t.Error("the second owner is there")
		}
		return nil
	})
}

func TestSignup(t *testing.T) {
	c := newCast(t)
	den := c.room(c.member, wire.KindPrivate, "Den")
	end := c.end()
	guest := c.signup(c.member, wire.RoleGuest, den.ID, "Gina")
	if guest.User.Role != wire.RoleGuest || guest.Expires != wire.TimeOf(c.now).Add(SessionLife) {
		t.Errorf("got %+v", guest)
	}
	lines := c.logAfter(end, c.owner.User.ID, "O", guest.User.ID, "G", c.member.User.ID, "M", den.ID, "R")
	want := []string{
		`m: {"user":{"id":"G","name":"Gina","role":"guest"}}`,
		`u:G {"room":{"id":"lobby","kind":"public","name":"lobby","head":0,"creator":"O"}}`,
		`r:lobby {"user":{"id":"G","name":"Gina","role":"guest"}}`,
		`r:lobby {"member":{"room":"lobby","user":"G"}}`,
	}
	if !slices.Equal(lines[:4], want) {
		t.Errorf("got %q, want %q", lines[:4], want)
	}
	if told := lines[4 : len(lines)-4]; len(told) != 6 || !slices.Contains(told, `u:G {"user":{"id":"M","name":"陈小明","role":"member","latin":"chen xiao ming/meng"}}`) {
		t.Errorf("the guest was told of %q, want all 6 in the lobby", told)
	}
	want = []string{
		`u:G {"room":{"id":"R","kind":"private","name":"Den","head":0,"creator":"M"}}`,
		`r:R {"user":{"id":"G","name":"Gina","role":"guest"}}`,
		`r:R {"member":{"room":"R","user":"G"}}`,
		`u:G {"user":{"id":"M","name":"陈小明","role":"member","latin":"chen xiao ming/meng"}}`,
	}
	if got := lines[len(lines)-4:]; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}

	// An invite into the lobby enters it once.
	end = c.end()
	c.signup(c.owner, wire.RoleMember, wire.Lobby, "Lola")
	if got := c.logAfter(end); len(got) != 4 {
		t.Errorf("got %q", got)
	}
}

func TestSignupPasswords(t *testing.T) {
	c := newCast(t)
	member := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleMember})
	guest := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleGuest})
	for _, s := range []wire.Signup{
		{Invite: member, Name: "New"},
		{Invite: member, Name: "New", Password: "1234567"},
		{Invite: member, Name: "New", Password: strings.Repeat("好", wire.MaxPassword+1)},
		{Invite: guest, Name: "New", Password: password},
	} {
		c.wantCode(c.trySignup(s), wire.CodeBadRequest, s.Password)
	}
	for name, p := range map[string]string{"Min": "12345678", "Max": strings.Repeat("好", wire.MaxPassword)} {
		if err := c.trySignup(wire.Signup{Invite: member, Name: name, Password: p}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestInvitesThatDoNotWork: whatever the reason, the answer is the same.
func TestInvitesThatDoNotWork(t *testing.T) {
	c := newCast(t)
	den := c.room(c.member, wire.KindPrivate, "Den", c.other)
	use := func(code, name string) error {
		return c.trySignup(wire.Signup{Invite: code, Name: name, Password: password})
	}
	want := problemOf(t, use("made up", "A"))
	if want.Code != wire.CodeNotFound {
		t.Errorf("got %+v", want)
	}
	same := func(what string, err error) {
		t.Helper()
		if got := problemOf(t, err); got != want {
			t.Errorf("%s: got %+v, want %+v", what, got, want)
		}
	}

	once := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleMember, Uses: 2})
	for _, name := range []string{"One", "Two"} {
		if err := use(once, name); err != nil {
			t.Fatal(err)
		}
	}
	same("used up", use(once, "Three"))
	same("used up, with a name that is taken", use(once, "Two"))

	tomorrow := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleMember, Expires: wire.TimeOf(c.now.Add(24 * time.Hour))})
	week := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleMember})
	c.now = c.now.Add(24*time.Hour - time.Millisecond)
	if err := use(tomorrow, "Just"); err != nil {
		t.Fatal(err)
	}
	c.now = c.now.Add(time.Millisecond)
	same("expired", use(tomorrow, "Late"))
	c.now = c.now.Add(wire.InviteLife)
	same("expired by default", use(week, "Late"))

	left := c.invite(c.other, wire.CreateInvite{Role: wire.RoleMember, Room: den.ID})
	must[wire.Room](c.world, c.other, wire.CmdLeave, wire.RoomRef{Room: den.ID})
	same("its creator has left the room", use(left, "Late"))

	demoted := c.invite(c.other, wire.CreateInvite{Role: wire.RoleMember})
	c.edit(c.other.User.ID, func(u *store.User) { u.Role = wire.RoleGuest })
	same("its creator may no longer", use(demoted, "Late"))
	c.edit(c.other.User.ID, func(u *store.User) { u.Role = wire.RoleMember })
	gone := c.invite(c.other, wire.CreateInvite{Role: wire.RoleMember})
	c.deactivate(c.other)
	same("its creator is deactivated", use(gone, "Late"))
}

// TestInviteRace: between Prepare and Apply an invite can be used up and a name
// be taken.
func TestInviteRace(t *testing.T) {
	ctx := context.Background()
	c := newCast(t)
	once := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleMember, Uses: 1})
	free := c.invite(c.owner, wire.CreateInvite{Role: wire.RoleMember})
	prepare := func(code, name string) Call {
		call, err := c.env.Signup(ctx, c.q, wire.Signup{Invite: code, Name: name, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		return call
	}
	a, b := prepare(once, "First"), prepare(once, "Second")
	x, y := prepare(free, "Same"), prepare(free, "SAME")
	for _, r := range []struct {
		call Call
		code wire.Code
	}{{a, ""}, {b, wire.CodeNotFound}, {x, ""}, {y, wire.CodeConflict}} {
		_, err := c.apply(r.call)
		c.wantCode(err, r.code, "signup")
	}
}

func TestCreateInviteBadInput(t *testing.T) {
	c := newCast(t)
	at := func(d time.Duration) wire.Time { return wire.TimeOf(c.now.Add(d)) }
	rows := []struct {
		what string
		args any
		code wire.Code
	}{
		{"no role", wire.CreateInvite{}, wire.CodeBadRequest},
		{"owner", wire.CreateInvite{Role: wire.RoleOwner}, wire.CodeBadRequest},
		{"bot", wire.CreateInvite{Role: wire.RoleBot}, wire.CodeBadRequest},
		{"fewer than no uses", wire.CreateInvite{Role: wire.RoleGuest, Uses: -1}, wire.CodeBadRequest},
		{"too many uses", wire.CreateInvite{Role: wire.RoleGuest, Uses: maxInviteUses + 1}, wire.CodeBadRequest},
		{"past", wire.CreateInvite{Role: wire.RoleGuest, Expires: at(0)}, wire.CodeBadRequest},
		{"too far", wire.CreateInvite{Role: wire.RoleGuest, Expires: at(wire.MaxInviteLife + time.Millisecond)}, wire.CodeBadRequest},
		{"no time", `{"role":"guest","expires":"tomorrow"}`, wire.CodeBadRequest},
		{"unknown room", wire.CreateInvite{Role: wire.RoleGuest, Room: "nowhere"}, wire.CodeNotFound},
		{"the longest", wire.CreateInvite{Role: wire.RoleGuest, Expires: at(wire.MaxInviteLife), Uses: maxInviteUses}, ""},
	}
	for _, r := range rows {
		t.Run(r.what, func(t *testing.T) {
			_, err := c.do(c.member, wire.CmdCreateInvite, r.args)
			c.wantCode(err, r.code, "create-invite")
		})
	}
}

// TestLocalInvite: the command line may invite into any room but a direct one.
func TestLocalInvite(t *testing.T) {
	c := newCast(t)
	den := c.room(c.member, wire.KindPrivate, "Den")
	make := func(i wire.CreateInvite) (wire.Invite, error) {
		call, err := c.env.Invite(i)
		if err != nil {
			return wire.Invite{}, err
		}
		result, err := c.apply(call)
		if err != nil {
			return wire.Invite{}, err
		}
		return result.(wire.Invite), nil
	}
	for code, i := range map[wire.Code]wire.CreateInvite{
		wire.CodeBadRequest: {Role: "king"},
		wire.CodeNotFound:   {Role: wire.RoleGuest, Room: "nowhere"},
	} {
		_, err := make(i)
		c.wantCode(err, code, "invite")
	}
	_, err := make(wire.CreateInvite{Role: wire.RoleGuest, Room: c.direct(c.owner)})
	c.wantCode(err, wire.CodeNotFound, "a direct room")
	before := len(c.acts())
	invite, err := make(wire.CreateInvite{Role: wire.RoleGuest, Room: den.ID})
	if err != nil {
		t.Fatal(err)
	}
	acts := c.acts()[before:]
	if len(acts) != 1 || acts[0].Action != wire.AuditCreateInvite || acts[0].Actor != "" || acts[0].Room != den.ID || acts[0].Text != "The server's command line made an invite for a guest." {
		t.Errorf("the audit log tells %+v", acts)
	}
	if err := c.trySignup(wire.Signup{Invite: invite.Code, Name: "Gina"}); err != nil {
		t.Error(err)
	}
}

func TestTokens(t *testing.T) {
	c := newCast(t)
	end := c.end()
	made := must[wire.Token](c.world, c.member, wire.CmdCreateToken, wire.CreateToken{Name: " Ｈｅｌｐｅｒ "})
	if !strings.HasPrefix(made.Token, "parley_") || len(made.ID) != 16 {
		t.Errorf("got %+v", made)
	}
	bot, err := c.q.ByToken(made.Token)
	if err != nil || bot.User.Role != wire.RoleBot || bot.User.Name != "Helper" || bot.Expires != 0 {
		t.Fatalf("got %+v, %v", bot, err)
	}
	c.wantLog(end, []string{
		`m: {"user":{"id":"B","name":"Helper","role":"bot"}}`,
		`u:B {"room":{"id":"lobby","kind":"public","name":"lobby","head":0,"creator":"O"}}`,
		`r:lobby {"user":{"id":"B","name":"Helper","role":"bot"}}`,
		`r:lobby {"member":{"room":"lobby","user":"B"}}`,
	}, bot.User.ID, "B", c.owner.User.ID, "O")

	c.refuse(wire.CodeForbidden, c.other, wire.CmdRevokeToken, wire.TokenRef{ID: made.ID})
	c.refuse(wire.CodeNotFound, c.owner, wire.CmdRevokeToken, wire.TokenRef{ID: "nothing"})
	c.refuse(wire.CodeNotFound, c.owner, wire.CmdRevokeToken, wire.TokenRef{})

	end = c.end()
	call, err := c.env.Command(c.member, wire.CmdRevokeToken, wire.Encode(wire.TokenRef{ID: made.ID}))
	if err != nil {
		t.Fatal(err)
	}
	var result any
	c.update(func(tx *store.Tx) (err error) {
		result, err = Apply(tx, call.Entry)
		return err
	})
	if ended := result.(Revoked).Credentials; !slices.Equal(ended, []store.Hash{bot.Credential}) || call.Answer(result) != (wire.Empty{}) {
		t.Errorf("got %+v, answered %+v", result, call.Answer(result))
	}
	c.wantLog(end, []string{
		`m: {"user":{"id":"B","name":"Helper","role":"bot","deactivated":true}}`,
		`r:lobby {"user":{"id":"B","name":"Helper","role":"bot","deactivated":true}}`,
	}, bot.User.ID, "B")
	_, err = c.q.ByToken(made.Token)
	c.wantCode(err, wire.CodeUnauthenticated, "a revoked token")
	c.refuse(wire.CodeUnauthenticated, bot, wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "n"})
	c.refuse(wire.CodeNotFound, c.member, wire.CmdRevokeToken, wire.TokenRef{ID: made.ID})

	// The name comes back to whoever gave it, and to no other member.
	c.refuse(wire.CodeConflict, c.other, wire.CmdCreateToken, wire.CreateToken{Name: "helper"})
	revived := must[wire.Token](c.world, c.member, wire.CmdCreateToken, wire.CreateToken{Name: "helper"})
	back, err := c.q.ByToken(revived.Token)
	if err != nil || back.User.ID != bot.User.ID || revived.ID == made.ID {
		t.Errorf("got %+v, %v", back, err)
	}
	c.refuse(wire.CodeConflict, c.member, wire.CmdCreateToken, wire.CreateToken{Name: "helper"})
	must[wire.Empty](c.world, c.admin, wire.CmdRevokeToken, wire.TokenRef{ID: revived.ID})
}
