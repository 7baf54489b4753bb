package feed

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// replay is the seed of a run to do again; whatever it is, Go walks its maps in
// an order of its own.
var replay = flag.Uint64("seed", 0, "seed of the model tests (default: random)")

func newSeed() uint64 {
	if *replay != 0 {
		return *replay
	}
	return rand.Uint64()
}

// tiny makes every bound bite: queues of a few events, batches of three, reads
// of the log that see seven events.
func tiny() options {
	o := defaults()
	o.queueBytes, o.batchBytes, o.batchEvents, o.scan = 1200, 700, 3, 7
	return o
}

// follower is somebody who reads, whatever happens, and what it has got.
type follower struct {
	user    string
	session string
	conn    *Conn
	start   uint64 // where it began
	cursor  string // of the last batch that it kept
	got     []string
}

// TestModel does random things in random order and looks that everybody gets
// just what the model says: commits of several changes, publishing later than
// committing, readers that stop, come back, lose answers and fall behind,
// trimming of the log, restarts.
func TestModel(t *testing.T) {
	steps := 3000
	if testing.Short() {
		steps = 600
	}
	var overflows uint64
	resets := 0
	for range 4 {
		seed := newSeed()
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			m := newModel(t, seed)
			for m.step = range steps {
				m.act()
			}
			m.finish()
			overflows, resets = overflows+m.overflows, resets+m.resets
		})
	}
	if overflows == 0 || resets == 0 {
		t.Errorf("%d overflows and %d resets: the test tests nothing", overflows, resets)
	}
}

type model struct {
	*world
	rand      *rand.Rand
	step      int
	names     []string
	rooms     []string
	followers []*follower
	resets    int
	overflows uint64
}

func newModel(t testing.TB, seed uint64) *model {
	m := &model{
		world: newWorld(t, tiny()),
		rand:  rand.New(rand.NewPCG(seed, 1)),
		names: []string{"ann", "bob", "cem", "dee", "eve", "gus", "gil"},
		rooms: []string{"r0", "r1", "r2"},
	}
	m.users(m.names...)
	for _, r := range m.rooms {
		m.room(r, "ann")
	}
	for i, name := range append(m.names, m.names...) {
		f := &follower{user: name, start: m.end(), cursor: m.cursor(m.end())}
		if i%3 == 0 {
			f.session = fmt.Sprint("s", i)
		}
		m.followers = append(m.followers, f)
	}
	return m
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func (m *model) act() {
	f := pick(m.rand, m.followers)
	switch n := m.rand.IntN(100); {
	case n < 30:
		m.commit()
	case n < 50:
		if len(m.pending) > 0 {
			m.publishOne()
		}
	case n < 90:
		m.read(f)
	case n < 94:
		m.hangUp(f)
	case n < 96: // an answer that is lost on its way
		m.open(f)
		_, err := f.conn.Next(context.Background(), 0)
		m.must(err)
		m.hangUp(f)
	case n < 98:
		m.hangUp(f)
		f.start, f.got, f.cursor = m.end(), nil, ""
		m.open(f)
		f.cursor = m.cursor(f.start) // as it may hang up before its first batch
	case n < 99:
		m.trim()
	case m.rand.IntN(8) == 0:
		for _, f := range m.followers {
			m.hangUp(f)
		}
		m.overflows += m.feed.Stats().Overflows
		m.restart()
	}
}

// commit is several changes in one transaction.
func (m *model) commit() {
	m.update(func(tx *store.Tx) {
		for range 1 + m.rand.IntN(4) {
			room, user := pick(m.rand, m.rooms), pick(m.rand, m.names)
			switch n := m.rand.IntN(10); {
			case n < 2:
				m.join(tx, room, user)
			case n < 4:
				m.part(tx, room, user)
			case n < 5:
				m.append(tx, store.ToUser(user), wire.Event{Read: &wire.Read{Room: room, Seq: uint64(m.step)}}, "", "")
			case n < 6 && m.rand.IntN(3) == 0:
				m.turn(tx, user)
			case n < 6:
				m.append(tx, store.ToMembers(), wire.Event{Room: &wire.Room{ID: fmt.Sprint(m.step), Kind: wire.KindPublic}}, "", "")
			default:
				m.say(tx, room, user, strings.Repeat("x", m.rand.IntN(200)))
			}
		}
	})
}

// trim drops old events. What goes has been published: the writer tells of each
// commit before the next, and a step of trimming is one.
func (m *model) trim() {
	const keep = 20
	for m.feed.head+keep < m.end() {
		m.publishOne()
	}
	m.must(m.db.Update(func(tx *store.Tx) error {
		_, err := tx.TrimLog(2, keep, m.rand.IntN(60))
		return err
	}))
}

func (m *model) open(f *follower) {
	if f.conn != nil {
		return
	}
	var err error
	f.conn, err = m.feed.Subscribe(Subscription{User: f.user, Session: f.session, Cursor: f.cursor})
	m.must(err)
}

func (m *model) hangUp(f *follower) {
	if f.conn != nil {
		f.conn.Close()
		f.conn = nil
	}
}

// read takes one batch.
func (m *model) read(f *follower) (more bool) {
	m.Helper()
	m.open(f)
	b := m.next(f.conn)
	if b.Reset {
		m.reset(f)
		return true
	}
	for _, e := range b.Events {
		if !isEphemeral(string(e)) {
			f.got = append(f.got, string(e))
		}
	}
	f.cursor = b.Cursor
	want := m.visible(f.user, f.start)
	m.equal(fmt.Sprintf("step %d, %s after %d", m.step, f.user, f.start), f.got, want[:min(len(want), len(f.got))])
	return b.More || len(b.Events) > 0
}

// reset checks that a reset was due, and begins again at the end.
func (m *model) reset(f *follower) {
	m.Helper()
	m.resets++
	_, offset, err := store.ParseCursor(f.cursor)
	m.must(err)
	m.must(m.db.View(func(tx *store.Tx) error {
		if offset+1 >= tx.First() {
			m.Fatalf("reset at %d, and the log begins at %d", offset, tx.First())
		}
		return nil
	}))
	m.ends(f.conn, ErrReset)
	m.hangUp(f)
	f.start, f.got = m.end(), nil
	f.cursor = m.cursor(f.start)
}

func (m *model) finish() {
	m.publish()
	for _, f := range m.followers {
		for m.read(f) {
		}
		m.equal(f.user+" at the end", f.got, m.visible(f.user, f.start))
		m.hangUp(f)
	}
	m.overflows += m.feed.Stats().Overflows
	m.Logf("%d events, %d overflows, %d resets", len(m.log), m.overflows, m.resets)
	m.clean()
}

// clean checks that nothing of those who went is left.
func (m *model) clean() {
	f := m.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, u := range f.users {
		for _, s := range u.sessions {
			if len(s.conns) > 0 {
				m.Errorf("%s has a connection", id)
			}
		}
		if len(u.sessions) == 0 || len(u.conns) > 0 {
			m.Errorf("%s is still there", id)
		}
		for room := range m.members {
			if u.rooms[room] != m.members[room][id] {
				m.Errorf("%s in %s: %t", id, room, u.rooms[room])
			}
		}
	}
	for room, users := range f.rooms {
		for u := range users {
			if f.users[u.id] != u {
				m.Errorf("%s holds %s, who went", room, u.id)
			}
		}
	}
	if len(f.conns) > 0 {
		m.Errorf("%d connections are left", len(f.conns))
	}
}

// TestModelConcurrently has readers and the writer run as they like.
func TestModelConcurrently(t *testing.T) {
	commits := 1500
	if testing.Short() {
		commits = 300
	}
	seed := newSeed()
	t.Log("seed", seed)
	m := newModel(t, seed)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	written := make(chan struct{})
	var readers sync.WaitGroup
	for i, f := range m.followers {
		r := rand.New(rand.NewPCG(seed, uint64(i)+2))
		readers.Go(func() { f.follow(ctx, m.feed, r, written, t) })
	}
	for m.step = range commits {
		m.commit()
		if m.rand.IntN(3) > 0 {
			m.publish()
		}
	}
	m.publish()
	close(written)
	readers.Wait()
	for _, f := range m.followers {
		m.equal(f.user, f.got, m.visible(f.user, f.start))
	}
	m.Logf("%d events, %+v", len(m.log), m.feed.Stats())
}

// follow reads until everything is written and it is level.
func (f *follower) follow(ctx context.Context, feed *Feed, r *rand.Rand, written <-chan struct{}, t *testing.T) {
	for {
		last := false
		select {
		case <-written:
			last = true
		default:
		}
		conn, err := feed.Subscribe(Subscription{User: f.user, Session: f.session, Cursor: f.cursor})
		if err != nil {
			t.Error(err)
			return
		}
		level := f.readSome(ctx, conn, 1+r.IntN(40), r, t)
		conn.Close()
		if last && level || t.Failed() {
			return
		}
	}
}

// readSome takes some batches. It tells whether it ended level.
func (f *follower) readSome(ctx context.Context, conn *Conn, batches int, r *rand.Rand, t *testing.T) (level bool) {
	for range batches {
		b, err := conn.Next(ctx, time.Duration(r.IntN(3))*time.Millisecond)
		if err != nil {
			t.Error(err)
			return false
		}
		for _, e := range b.Events {
			if !isEphemeral(string(e)) {
				f.got = append(f.got, string(e))
			}
		}
		f.cursor = b.Cursor
		level = len(b.Events) == 0 && !b.More
	}
	return level
}

// TestUnpublished has the feed miss events, which nobody may lose.
func TestUnpublished(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob")
	w.room("r", "ann")
	ann := w.subscribe(Subscription{User: "ann"})
	bob := w.subscribe(Subscription{User: "bob"})
	start := w.end()
	w.update(func(tx *store.Tx) { w.say(tx, "r", "ann", "one"); w.join(tx, "r", "bob") })
	w.pending = nil
	w.sayNow("r", "bob", "two")
	for user, c := range map[string]*Conn{"ann": ann, "bob": bob} {
		got, _ := w.all(c)
		w.equal(user, got, w.visible(user, start))
	}
	w.sayNow("r", "bob", "three")
	got, _ := w.all(bob)
	if len(got) != 1 || !slices.ContainsFunc(got, func(e string) bool { return strings.Contains(e, "three") }) {
		t.Errorf("live again: %v", got)
	}
}
