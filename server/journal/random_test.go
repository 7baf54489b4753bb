package journal

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

const ninetyDays = 90 * 24 * time.Hour

// explorer does random things to the real thing and to the model.
type explorer struct {
	*rig
	t   *testing.T
	m   *model
	rnd *rand.Rand

	names     int // made so far
	swept     wire.Time
	did       map[string]int // how often which command ended how
	sessions  map[string]chat.Actor
	lastSends map[string]wire.Send // the newest of each author
	replicas  map[string]*replica  // of each user, as of the last comparison
}

// TestModel does thousands of random commands, closing and opening the file in
// between, and compares every answer, and now and then everything.
func TestModel(t *testing.T) {
	did := map[string]int{}
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			x := newExplorer(t, seed)
			x.explore(2000)
			for what, n := range x.did {
				did[what] += n
			}
		})
	}
	if !t.Failed() {
		wantVariety(t, did)
	}
}

func newExplorer(t *testing.T, seed uint64) *explorer {
	x := &explorer{
		t: t, m: newModel(), rnd: rand.New(rand.NewPCG(seed, 1)),
		did: map[string]int{}, sessions: map[string]chat.Actor{}, lastSends: map[string]wire.Send{},
		replicas: map[string]*replica{},
	}
	x.rig = tempRig(t, Options{Trim: Trim{Every: time.Hour}}) // trimming is one of the commands
	x.m.now = wire.TimeOf(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC))
	x.env.Now = func() time.Time { return x.m.now.Std() }
	x.env.Rand = rand.NewChaCha8([32]byte{byte(seed)})
	x.env.Files = fileLimits
	return x
}

func (x *explorer) explore(steps int) {
	for step := range steps {
		x.step()
		if step%300 == 299 {
			x.reopen()
		}
		if step%50 == 49 {
			x.forgetSwept()
			x.m.compare(x.t, x.rig)
			x.compareReplicas()
		}
	}
	x.reopen()
	x.forgetSwept()
	x.m.compare(x.t, x.rig)
}

func (x *explorer) step() {
	x.tick()
	if len(x.m.users) == 0 {
		x.setup()
		return
	}
	switch n := x.rnd.IntN(100); {
	case n < 1:
		x.setup()
	case n < 6:
		x.signup()
	case n < 9:
		x.login()
	case n < 12:
		x.session()
	case n < 14:
		x.localInvite()
	case n < 17:
		x.trim()
	case n < 20:
		x.burst()
	case n < 24:
		x.retry()
	case n < 32:
		x.query()
	case n < 35:
		x.setPassword()
	case n < 45:
		x.file()
	default:
		name, args := x.anyCommand()
		x.command(x.userFor(name, args), name, args)
	}
}

// tick moves the clock: mostly a little, now and then by days or backwards, but
// not to before a sweep, whose result is not undone.
func (x *explorer) tick() {
	switch n := x.rnd.IntN(100); {
	case n < 90:
		x.m.now = x.m.now.Add(time.Duration(x.rnd.IntN(5000)) * time.Millisecond)
	case n < 97:
		x.m.now = x.m.now.Add(-time.Duration(x.rnd.IntN(600)) * time.Second)
	default:
		x.m.now = x.m.now.Add(time.Duration(x.rnd.IntN(5*24)) * time.Hour)
	}
	x.m.now = max(x.m.now, x.swept)
}

// command does one to both.
func (x *explorer) command(by, name string, args any) {
	x.t.Helper()
	got, err := x.rig.command(chat.Actor{User: wire.User{ID: by}}, name, args)
	want, code := x.m.do(by, args, got)
	x.same(name, got, err, want, code)
	if token, ok := got.(wire.Token); ok && err == nil {
		bot, err := x.q.ByToken(token.Token)
		if err != nil {
			x.t.Fatal(err)
		}
		x.m.adoptBot(token.ID, bot.User.ID, bot.User.Name)
	}
	if send, ok := args.(wire.Send); ok && err == nil {
		x.lastSends[by] = send
		if len(send.Files) > 0 {
			x.did["send files"]++
		}
	}
}

func (x *explorer) same(what string, got any, err error, want any, code wire.Code) {
	x.t.Helper()
	x.did[what+" "+string(code)]++
	same(x.t, what, got, err, want, code)
}

// signedIn does a call that opens a session.
func (x *explorer) signedIn(call chat.Call, err error) (wire.User, error) {
	if err != nil {
		return wire.User{}, err
	}
	result, err := x.submit(call)
	if err != nil {
		return wire.User{}, err
	}
	x.sessions[call.Secret] = chat.Actor{Credential: store.HashOf(call.Secret)}
	return result.(wire.User), nil
}

func (x *explorer) setup() {
	a := wire.Setup{Name: x.name(), Password: pick(x.rnd, password, password, "short")}
	call, err := x.env.Setup(context.Background(), a)
	got, err := x.signedIn(call, err)
	want, code := x.m.setup(a, got, call.Secret)
	x.same("setup", got, err, want, code)
}

func (x *explorer) signup() {
	a := wire.Signup{Invite: x.invite(), Name: x.name(), Password: pick(x.rnd, "", password)}
	call, err := x.env.Signup(context.Background(), x.q, a)
	got, err := x.signedIn(call, err)
	want, code := x.m.signup(a, got, call.Secret)
	x.same("signup", got, err, want, code)
}

func (x *explorer) login() {
	a := wire.Login{Name: strings.ToUpper(x.nameOf(x.user())), Password: pick(x.rnd, password, password, "wrong")}
	call, err := x.env.Login(context.Background(), x.q, a)
	got, err := x.signedIn(call, err)
	want, code := x.m.login(a, call.Secret)
	x.same("login", got, err, want, code)
}

// session looks at one, and renews or ends it now and then.
func (x *explorer) session() {
	token := x.sessionToken()
	user, code := x.m.bySession(token)
	actor, err := x.q.BySession(token, x.m.now.Std())
	x.same("session", actor.User.ID, err, user, code)
	if err != nil {
		return
	}
	switch x.rnd.IntN(4) {
	case 0:
		got, err := x.submit(x.env.Logout(actor))
		delete(x.m.sessions, token)
		x.same("logout", got, err, wire.Empty{}, "")
	case 1:
		got, err := x.submit(x.env.Renew(actor))
		s := x.m.sessions[token]
		s.expires = max(s.expires, x.m.now.Add(ninetyDays))
		x.same("renew", got, err, wire.Empty{}, "")
	}
	x.hooks()
	if ids := x.m.tokenIDs(); len(ids) > 0 {
		secret := x.m.tokens[pick(x.rnd, ids...)].secret + pick(x.rnd, "", "", "x")
		user, code := x.m.byToken(secret)
		actor, err := x.q.ByToken(secret)
		x.same("token", actor.User.ID, err, user, code)
	}
}

func (x *explorer) localInvite() {
	a := x.inviteArgs()
	call, err := x.env.Invite(a)
	var got any
	if err == nil {
		got, err = x.submit(call)
	}
	invite, _ := got.(wire.Invite)
	want, code := x.m.createInvite("", a, invite.Code)
	x.same("local invite", got, err, want, code)
}

func (x *explorer) trim() {
	op := chat.Trim{
		Before: x.m.now.Add(-time.Duration(x.rnd.IntN(24*60)) * time.Minute),
		Keep:   x.rnd.IntN(300), Limit: 1 + x.rnd.IntN(200),
	}
	got, err := x.submit(chat.Call{Entry: chat.Entry{Time: x.m.now, Op: op}})
	x.swept = x.m.now
	x.same("trim", got, err, x.m.trim(op), "")
}

// setPassword is the command that is prepared in a way of its own.
func (x *explorer) setPassword() {
	by := x.user()
	a := wire.SetPassword{User: pick(x.rnd, by, x.user()), Password: pick(x.rnd, password, password, "short"), Current: pick(x.rnd, password, password, "wrong")}
	token := x.sessionToken()
	call, err := x.env.SetPassword(context.Background(), x.q, chat.Actor{User: wire.User{ID: by}, Credential: store.HashOf(token)}, wire.Encode(a))
	var got any
	if err == nil {
		got, err = x.submit(call)
	}
	want, code := x.m.setPassword(by, a, token)
	x.same(wire.CmdSetPassword, got, err, want, code)
}

// retry sends again what was sent before, by one and by several at once.
func (x *explorer) retry() {
	by := x.user()
	send, ok := x.lastSends[by]
	if !ok {
		return
	}
	if x.rnd.IntN(3) == 0 {
		send.Text += "!"
	}
	want, code := x.m.send(by, send)
	var tries sync.WaitGroup
	for range 1 + x.rnd.IntN(6) {
		tries.Go(func() {
			got, err := x.rig.command(chat.Actor{User: wire.User{ID: by}}, wire.CmdSend, send)
			if wire.CodeFrom(err) != code || (err == nil && string(wire.Encode(got)) != string(wire.Encode(want))) {
				x.t.Errorf("retry of %q: got %v, %v; want %v, %q", send.Nonce, got, err, want, code)
			}
		})
	}
	tries.Wait()
	x.did["retry "+string(code)]++
}

// burst is many sends at once into one room; the seqs tell their order.
func (x *explorer) burst() {
	type sent struct {
		by   string
		args wire.Send
		got  wire.Message
	}
	all := make([]sent, 2+x.rnd.IntN(20))
	room := x.room()
	var sends sync.WaitGroup
	for i := range all {
		s := &all[i]
		s.by, s.args = x.user(), wire.Send{Room: room, Text: x.text(), Nonce: x.newNonce()}
		sends.Go(func() {
			got, err := x.rig.command(chat.Actor{User: wire.User{ID: s.by}}, wire.CmdSend, s.args)
			if err == nil {
				s.got = got.(wire.Message)
			}
		})
	}
	sends.Wait()
	slices.SortFunc(all, func(a, b sent) int { return int(a.got.Seq) - int(b.got.Seq) })
	for _, s := range all {
		want, code := x.m.send(s.by, s.args)
		if code == "" && string(wire.Encode(want)) != string(wire.Encode(s.got)) {
			x.t.Fatalf("burst: got %+v, want %+v", s.got, want)
		}
		if code != "" && s.got.Seq != 0 {
			x.t.Fatalf("burst: got %+v, want %q", s.got, code)
		}
	}
	x.did["burst "]++
}

func (x *explorer) query() {
	by, room := x.user(), x.room()
	actor := chat.Actor{User: wire.User{ID: by}}
	p := chat.Page{Limit: x.rnd.IntN(30)}
	at := uint64(1 + x.rnd.IntN(100))
	switch x.rnd.IntN(5) {
	case 0:
		p.Before = at
	case 1:
		p.After = at
	case 2:
		p.Around = at
	case 3:
		p.Oldest = true
	}
	got, err := x.q.History(actor, room, p)
	want, code := x.m.history(by, room, p)
	x.same("history", got, err, want, code)

	said, err := x.q.Revisions(actor, room, at)
	revisions, code := x.m.revisions(by, room, at)
	x.same("revisions", said, err, revisions, code)

	code = x.m.may(by, allRoles)
	if code == "" {
		_, code = x.m.open(by, room)
	}
	x.same("check member", nil, x.q.CheckMember(actor, room), nil, code)
}
