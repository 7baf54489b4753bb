package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// world is a community on a real store, with a feed and a model of who is to
// see what. Nothing in the model comes from the store or the feed.
type world struct {
	testing.TB
	db   *store.DB
	feed *Feed
	o    options

	log     []record
	members map[string]map[string]bool // room to users
	guests  map[string]bool
	pending [][]store.Event // committed, not published
	said    int
}

// record is an event of the log as the model has it.
type record struct {
	offset uint64
	data   string
	owned  string          // as the owner gets it
	owner  string          // empty: nobody gets it in another form
	sees   map[string]bool // users
}

func newWorld(t testing.TB, o options) *world {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "parley.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, db: db, o: o, members: map[string]map[string]bool{}, guests: map[string]bool{}}
	w.feed = newFeed(db, o)
	t.Cleanup(func() {
		_ = w.feed.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// users makes users; those whose names begin with g are guests.
func (w *world) users(names ...string) {
	w.Helper()
	w.update(func(tx *store.Tx) {
		for _, name := range names {
			u := store.User{User: wire.User{ID: name, Name: name, Role: wire.RoleMember}, Created: 1}
			if w.guests[name] = strings.HasPrefix(name, "g"); w.guests[name] {
				u.Role = wire.RoleGuest
			}
			w.must(tx.PutUser(u))
		}
	})
}

func (w *world) room(id string, members ...string) {
	w.Helper()
	w.update(func(tx *store.Tx) {
		w.must(tx.PutRoom(store.Room{Room: wire.Room{ID: id, Kind: wire.KindPrivate, Name: id}, Created: 1}))
		w.members[id] = map[string]bool{}
		for _, m := range members {
			w.join(tx, id, m)
		}
	})
	w.publish()
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// update commits without publishing.
func (w *world) update(fn func(tx *store.Tx)) {
	w.Helper()
	var events []store.Event
	w.must(w.db.Update(func(tx *store.Tx) error {
		fn(tx)
		events = tx.Appended()
		return nil
	}))
	if len(events) > 0 {
		w.pending = append(w.pending, events)
	}
}

// publish publishes everything committed, commit by commit.
func (w *world) publish() {
	for len(w.pending) > 0 {
		w.publishOne()
	}
}

func (w *world) publishOne() {
	w.feed.Publish(w.pending[0])
	w.pending = w.pending[1:]
}

// restart makes a new feed over the same store.
func (w *world) restart() {
	_ = w.feed.Close()
	w.feed = newFeed(w.db, w.o)
	w.pending = nil
}

func (w *world) append(tx *store.Tx, a store.Audience, event wire.Event, owner, nonce string) {
	w.Helper()
	e := store.Event{Time: 1, Audience: a, Data: wire.Encode(event), Owner: owner, Nonce: nonce}
	offset, err := tx.Append(e)
	w.must(err)
	r := record{offset: offset, data: string(e.Data), sees: map[string]bool{}}
	if nonce != "" {
		r.owner, r.owned = owner, strings.Replace(r.data, `}}`, `,"nonce":"`+nonce+`"}}`, 1)
	}
	for user, guest := range w.guests {
		switch a.Kind {
		case store.AudienceRoom:
			r.sees[user] = w.members[a.ID][user]
		case store.AudienceUser:
			r.sees[user] = user == a.ID
		case store.AudienceMembers:
			r.sees[user] = !guest
		}
	}
	w.log = append(w.log, r)
}

// say appends a message, with the nonce of its author.
func (w *world) say(tx *store.Tx, room, author, text string) {
	w.Helper()
	w.said++
	m := wire.Message{Room: room, Seq: uint64(w.said), Author: author, Time: 1, Text: text}
	w.append(tx, store.ToRoom(room), wire.Event{Message: &m}, author, fmt.Sprint("n", w.said))
}

// sayNow says and publishes.
func (w *world) sayNow(room, author, text string) {
	w.Helper()
	w.update(func(tx *store.Tx) { w.say(tx, room, author, text) })
	w.publish()
}

// join does what chat does: the member is in before the first of the events.
func (w *world) join(tx *store.Tx, room, user string) {
	w.Helper()
	if w.members[room][user] {
		return
	}
	w.must(tx.AddMember(room, user))
	w.members[room][user] = true
	w.append(tx, store.ToUser(user), wire.Event{Room: &wire.Room{ID: room, Kind: wire.KindPrivate, Name: room}}, "", "")
	w.append(tx, store.ToRoom(room), wire.Event{User: w.user(user)}, "", "")
	w.append(tx, store.ToRoom(room), wire.Event{Member: &wire.Member{Room: room, User: user}}, "", "")
}

func (w *world) user(id string) *wire.User {
	u := &wire.User{ID: id, Name: id, Role: wire.RoleMember}
	if w.guests[id] {
		u.Role = wire.RoleGuest
	}
	return u
}

// turn makes a guest a member, or a member a guest, who both see the event that
// says so.
func (w *world) turn(tx *store.Tx, user string) {
	w.Helper()
	guest := !w.guests[user]
	w.guests[user] = false
	u := store.User{User: *w.user(user), Created: 1}
	if guest {
		u.Role = wire.RoleGuest
	}
	w.must(tx.PutUser(u))
	w.append(tx, store.ToMembers(), wire.Event{User: &u.User}, "", "")
	w.guests[user] = guest
}

// part ends membership with the event that says so.
func (w *world) part(tx *store.Tx, room, user string) {
	w.Helper()
	if !w.members[room][user] {
		return
	}
	w.must(tx.RemoveMember(room, user))
	w.append(tx, store.ToRoom(room), wire.Event{Member: &wire.Member{Room: room, User: user, Left: true}}, "", "")
	delete(w.members[room], user)
}

func (w *world) cursor(offset uint64) string { return store.FormatCursor(w.db.Epoch(), offset) }

func (w *world) end() (end uint64) {
	w.Helper()
	w.must(w.db.View(func(tx *store.Tx) error { end = tx.End(); return nil }))
	return end
}

// visible are the events after an offset that a user is to get, in order.
func (w *world) visible(user string, after uint64) []string {
	var list []string
	for _, r := range w.log {
		if r.offset <= after || !r.sees[user] {
			continue
		}
		if r.owner == user {
			list = append(list, r.owned)
		} else {
			list = append(list, r.data)
		}
	}
	return list
}

func (w *world) subscribe(s Subscription) *Conn {
	w.Helper()
	c, err := w.feed.Subscribe(s)
	w.must(err)
	w.Cleanup(c.Close)
	return c
}

// next is one batch, which must come without waiting, checked for what every
// batch must keep.
func (w *world) next(c *Conn) Batch {
	w.Helper()
	b, err := c.Next(context.Background(), 0)
	w.must(err)
	w.check(b)
	return b
}

func (w *world) check(b Batch) {
	w.Helper()
	p := b.Bytes()
	if len(b.Events) > w.o.batchEvents || len(b.Events) > 1 && len(p) > w.o.batchBytes {
		w.Fatalf("a batch of %d events and %d bytes", len(b.Events), len(p))
	}
	var got struct { // as wire.Batch, with the events as they stand
		Cursor      string            `json:"cursor"`
		Events      []json.RawMessage `json:"events"`
		More        bool              `json:"more,omitempty"`
		Reset       bool              `json:"reset,omitempty"`
		ReconnectMS int               `json:"reconnect_ms,omitempty"`
	}
	w.must(json.Unmarshal(p, &got))
	w.must(json.Unmarshal(p, &wire.Batch{}))
	if again := string(wire.Encode(got)); again != string(p) {
		w.Fatalf("not as wire.Encode writes it:\n%s\n%s", p, again)
	}
	if got.Cursor != b.Cursor || len(got.Events) != len(b.Events) || got.More != b.More ||
		got.Reset != b.Reset || got.ReconnectMS != b.ReconnectMS {
		w.Fatalf("%+v does not say what %s says", b, p)
	}
}

// all are the events of all batches until there is nothing more right now,
// ephemeral ones as well, and the last cursor.
func (w *world) all(c *Conn) (events []string, cursor string) {
	w.Helper()
	for {
		b := w.next(c)
		for _, e := range b.Events {
			events = append(events, string(e))
		}
		if !b.More && len(b.Events) == 0 {
			return events, b.Cursor
		}
	}
}

// durable are the events with a place in the log.
func durable(events []string) []string {
	return slices.DeleteFunc(slices.Clone(events), isEphemeral)
}

func ephemeral(events []string) []string {
	return slices.DeleteFunc(slices.Clone(events), func(e string) bool { return !isEphemeral(e) })
}

func isEphemeral(e string) bool {
	return strings.HasPrefix(e, `{"presence"`) || strings.HasPrefix(e, `{"typing"`)
}

func (w *world) equal(what string, got, want []string) {
	w.Helper()
	if slices.Equal(got, want) {
		return
	}
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	show := func(list []string) string {
		return strings.Join(list[i:min(len(list), i+4)], "\n  ")
	}
	w.Fatalf("%s: from event %d of %d (%d wanted) got\n  %s\nwant\n  %s", what, i, len(got), len(want), show(got), show(want))
}

// ends checks how a connection has ended.
func (w *world) ends(c *Conn, want error) {
	w.Helper()
	if _, err := c.Next(context.Background(), time.Hour); !errors.Is(err, want) {
		w.Fatalf("ends with %v, want %v", err, want)
	}
}
