package store

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"parley/shared/wire"
)

// TestModel does random things to a file and to maps, with refused commands,
// panics and reopenings in between; they must agree.
func TestModel(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			db := openTest(t)
			r := &modelRun{rand: rand.New(rand.NewPCG(seed, 2)), model: newModel()}
			for range 200 {
				r.step(t, db)
			}
			if r.model.end < 100 || len(r.model.messages) < 30 {
				t.Errorf("the run reached little: end %d, %d messages", r.model.end, len(r.model.messages))
			}
		})
	}
}

// model is what a file should hold. Values that are slices are never changed
// in place, so a shallow clone is a copy.
type model struct {
	community string
	users     map[string]User
	rooms     map[string]Room
	spans     map[membership][]Span
	messages  map[messageID]wire.Message
	nonces    map[[2]string]Nonce
	reads     map[[2]string]uint64
	sessions  map[Hash]Session
	tokens    map[Hash]Token
	invites   map[Hash]Invite
	log       []Event
	end       uint64
	now       wire.Time
}

type messageID struct {
	room string
	seq  uint64
}

func newModel() *model {
	return &model{
		users: map[string]User{}, rooms: map[string]Room{}, spans: map[membership][]Span{},
		messages: map[messageID]wire.Message{}, nonces: map[[2]string]Nonce{}, reads: map[[2]string]uint64{},
		sessions: map[Hash]Session{}, tokens: map[Hash]Token{}, invites: map[Hash]Invite{},
	}
}

func (m *model) clone() *model {
	c := *m
	c.users, c.rooms, c.spans = maps.Clone(m.users), maps.Clone(m.rooms), maps.Clone(m.spans)
	c.messages, c.nonces, c.reads = maps.Clone(m.messages), maps.Clone(m.nonces), maps.Clone(m.reads)
	c.sessions, c.tokens, c.invites = maps.Clone(m.sessions), maps.Clone(m.tokens), maps.Clone(m.invites)
	c.log = slices.Clone(m.log)
	return &c
}

func (m *model) first() uint64 {
	if len(m.log) == 0 {
		return m.end + 1
	}
	return m.log[0].Offset
}

type modelRun struct {
	rand  *rand.Rand
	model *model
}

var (
	errRefused = errors.New("refused")
	modelOps   = []func(*modelRun, *Tx, *model) error{
		(*modelRun).putUser, (*modelRun).putRoom, (*modelRun).join, (*modelRun).join, (*modelRun).leave,
		(*modelRun).send, (*modelRun).send, (*modelRun).send, (*modelRun).send, (*modelRun).edit,
		(*modelRun).read, (*modelRun).session, (*modelRun).token, (*modelRun).invite,
		(*modelRun).trim, (*modelRun).sweep, (*modelRun).name,
	}
)

// step is one Update of some operations, or a reopening.
func (r *modelRun) step(t *testing.T, db *testDB) {
	t.Helper()
	reopen := r.rand.IntN(25) == 0
	if reopen {
		db.reopen()
	}
	next := r.model.clone()
	fate := r.rand.IntN(10)
	err := db.Update(func(tx *Tx) error {
		for range 1 + r.rand.IntN(8) {
			next.now += wire.Time(r.rand.IntN(1000))
			if err := modelOps[r.rand.IntN(len(modelOps))](r, tx, next); err != nil {
				return err
			}
		}
		if r.rand.IntN(6) == 0 {
			if err := next.compare(tx); err != nil {
				return fmt.Errorf("inside: %w", err)
			}
		}
		switch fate {
		case 0:
			return errRefused
		case 1:
			panic(errRefused)
		}
		return nil
	})
	switch {
	case fate <= 1 && err == nil:
		t.Fatal("a refused Update went through")
	case fate == 0 && !errors.Is(err, errRefused):
		t.Fatal(err)
	case fate > 1 && err != nil:
		t.Fatal(err)
	case fate > 1:
		r.model = next
	}
	if fate > 1 && !reopen && r.rand.IntN(3) > 0 {
		return // reading everything takes its time
	}
	if err := db.View(r.model.compare); err != nil {
		t.Fatal(err)
	}
}

func pick[K cmp.Ordered, V any](r *modelRun, m map[K]V) (key K, ok bool) {
	if len(m) == 0 {
		return key, false
	}
	keys := slices.Sorted(maps.Keys(m))
	return keys[r.rand.IntN(len(keys))], true
}

func (r *modelRun) id(prefix string, n int) string { return fmt.Sprint(prefix, r.rand.IntN(n)) }

func (r *modelRun) putUser(tx *Tx, m *model) error {
	u := User{User: wire.User{ID: r.id("u", 8), Name: r.id("Name", 12), Role: wire.RoleMember}, Created: m.now}
	for _, other := range m.users {
		if other.ID != u.ID && other.Name == u.Name {
			writes := tx.Writes()
			if err := tx.PutUser(u); !errors.Is(err, ErrNameTaken) || tx.Writes() != writes {
				return fmt.Errorf("a taken name: %w, %d writes", err, tx.Writes()-writes)
			}
			return nil
		}
	}
	m.users[u.ID] = u
	return tx.PutUser(u)
}

func (r *modelRun) putRoom(tx *Tx, m *model) error {
	room := Room{Room: wire.Room{ID: r.id("r", 5), Kind: wire.KindPublic, Name: r.id("Room", 20), Creator: "x"}, Created: m.now}
	for _, other := range m.rooms {
		if other.ID != room.ID && other.Name == room.Name {
			writes := tx.Writes()
			if err := tx.PutRoom(room); !errors.Is(err, ErrNameTaken) || tx.Writes() != writes {
				return fmt.Errorf("a taken room name: %w, %d writes", err, tx.Writes()-writes)
			}
			return nil
		}
	}
	if err := tx.PutRoom(room); err != nil {
		return err
	}
	old := m.rooms[room.ID]
	room.Num, room.Head, room.Count = old.Num, old.Head, old.Count
	if old.Num == 0 {
		for _, other := range m.rooms {
			room.Num = max(room.Num, other.Num)
		}
		room.Num++
	}
	m.rooms[room.ID] = room
	return nil
}

func (r *modelRun) join(tx *Tx, m *model) error { return r.changeMember(tx, m, true) }

func (r *modelRun) leave(tx *Tx, m *model) error { return r.changeMember(tx, m, false) }

func (r *modelRun) changeMember(tx *Tx, m *model, enter bool) error {
	user, ok := pick(r, m.users)
	room, ok2 := pick(r, m.rooms)
	if !ok || !ok2 {
		return nil
	}
	key := membership{room, user}
	change, delta := tx.RemoveMember, -1
	if enter {
		change, delta = tx.AddMember, 1
	}
	writes := tx.Writes()
	if err := change(room, user); err != nil {
		return err
	}
	if isOpen(m.spans[key]) == enter {
		if tx.Writes() != writes {
			return errors.New("a change that changes nothing was counted")
		}
		return nil
	}
	spans := slices.Clone(m.spans[key])
	switch n := len(spans); {
	case !enter:
		spans[n-1].To = m.end + 1
	case n > 0 && spans[n-1].To == m.end+1:
		spans[n-1].To = 0
	default:
		spans = append(spans, Span{From: m.end + 1})
	}
	m.spans[key] = spans
	changed := m.rooms[room]
	changed.Count += delta
	m.rooms[room] = changed
	if r.rand.IntN(4) == 0 {
		return nil // back before anything happens
	}
	return m.append(tx, Event{Time: m.now, Audience: ToRoom(room), Data: wire.Encode(wire.Event{
		Member: &wire.Member{Room: room, User: user, Left: !enter},
	})})
}

func (m *model) append(tx *Tx, e Event) error {
	offset, err := tx.Append(e)
	if err != nil {
		return err
	}
	m.end++
	if offset != m.end {
		return fmt.Errorf("appended at %d, not %d", offset, m.end)
	}
	e.Offset = offset
	m.log = append(m.log, e)
	appended := tx.Appended()
	return same("the newest of Appended", appended[len(appended)-1], e)
}

func (r *modelRun) send(tx *Tx, m *model) error {
	user, ok := pick(r, m.users)
	room, ok2 := pick(r, m.rooms)
	nonce := r.id("nonce", 40)
	if _, used := m.nonces[[2]string{user, nonce}]; !ok || !ok2 || used {
		return nil
	}
	changed := m.rooms[room]
	changed.Head++
	message, err := send(tx, room, user, nonce, fmt.Sprint("text ", r.rand.Uint64()), m.now)
	if err != nil {
		return err
	}
	m.rooms[room] = changed
	m.messages[messageID{room, changed.Head}] = message
	m.nonces[[2]string{user, nonce}] = Nonce{Room: room, Seq: changed.Head, Hash: HashOf(message.Text)}
	return m.appended(tx)
}

// appended takes over the event that a helper has just appended.
func (m *model) appended(tx *Tx) error {
	all := tx.Appended()
	m.end++
	m.log = append(m.log, all[len(all)-1])
	if got := all[len(all)-1].Offset; got != m.end {
		return fmt.Errorf("appended at %d, not %d", got, m.end)
	}
	return nil
}

func (r *modelRun) edit(tx *Tx, m *model) error {
	room, ok := pick(r, m.rooms)
	if !ok || m.rooms[room].Head == 0 {
		return nil
	}
	id := messageID{room, 1 + r.rand.Uint64N(m.rooms[room].Head)}
	message := m.messages[id]
	if message.Deleted != 0 {
		return nil
	}
	said := message.Text
	message.Rev++
	switch r.rand.IntN(4) {
	case 0:
		message.Text, message.Deleted, message.Reactions = "", m.now, nil
	case 1:
		message.Reactions = []wire.Reaction{{Emoji: "👍", Users: []string{message.Author}}}
	default:
		message.Edited, message.Text = m.now, fmt.Sprint("edited ", r.rand.Uint64())
	}
	m.messages[id] = message
	if err := tx.PutMessage(message); err != nil {
		return err
	}
	if err := appendMessage(tx, message); err != nil {
		return err
	}
	if err := m.appended(tx); err != nil {
		return err
	}
	if message.Text != said {
		m.correct(message)
	}
	return nil
}

// correct gives the older events of a message the text that it has now.
func (m *model) correct(now wire.Message) {
	m.log = slices.Clone(m.log)
	for i, e := range m.log {
		var data wire.Event
		if err := wire.Decode(e.Data, &data); err != nil {
			panic(err)
		}
		if old := data.Message; old != nil && old.Room == now.Room && old.Seq == now.Seq {
			old.Text, old.Edited, old.Deleted = now.Text, now.Edited, now.Deleted
			if now.Deleted != 0 {
				old.Reactions = nil
			}
			m.log[i].Data, m.log[i].Revised = wire.Encode(data), old.Rev < now.Rev
		}
	}
}

func (r *modelRun) read(tx *Tx, m *model) error {
	user, ok := pick(r, m.users)
	room, ok2 := pick(r, m.rooms)
	if !ok || !ok2 {
		return nil
	}
	seq := r.rand.Uint64N(m.rooms[room].Head + 1)
	m.reads[[2]string{user, room}] = seq
	return tx.PutRead(user, room, seq)
}

func (r *modelRun) session(tx *Tx, m *model) error {
	user, ok := pick(r, m.users)
	if !ok {
		return nil
	}
	h := HashOf(r.id("session", 10))
	if r.rand.IntN(3) == 0 {
		delete(m.sessions, h)
		return tx.DeleteSession(h)
	}
	if old, ok := m.sessions[h]; ok {
		user = old.User
	}
	s := Session{User: user, Created: m.now, Expires: m.now + 5000}
	m.sessions[h] = s
	return tx.PutSession(h, s)
}

func (r *modelRun) token(tx *Tx, m *model) error {
	user, ok := pick(r, m.users)
	if !ok {
		return nil
	}
	id := r.id("token", 6)
	h := HashOf(id)
	if r.rand.IntN(3) == 0 {
		delete(m.tokens, h)
		return tx.DeleteToken(h)
	}
	token := Token{ID: id, User: user, Creator: user, Created: m.now}
	m.tokens[h] = token
	return tx.PutToken(h, token)
}

func (r *modelRun) invite(tx *Tx, m *model) error {
	h := HashOf(r.id("invite", 10))
	if r.rand.IntN(3) == 0 {
		delete(m.invites, h)
		return tx.DeleteInvite(h)
	}
	i := Invite{Role: wire.RoleGuest, Left: r.rand.IntN(3), Limited: true, Expires: m.now + 5000}
	m.invites[h] = i
	return tx.PutInvite(h, i)
}

func (r *modelRun) trim(tx *Tx, m *model) error {
	before, keep, limit := m.now-wire.Time(r.rand.IntN(20_000)), r.rand.IntN(30), r.rand.IntN(12)
	dropped := 0
	for dropped < limit && len(m.log) > keep && m.log[0].Time < before {
		e := m.log[0]
		m.log = m.log[1:]
		dropped++
		if n, ok := m.nonces[[2]string{e.Owner, e.Nonce}]; ok && eventMessage(e) == (messageID{n.Room, n.Seq}) {
			delete(m.nonces, [2]string{e.Owner, e.Nonce})
		}
	}
	n, err := tx.TrimLog(before, keep, limit)
	if err == nil && n != dropped {
		err = fmt.Errorf("trimmed %d events, not %d", n, dropped)
	}
	return err
}

// eventMessage is the message that an event with a nonce is about.
func eventMessage(e Event) messageID {
	var data wire.Event
	if err := wire.Decode(e.Data, &data); err != nil {
		panic(err)
	}
	return messageID{data.Message.Room, data.Message.Seq}
}

func (r *modelRun) sweep(tx *Tx, m *model) error {
	now := m.now - wire.Time(r.rand.IntN(5000))
	maps.DeleteFunc(m.sessions, func(_ Hash, s Session) bool { return s.Expires <= now })
	maps.DeleteFunc(m.invites, func(_ Hash, i Invite) bool { return i.Expires <= now })
	return tx.SweepExpired(now, 10_000)
}

func (r *modelRun) name(tx *Tx, m *model) error {
	m.community = r.id("Community ", 9)
	return tx.SetCommunity(m.community)
}
