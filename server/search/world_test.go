package search

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// TestMain lets tests run this binary again as another process.
func TestMain(m *testing.M) {
	if child := children[os.Getenv(childEnv)]; child != nil {
		if err := child(os.Getenv(childDirEnv)); err != nil {
			fmt.Println("FAIL:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const (
	childEnv    = "PARLEY_SEARCH_TEST_CHILD"
	childDirEnv = "PARLEY_SEARCH_TEST_DIR"
)

// children are what the binary does instead of its tests when childEnv names one.
var children = map[string]func(dir string) error{}

// world is a data file with a few people and rooms, and its index.
type world struct {
	testing.TB
	dir   string
	db    *store.DB
	index *Index // nil: not running
	pace  pace
	now   wire.Time

	mu    sync.Mutex
	idle  *sync.Cond // the follower has looked at everything
	looks int

	logged bytes.Buffer // by the follower, which has nothing to say when level
}

// quick is a pace for tests: small segments, and no waiting.
var quick = pace{gather: time.Millisecond, rest: 1, flush: 20 * time.Millisecond, retry: 20 * time.Millisecond, purge: 50 * time.Millisecond, maxDocs: 16}

const lobby, den, pub, direct = "lobby", "den", "pub", "direct"

func newWorld(t testing.TB, p pace) *world {
	t.Helper()
	return newWorldAt(t, t.TempDir(), p)
}

func newWorldAt(t testing.TB, dir string, p pace) *world {
	t.Helper()
	db, err := store.Open(filepath.Join(dir, "parley.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, dir: dir, db: db, pace: p, now: 1_700_000_000_000}
	w.idle = sync.NewCond(&w.mu)
	t.Cleanup(w.close)
	w.update(furnish)
	return w
}

// furnish makes the people and rooms. Ann is in all rooms, Bob and the guest
// Gus in the lobby; Bob has not joined the public room pub.
func furnish(tx *store.Tx) error {
	if _, err := tx.Room(lobby); err == nil {
		return nil
	}
	for _, u := range []wire.User{
		{ID: "ann", Name: "Ann Lee", Role: wire.RoleOwner},
		{ID: "bob", Name: "陈小明", Role: wire.RoleMember},
		{ID: "gus", Name: "Gus", Role: wire.RoleGuest},
	} {
		if err := tx.PutUser(store.User{User: u}); err != nil {
			return err
		}
	}
	for _, r := range []wire.Room{
		{ID: lobby, Kind: wire.KindPublic, Name: "Lobby"},
		{ID: den, Kind: wire.KindPrivate, Name: "Den"},
		{ID: pub, Kind: wire.KindPublic, Name: "發展"},
		{ID: direct, Kind: wire.KindDirect},
	} {
		if err := tx.PutRoom(store.Room{Room: r}); err != nil {
			return err
		}
		if err := tx.AddMember(r.ID, "ann"); err != nil {
			return err
		}
	}
	for _, user := range []string{"bob", "gus"} {
		if err := tx.AddMember(lobby, user); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) close() {
	w.stop()
	if w.db != nil {
		if err := w.db.Close(); err != nil {
			w.Error(err)
		}
		w.db = nil
	}
}

func (w *world) path() string { return filepath.Join(w.dir, "search.db") }

// start opens the index.
func (w *world) start() {
	x := newIndex(w.path(), w.db, Options{Log: slog.New(slog.NewTextHandler(testLog{w}, nil)), pace: w.pace})
	x.ready = func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.looks++
		w.idle.Broadcast()
	}
	w.index = x.start()
}

// testLog is where the index logs to.
type testLog struct{ *world }

func (l testLog) Write(p []byte) (int, error) {
	return l.logged.Write(p)
}

// stop closes the index.
func (w *world) stop() {
	if w.index != nil {
		if err := w.index.Close(); err != nil {
			w.Error(err)
		}
		w.index = nil
	}
}

// level waits until everything that was sent can be found.
func (w *world) level() {
	w.Helper()
	w.index.Wake()
	w.mu.Lock()
	defer w.mu.Unlock()
	for seen := w.looks; w.looks == seen || !w.isLevel(); {
		w.idle.Wait()
	}
}

func (w *world) isLevel() bool {
	end := uint64(0)
	w.view(func(tx *store.Tx) error {
		end = tx.End()
		return nil
	})
	w.index.mu.RLock()
	defer w.index.mu.RUnlock()
	if w.index.followed.Load() != end || !w.index.state.Full || w.index.stuck {
		w.index.Wake()
		return false
	}
	return true
}

func (w *world) update(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.db.Update(fn); err != nil {
		w.Fatal(err)
	}
	if w.index != nil {
		w.index.Wake()
	}
}

func (w *world) view(fn func(*store.Tx) error) {
	if err := w.db.View(fn); err != nil {
		w.Error(err)
	}
}

// send does what the command send does.
func (w *world) send(room, author, text string) uint64 {
	w.Helper()
	return w.sendAt(room, author, text, w.tick())
}

// sendAt does what an import does.
func (w *world) sendAt(room, author, text string, at wire.Time) (seq uint64) {
	w.Helper()
	w.update(func(tx *store.Tx) (err error) {
		seq, err = put(tx, room, author, text, at)
		return err
	})
	return seq
}

func (w *world) tick() wire.Time {
	w.now += 1000
	return w.now
}

func put(tx *store.Tx, room, author, text string, at wire.Time) (uint64, error) {
	r, err := tx.Room(room)
	if err != nil {
		return 0, err
	}
	m := wire.Message{Room: room, Seq: r.Head + 1, Author: author, Time: at, Text: text, Nonce: fmt.Sprint("n", r.Head+1)}
	return m.Seq, store1(tx, m)
}

// store1 stores a message and its event.
func store1(tx *store.Tx, m wire.Message) error {
	if err := tx.PutMessage(m); err != nil {
		return err
	}
	m.Nonce = ""
	_, err := tx.Append(store.Event{Time: m.Time, Audience: store.ToRoom(m.Room), Data: wire.Encode(wire.Event{Message: &m})})
	return err
}

// change does what the commands edit, delete and react do.
func (w *world) change(room string, seq uint64, fn func(m *wire.Message, now wire.Time)) {
	w.Helper()
	now := w.tick()
	w.update(func(tx *store.Tx) error {
		m, err := tx.Message(room, seq)
		if err != nil {
			return err
		}
		m.Rev++
		fn(&m, now)
		return store1(tx, m)
	})
}

func (w *world) edit(room string, seq uint64, text string) {
	w.change(room, seq, func(m *wire.Message, now wire.Time) { m.Text, m.Edited = text, now })
}

func (w *world) remove(room string, seq uint64) {
	w.change(room, seq, func(m *wire.Message, now wire.Time) { m.Text, m.Deleted = "", now })
}

func actor(id string) chat.Actor { return chat.Actor{User: wire.User{ID: id}} }

// found are the places "room/seq" that a query finds.
func (w *world) found(user, query string) []string {
	w.Helper()
	return w.foundIn(user, Request{Query: query})
}

func (w *world) foundIn(user string, r Request) []string {
	w.Helper()
	list, err := w.index.Search(actor(user), r)
	if err != nil {
		w.Fatalf("%+v: %v", r, err)
	}
	return placesOf(list)
}

func placesOf(list wire.FoundList) []string {
	places := []string{}
	for _, m := range list.Messages {
		places = append(places, fmt.Sprint(m.Room, "/", m.Seq))
	}
	return places
}

// want compares what a query finds.
func (w *world) want(user, query string, places ...string) {
	w.Helper()
	if got := w.found(user, query); !slices.Equal(got, places) {
		w.Errorf("%s finds %q at %v, want %v", user, query, got, places)
	}
}
