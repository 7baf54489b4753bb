package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// cheap is a cost at which a test can hash thousands of passwords.
var cheap = Cost{Memory: 64, Passes: 1, Threads: 1}

const password = "correct horse"

// world is a real store with the rules on top, one command at a time.
type world struct {
	t   *testing.T
	db  *store.DB
	env Env
	q   Queries
	now time.Time // what env.Now says
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "parley.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		report, err := db.Check()
		if err != nil || !report.OK() {
			t.Errorf("check: %+v, %v", report, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{t: t, db: db, q: Queries{DB: db}, now: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	w.env = Env{
		Now:       func() time.Time { return w.now },
		Rand:      rand.NewChaCha8([32]byte{1}),
		Passwords: NewPasswords(cheap),
		Files:     FileLimits{Each: 1 << 20, All: 3 << 20},
	}
	return w
}

// cast is a community with somebody of every role.
type cast struct {
	*world
	owner, admin, member, other, guest, bot Actor
	botToken                                string // the id of the bot's token, made by member
}

func newCast(t *testing.T) *cast {
	t.Helper()
	w := newWorld(t)
	c := &cast{world: w, owner: w.setup("Olga")}
	c.admin = w.signup(c.owner, wire.RoleMember, "", "Ada")
	w.edit(c.admin.User.ID, func(u *store.User) { u.Role = wire.RoleAdmin })
	c.admin.User.Role = wire.RoleAdmin
	c.member = w.signup(c.owner, wire.RoleMember, "", "陈小明")
	c.other = w.signup(c.owner, wire.RoleMember, "", "Otto")
	c.guest = w.signup(c.owner, wire.RoleGuest, "", "Gus")
	token := must[wire.Token](w, c.member, wire.CmdCreateToken, wire.CreateToken{Name: "Robo"})
	c.botToken = token.ID
	bot, err := w.q.ByToken(token.Token)
	if err != nil {
		t.Fatal(err)
	}
	c.bot = bot
	return c
}

// apply does an entry, and checks that a refusal has written nothing.
func (w *world) apply(call Call) (any, error) {
	w.t.Helper()
	var result any
	err := w.db.Update(func(tx *store.Tx) (err error) {
		before, end := tx.Writes(), tx.End()
		result, err = Apply(tx, call.Entry)
		if err != nil && (tx.Writes() != before || tx.End() != end) {
			return fmt.Errorf("%T wrote although it failed: %s", call.Entry.Op, err.Error())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return call.Answer(result), nil
}

func (w *world) do(a Actor, name string, args any) (any, error) {
	w.t.Helper()
	body, ok := args.(string)
	if !ok {
		encoded, err := json.Marshal(args)
		if err != nil {
			w.t.Fatal(err)
		}
		body = string(encoded)
	}
	call, err := w.env.Command(a, name, []byte(body))
	if err != nil {
		return nil, err
	}
	return w.apply(call)
}

// must does a command that has to succeed.
func must[T any](w *world, a Actor, name string, args any) T {
	w.t.Helper()
	result, err := w.do(a, name, args)
	if err != nil {
		w.t.Fatalf("%s %+v: %v", name, args, err)
	}
	r, ok := result.(T)
	if !ok {
		w.t.Fatalf("%s: the result is a %T", name, result)
	}
	return r
}

// refuse does a command that has to be refused with this code.
func (w *world) refuse(code wire.Code, a Actor, name string, args any) {
	w.t.Helper()
	_, err := w.do(a, name, args)
	w.wantCode(err, code, fmt.Sprintf("%s %+v", name, args))
}

func (w *world) wantCode(err error, code wire.Code, what string) {
	w.t.Helper()
	if wire.CodeFrom(err) != code {
		w.t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func (w *world) setup(name string) Actor {
	w.t.Helper()
	call, err := w.env.Setup(context.Background(), wire.Setup{Name: name, Password: password, Community: "Harbour"})
	return w.enter(call, err)
}

// enter applies a call that signs somebody in, and is who it was.
func (w *world) enter(call Call, err error) Actor {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.apply(call); err != nil {
		w.t.Fatal(err)
	}
	a, err := w.q.BySession(call.Secret, w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) invite(by Actor, i wire.CreateInvite) string {
	w.t.Helper()
	return must[wire.Invite](w, by, wire.CmdCreateInvite, i).Code
}

func (w *world) signup(by Actor, role wire.Role, room, name string) Actor {
	w.t.Helper()
	s := wire.Signup{Invite: w.invite(by, wire.CreateInvite{Role: role, Room: room}), Name: name}
	if role != wire.RoleGuest {
		s.Password = password
	}
	call, err := w.env.Signup(context.Background(), w.q, s)
	return w.enter(call, err)
}

func (w *world) trySignup(s wire.Signup) error {
	w.t.Helper()
	call, err := w.env.Signup(context.Background(), w.q, s)
	if err == nil {
		_, err = w.apply(call)
	}
	return err
}

// edit changes a user as commands of later versions will.
func (w *world) edit(id string, fn func(*store.User)) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		u, err := tx.User(id)
		if err != nil {
			return err
		}
		fn(&u)
		return tx.PutUser(u)
	})
}

func (w *world) update(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) view(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.View(fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) room(by Actor, kind wire.RoomKind, name string, members ...Actor) wire.Room {
	w.t.Helper()
	args := wire.CreateRoom{Kind: kind, Name: name}
	for _, m := range members {
		args.Members = append(args.Members, m.User.ID)
	}
	return must[wire.Room](w, by, wire.CmdCreateRoom, args)
}

func (w *world) send(by Actor, room, text, nonce string) wire.Message {
	w.t.Helper()
	return must[wire.Message](w, by, wire.CmdSend, wire.Send{Room: room, Text: text, Nonce: nonce})
}

// end is the offset of the log's newest event.
func (w *world) end() (end uint64) {
	w.view(func(tx *store.Tx) error {
		end = tx.End()
		return nil
	})
	return end
}

// logAfter is the log after an offset, one line per event: audience, owner and
// nonce where there are, JSON. names replaces ids by what the test calls them.
func (w *world) logAfter(offset uint64, names ...string) []string {
	w.t.Helper()
	var lines []string
	replace := strings.NewReplacer(names...)
	w.view(func(tx *store.Tx) error {
		return tx.Log(offset, func(e store.Event) bool {
			line := string(rune(e.Audience.Kind)) + ":" + e.Audience.ID
			if e.Nonce != "" {
				line += " " + e.Owner + "/" + e.Nonce
			}
			lines = append(lines, replace.Replace(line+" "+string(e.Data)))
			return true
		})
	})
	return lines
}

func (w *world) wantLog(offset uint64, want []string, names ...string) {
	w.t.Helper()
	got := w.logAfter(offset, names...)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		w.t.Errorf("the log got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// problemOf is the Problem in err, for comparing two of them whole.
func problemOf(t *testing.T, err error) wire.Problem {
	t.Helper()
	var p *wire.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want a problem", err)
	}
	return *p
}
