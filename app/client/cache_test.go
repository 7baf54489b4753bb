package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

// reopen ends the client and starts the next one from what was kept.
func (w *world) reopen() {
	w.Helper()
	_ = w.stop()
	w.cached = w.readCached()
	if w.cached == nil {
		w.Fatalf("nothing was kept: %v", w.db.keys(""))
	}
	w.run()
}

func (w *world) readCached() *Cached {
	w.Helper()
	c, err := ReadCached(context.Background(), w.db)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// kept waits until what has changed is kept.
func (w *world) kept() { w.after(cacheDelay + time.Second) }

// A page that is opened without a network shows what the last one knew, and goes
// on from there: nothing is asked for again, nothing is missed.
func TestCacheStartsTheNextPage(t *testing.T) {
	inWorld(t, 60, func(w *world) {
		w.starting(weather{}, WebSocket)
		for i := range 300 {
			w.server.say("you", "lobby", fmt.Sprint("before ", i))
		}
		w.server.edit("lobby", 299, "edited")
		w.kept()
		rooms, users := w.client.Rooms(), w.client.Users()
		w.net.set(weather{down: true})
		w.reopen()
		if s := w.client.Status(); !s.Synced || s.Live || w.client.Me().ID != "me" {
			t.Fatalf("without a network: %+v", s)
		}
		if fmt.Sprint(rooms) != fmt.Sprint(w.client.Rooms()) || fmt.Sprint(users) != fmt.Sprint(w.client.Users()) {
			t.Errorf("kept: %+v and %+v\nthere were: %+v and %+v", w.client.Rooms(), w.client.Users(), rooms, users)
		}
		line := w.client.Timeline("lobby")
		if n := len(line.Messages); n != cachedMessages || line.Stale || line.Messages[n-2].Text != "edited" {
			t.Fatalf("%d messages, stale %v", n, line.Stale)
		}
		w.send("lobby", "without a network")
		w.server.say("you", "lobby", "in between")
		w.server.edit("lobby", 300, "edited too")
		w.after(time.Minute)
		w.net.set(weather{})
		w.client.Wake("online")
		w.sent(10 * time.Second)
		w.level(10 * time.Second)
		w.exact()
		if n := w.net.count(base + "/sync"); n != 1 {
			t.Errorf("the state was asked for %d times", n)
		}
	})
}

// A busy room costs one record now and then, not one for each message, and
// nothing that has not changed is written again.
func TestCacheIsCheap(t *testing.T) {
	inWorld(t, 61, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.kept()
		before := w.db.count(cacheRoom + "lobby")
		for range 300 {
			w.server.say("you", "lobby", "hello")
			w.after(100 * ms)
		}
		w.kept()
		if n := w.db.count(cacheRoom+"lobby") - before; n < 5 || n > 12 {
			t.Errorf("300 messages in 30 s wrote the room %d times", n)
		}
		if users, rooms := w.db.count(cacheUsers), w.db.count(cacheRooms); users != 1 || rooms != 1 {
			t.Errorf("users were written %d times, rooms %d times", users, rooms)
		}
		w.reopen()
		w.on(WebSocket, 5*time.Second)
		w.kept()
		if users := w.db.count(cacheUsers); users != 1 {
			t.Errorf("the next page wrote the users again")
		}
		w.client.Keep()
		w.after(10 * ms)
		states := w.db.count(cacheState)
		w.client.Keep()
		w.after(10 * ms)
		if w.db.count(cacheState) != states {
			t.Error("nothing has changed, and was written")
		}
	})
}

// What is said right before the page is hidden is kept at once.
func TestKeepDoesNotWait(t *testing.T) {
	inWorld(t, 62, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.kept()
		w.server.say("you", "lobby", "last words")
		w.level(time.Second)
		w.client.Keep()
		w.after(10 * ms)
		w.net.set(weather{down: true})
		w.reopen()
		if line := w.client.Timeline("lobby"); len(line.Messages) != 1 || line.Stale {
			t.Errorf("%+v", line)
		}
	})
}

// Two pages write one cache. What one of them has not loaded, it cannot vouch for:
// a change that only the other one could have kept must not be lost.
func TestCacheOfTwoPages(t *testing.T) {
	inWorld(t, 63, func(w *world) {
		w.server.say("you", "lobby", "as it was")
		w.starting(weather{}, WebSocket)
		w.kept()
		first, stop := w.client, w.stop
		w.net.set(weather{down: true})
		w.server.end(errKilled)
		w.after(time.Second) // the first page hears nothing any more
		w.server.edit("lobby", 1, "as it is")
		w.net.set(weather{})
		w.run() // the second one does not load the lobby
		w.on(WebSocket, 5*time.Second)
		w.kept()
		w.net.set(weather{down: true})
		_, _ = w.stop(), stop()
		if first.Timeline("lobby").Messages[0].Text == "" {
			t.Fatal("the first page has no message")
		}
		w.reopen()
		if line := w.client.Timeline("lobby"); len(line.Messages) != 1 {
			t.Fatalf("nothing is shown: %+v", line)
		}
		w.net.set(weather{})
		w.client.Wake("online")
		w.on(WebSocket, 5*time.Second)
		if w.client.Timeline("lobby").Stale {
			w.load()
		}
		w.exact()
	})
}

// A room that could not be loaded is shown as it was kept.
func TestRecall(t *testing.T) {
	inWorld(t, 64, func(w *world) {
		w.server.say("you", "lobby", "kept")
		w.starting(weather{}, WebSocket)
		w.kept()
		_ = w.stop()
		w.run() // a page that starts from the server
		w.on(WebSocket, 5*time.Second)
		w.kept()
		w.net.set(weather{down: true})
		if err := w.client.LoadNewest(context.Background(), "lobby"); err == nil {
			t.Fatal("loaded without a network")
		}
		if line := w.client.Timeline("lobby"); len(line.Messages) != 1 || !line.Stale {
			t.Errorf("%+v", line)
		}
		w.net.set(weather{})
		w.load()
		w.exact()
	})
}

// What was read without a network is told to the server by the next page.
func TestReadOffline(t *testing.T) {
	inWorld(t, 65, func(w *world) {
		w.server.say("you", "lobby", "one")
		w.starting(weather{}, WebSocket)
		w.kept()
		w.net.set(weather{down: true})
		w.server.end(errKilled)
		w.after(time.Second)
		w.client.MarkRead("lobby", 1)
		w.kept()
		w.reopen()
		if r, _ := w.client.Room("lobby"); r.Unread != 0 {
			t.Errorf("unread again: %+v", r)
		}
		w.net.set(weather{})
		w.client.Wake("online")
		w.until("told", 10*time.Second, func() bool { return w.snapshot().Sync.Reads["lobby"] == 1 })
	})
}

// What cannot be read, or is of another version, is as good as nothing, and is
// replaced.
func TestCacheDamaged(t *testing.T) {
	damage := map[string]func(values map[string][]byte){
		"garbage":         func(v map[string][]byte) { v[cacheState] = []byte("\x00garbage") },
		"cut off":         func(v map[string][]byte) { v[cacheState] = v[cacheState][:len(v[cacheState])/2] },
		"another version": func(v map[string][]byte) { v[cacheState] = []byte(`{"v":99,"cursor":"x","me":{"id":"me"}}`) },
		"no state":        func(v map[string][]byte) { delete(v, cacheState) },
		"no users":        func(v map[string][]byte) { delete(v, cacheUsers) },
		"rooms cut off":   func(v map[string][]byte) { v[cacheRooms] = v[cacheRooms][:1] },
		"a list of nulls": func(v map[string][]byte) { v[cacheRoom+"lobby"] = []byte("[null,null]") },
		"a hole": func(v map[string][]byte) {
			v[cacheRoom+"lobby"] = []byte(strings.Replace(string(v[cacheRoom+"lobby"]), `"seq":2`, `"seq":1`, 1))
		},
		"another room's": func(v map[string][]byte) { v[cacheRoom+"lobby"] = []byte(`[{"room":"x","seq":3}]`) },
		"null":           func(v map[string][]byte) { v[cacheRoom+"lobby"] = []byte("null") },
	}
	onlyRoom := map[string]bool{"a list of nulls": true, "a hole": true, "another room's": true, "null": true}
	for name, break_ := range damage {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 66, func(w *world) {
				for range 3 {
					w.server.say("you", "lobby", "hello")
				}
				w.starting(weather{}, WebSocket)
				w.kept()
				_ = w.stop()
				w.db.set(func(d *fakeDB) { break_(d.values) })
				w.cached = w.readCached()
				if kept := w.cached != nil; kept != onlyRoom[name] {
					t.Errorf("a client would start from it: %v", kept)
				}
				w.run()
				w.on(WebSocket, 5*time.Second)
				w.server.say("you", "lobby", "one more")
				w.level(time.Second)
				w.load()
				w.kept()
				w.net.set(weather{down: true})
				w.reopen()
				if line := w.client.Timeline("lobby"); len(line.Messages) != 4 || line.Stale {
					t.Errorf("afterwards: %+v", line)
				}
			})
		})
	}
}

// One person's state is not another's: what is there is replaced whole.
func TestCacheOfSomebodyElse(t *testing.T) {
	inWorld(t, 67, func(w *world) {
		w.server.say("you", "lobby", "hello")
		w.starting(weather{}, WebSocket)
		w.kept()
		_ = w.stop()
		w.server.become("ben")
		w.db.set(func(d *fakeDB) { d.values[cacheRoom+"secret"] = []byte("[]") })
		w.run()
		w.on(WebSocket, 5*time.Second)
		w.kept()
		if c := w.readCached(); c == nil || c.Me().ID != "ben" {
			t.Fatalf("kept: %+v", c)
		}
		if keys := w.db.keys(cacheRoom); len(keys) > 0 {
			t.Errorf("left over: %v", keys)
		}
		if err := Forget(context.Background(), w.db); err != nil || len(w.db.keys(cachePrefix)) > 0 {
			t.Errorf("after Forget: %v, %v", err, w.db.keys(""))
		}
	})
}

// The person clears the browser's data while the page is open: what is on the
// screen and what is on its way is kept again.
func TestCleared(t *testing.T) {
	inWorld(t, 68, func(w *world) {
		w.server.say("you", "lobby", "hello")
		w.starting(weather{}, WebSocket)
		w.net.set(weather{down: true})
		w.server.end(errKilled)
		w.send("lobby", "on its way")
		w.kept()
		w.db.clear()
		w.kept()
		w.kept() // it may just have been at it
		if len(w.db.keys("outbox/me/")) != 1 {
			t.Errorf("the outbox is not kept again: %v", w.db.keys(""))
		}
		w.reopen()
		if line := w.client.Timeline("lobby"); len(line.Messages) != 1 {
			t.Errorf("%+v", line)
		}
		w.net.set(weather{})
		w.client.Wake("online")
		w.sent(10 * time.Second)
		w.level(5 * time.Second)
		w.exact()
	})
}

// Where there is no room, the outbox takes that of the cache.
func TestOutboxBeforeCache(t *testing.T) {
	inWorld(t, 69, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.kept()
		w.net.set(weather{down: true})
		w.server.end(errKilled)
		w.db.set(func(d *fakeDB) { d.full = true })
		w.send("lobby", "hello")
		w.after(time.Second)
		if len(w.db.keys("outbox/me/")) != 1 || len(w.db.keys(cachePrefix)) != 0 || w.client.Status().Unkept {
			t.Errorf("kept: %v, status %+v", w.db.keys(""), w.client.Status())
		}
	})
}

// An outbox where an earlier version kept it is moved, and nothing of it is lost,
// whatever the database does.
func TestOutboxMoves(t *testing.T) {
	old := func(nonce string, at int) []byte {
		return wire.Encode(savedLetter{Nonce: nonce, Room: "lobby", Text: nonce, Created: wire.Time(at)})
	}
	for _, refuse := range []error{nil, errors.New("refused")} {
		inWorld(t, 70, func(w *world) {
			w.store.values["outbox/me/one"], w.store.values["outbox/me/two"] = old("one", 1), old("two", 2)
			w.db.refuse = refuse
			w.refuse(func(cmd string) *wire.Problem {
				if cmd == wire.CmdSend {
					return wire.Errorf(wire.CodeUnavailable, "Later.").After(60)
				}
				return nil
			})
			w.starting(weather{}, WebSocket)
			w.after(5 * time.Second)
			if in := len(w.store.keys("outbox/")) + len(w.db.keys("outbox/")); in != 2 {
				t.Errorf("kept %d times: %v %v", in, w.store.keys(""), w.db.keys(""))
			}
			if moved := len(w.store.keys("outbox/")) == 0; moved != (refuse == nil) {
				t.Errorf("refused with %v, moved: %v", refuse, moved)
			}
			if w.client.Status().Unkept {
				t.Error("it is kept, but said not to be")
			}
			w.refuse(nil)
			w.sent(3 * time.Minute)
			w.until("gone from the old place", 2*keepRetry, func() bool {
				w.db.set(func(d *fakeDB) { d.refuse = nil })
				return len(w.store.keys("outbox/")) == 0
			})
			if got := w.texts("lobby"); fmt.Sprint(got) != "[one two]" {
				t.Errorf("said %q", got)
			}
		})
	}
}

// Neither place keeps anything: that is said, and taken back when it is not true
// any more.
func TestUnkept(t *testing.T) {
	inWorld(t, 71, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.net.set(weather{down: true})
		w.server.end(errKilled)
		w.db.set(func(d *fakeDB) { d.hang = true })
		w.store.mu.Lock()
		w.store.refuse = ErrFull
		w.store.mu.Unlock()
		w.send("lobby", "hello")
		w.until("said", 5*time.Second, func() bool { return w.client.Status().Unkept })
		w.db.set(func(d *fakeDB) { d.hang = false })
		w.until("kept after all", 2*keepRetry, func() bool { return !w.client.Status().Unkept && len(w.db.keys("outbox/me/")) == 1 })
		w.net.set(weather{})
		w.client.Wake("online")
		w.sent(10 * time.Second)
	})
}

// The rooms that are kept are the ones that changed last.
func TestCachedRoomsAreBounded(t *testing.T) {
	p := cachePlan{state: cachedState{Cursor: "x", Heads: map[string]uint64{}, Kept: map[string]cachedRoom{}}}
	for i := range cachedRooms {
		id := fmt.Sprintf("room%02d", i)
		p.state.Heads[id], p.state.Kept[id] = 1, cachedRoom{At: wire.Time(100 + i)}
	}
	p.state.Heads["new"] = 1
	p.lines = []cachedLine{{room: "new", messages: []wire.Message{{Room: "new", Seq: 1, Text: strings.Repeat("x", 2*cachedRoomBytes)}}}}
	encoded := encodedLines{}
	_, records := p.encode(time.UnixMilli(1e6), &encoded)
	if len(p.state.Kept) != cachedRooms || len(records) != 2 || records[1].Key != cacheRoom+"room00" || records[1].Value != nil {
		t.Errorf("%d kept, records %+v", len(p.state.Kept), records)
	}
	var long []wire.Message
	for i := range cachedMessages {
		long = append(long, wire.Message{Room: "a", Seq: uint64(i + 1), Text: strings.Repeat("x", 4000)})
	}
	long[cachedMessages-1].ReplyTo, long[cachedMessages-2].ReplyTo, long[cachedMessages-3].ReplyTo = 7, cachedMessages-4, 7
	line, ok := readLine(encoded.line(cachedLine{room: "a", messages: long}), "a")
	if n := len(line.Messages); !ok || n < 5 || n > cachedRoomBytes/4000 || line.Messages[n-1].Seq != cachedMessages {
		t.Errorf("%d messages, %v", n, ok)
	}
	if len(line.Quoted) != 1 || line.Quoted[0] != long[6].Quote() {
		t.Errorf("of what they reply to there is %+v", line.Quoted)
	}
}

// TestEncodedLines: what is written of a room does not depend on what was written
// of it before.
func TestEncodedLines(t *testing.T) {
	var e encodedLines
	write := func(what string, quoted map[uint64]wire.Quote, ms ...wire.Message) {
		t.Helper()
		l := cachedLine{room: "a", messages: ms, quoted: quoted}
		e.only([]cachedLine{l})
		want := wire.MessageList{Messages: append([]wire.Message{}, ms...), Quoted: l.quotedBy(ms)}
		if got := e.line(l); string(got) != string(wire.Encode(want)) {
			t.Errorf("%s is written as %s, want %s", what, got, wire.Encode(want))
		}
	}
	one := wire.Message{Room: "a", Seq: 5, Text: "one & <two>", Time: 1}
	two := wire.Message{Room: "a", Seq: 6, Text: "two", Time: 2, ReplyTo: 3}
	edited := wire.Message{Room: "a", Seq: 5, Text: "uno", Time: 1, Rev: 7}
	write("nothing", nil)
	write("a message", nil, one)
	write("the same and a reply", map[uint64]wire.Quote{3: {Seq: 3, Text: "zero"}}, one, two)
	write("an edited one", nil, edited, two)
	write("another in its place, as of a backup", nil, edited, wire.Message{Room: "a", Seq: 6, Text: "zwei", Time: 3})
	write("one that is rendered otherwise", nil, edited, wire.Message{Room: "a", Seq: 6, Text: "zwei", HTML: "<p>zwei</p>", Time: 3})
	write("less", nil, two)
}

// TestCacheHasWhatIsRepliedTo: without a network a reply shows what it replies to,
// however long ago that was said.
func TestCacheHasWhatIsRepliedTo(t *testing.T) {
	inWorld(t, 91, func(w *world) {
		w.starting(weather{}, WebSocket)
		for i := range 300 {
			w.server.say("you", "lobby", fmt.Sprint("line ", i+1))
		}
		w.until("all", time.Minute, func() bool { return w.lobby().Head == 300 })
		if _, err := w.client.Reply("lobby", "an answer", 3); err != nil {
			t.Fatal(err)
		}
		w.sent(10 * time.Second)
		quoted := func() string {
			q, _ := w.client.Quote("lobby", 3)
			return q.Text
		}
		w.until("what is replied to", time.Minute, func() bool { return quoted() == "line 3" })
		w.kept()
		w.net.set(weather{down: true})
		w.reopen()
		if got := quoted(); got != "line 3" {
			t.Errorf("without a network it is %q", got)
		}
	})
}

// FuzzReadCached: whatever lies in the database, a client starts from it or does
// not, and breaks nothing.
func FuzzReadCached(f *testing.F) {
	f.Add([]byte(`{"v":4,"cursor":"E-0","me":{"id":"me"},"heads":{"a":1},"kept":{"a":{"at":0}}}`), []byte(`[]`),
		[]byte(`[{"id":"a"}]`), []byte(`{"messages":[{"room":"a","seq":1,"reply_to":1}],"quoted":[{"seq":1},{"seq":0}]}`))
	f.Add([]byte(`null`), []byte(`null`), []byte(`[null]`), []byte(`[null]`))
	f.Fuzz(func(t *testing.T, state, users, rooms, line []byte) {
		db := newFakeDB()
		db.values = map[string][]byte{cacheState: state, cacheUsers: users, cacheRooms: rooms, cacheRoom + "a": line}
		cached, err := ReadCached(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if cached == nil {
			return
		}
		c := New(Config{Cached: cached})
		c.apply([]wire.Event{{Message: &wire.Message{Room: "a", Seq: 2}}}, "E-1", true, c.clock.Now())
		c.Rooms()
		c.Timeline("a")
		c.planCache()
	})
}
