package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/server/chat"
	"parley/server/feed"
	"parley/shared/wire"
)

// All four transports deliver the same events, byte for byte, whether they
// follow along or catch up later, and one may go on where another stopped.
func TestTransportsDeliverTheSame(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	start := ben.cursor()
	const n = 40
	got := map[string][]string{}
	var mu sync.Mutex
	var readers sync.WaitGroup
	for _, transport := range transports {
		f := ben.follow(transport, start, "live "+transport)
		readers.Go(func() {
			list := events(t, f, n)
			f.close()
			mu.Lock()
			defer mu.Unlock()
			got["live "+transport] = list
		})
	}
	for i := range n {
		who := c.owner
		if i%3 == 0 {
			who = ben
		}
		who.say(wire.Lobby, fmt.Sprintf("message %d <&> \u2028 陈小明", i))
	}
	readers.Wait()
	for _, transport := range transports {
		f := ben.follow(transport, start, "")
		got["late "+transport] = events(t, f, n)
		f.close()
	}
	changing, cursor := []string{}, start
	for i := 0; len(changing) < n; i++ { // another transport for every batch
		f := ben.follow(transports[i%4], cursor, "changing")
		b := f.next()
		f.close()
		cursor = b.Cursor
		changing = append(changing, encoded(b)...)
	}
	got["changing"] = changing
	want := got["live WebSocket"]
	if len(want) != n || !strings.Contains(want[0], `"nonce"`) || strings.Contains(want[1], `"nonce"`) {
		t.Fatalf("unexpected: %q", want)
	}
	for name, list := range got {
		if !slices.Equal(list, want) {
			t.Errorf("%s differs:\n%q\n%q", name, list, want)
		}
	}
}

// events reads until there are n durable ones, and gives them encoded.
func events(t testing.TB, f follower, n int) []string {
	t.Helper()
	var list []string
	for len(list) < n {
		list = append(list, encoded(f.next())...)
	}
	return list
}

func encoded(b wire.Batch) (list []string) {
	for _, e := range b.Events {
		if e.Presence == nil && e.Typing == nil {
			list = append(list, string(wire.Encode(e)))
		}
	}
	return list
}

func TestCursors(t *testing.T) {
	c := newCommunity(t)
	now := c.owner.cursor()
	epoch, _, _ := strings.Cut(now, "-")
	for _, transport := range transports {
		for _, cursor := range []string{"abcdefghijkl-1", epoch + "-999999999"} { // another epoch, the future
			f := c.owner.follow(transport, cursor, "")
			if b := f.next(); !b.Reset || len(b.Events) != 0 {
				t.Errorf("%s, %s: %+v", transport, cursor, b)
			}
			if ws, ok := f.(*socketFollower); ok {
				if code := ws.closed(); code != 1000 {
					t.Errorf("closed with %d after the reset", code)
				}
			}
			f.close()
		}
		f := c.owner.follow(transport, "", "")
		if transport == "Long poll" {
			f = c.owner.follow("Short poll", "", "")
		}
		if b := f.next(); b.Reset || b.Cursor != now || b.Events == nil {
			t.Errorf("%s without a cursor: %+v, want %s", transport, b, now)
		}
		f.close()
	}
	for _, garbage := range []string{"x", "-", "-1", epoch + "-", epoch + "-x", epoch + "--1", epoch + "-1-1", epoch + "-18446744073709551616", "%00", strings.Repeat("9", 10_000)} {
		q := url.Values{"cursor": {garbage}}
		c.owner.ask("GET", "/events?"+q.Encode(), nil).wants(t, wire.CodeBadRequest)
		r := c.owner.request("GET", "/events?"+q.Encode(), nil)
		r.Header.Set("Accept", "text/event-stream")
		c.owner.send(r).wants(t, wire.CodeBadRequest)
		_, refused := c.owner.dialSocket(q)
		refused.wants(t, wire.CodeBadRequest)
	}
}

// A cursor older than what the log keeps is answered with a reset by every
// transport, and /sync gives one to go on from.
func TestCursorTooOld(t *testing.T) {
	c := newCommunity(t)
	old := c.owner.cursor()
	for i := range 5 {
		c.owner.say(wire.Lobby, fmt.Sprint(i))
	}
	trim := chat.Entry{Time: wire.TimeOf(c.now()), Op: chat.Trim{Before: wire.TimeOf(c.now().Add(time.Hour)), Keep: 1, Limit: 100}}
	if _, err := c.journal.Submit(t.Context(), trim); err != nil {
		t.Fatal(err)
	}
	for _, transport := range transports {
		f := c.owner.follow(transport, old, "")
		if b := f.next(); !b.Reset || len(b.Events) != 0 {
			t.Errorf("%s: %+v", transport, b)
		}
		f.close()
		now := c.owner.cursor()
		c.owner.say(wire.Lobby, "after "+transport)
		f = c.owner.follow(transport, now, "")
		if got := textsOf(t, f, 1); got[0] != "after "+transport {
			t.Errorf("%s: %q", transport, got)
		}
		f.close()
	}
}

func TestFeedHeaders(t *testing.T) {
	c := newCommunity(t)
	check := func(name string, h http.Header, contentType string) {
		t.Helper()
		if h.Get("Cache-Control") != "no-store, no-transform" || h.Get("X-Accel-Buffering") != "no" ||
			h.Get("Content-Type") != contentType || h.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v", name, h)
		}
	}
	f := c.owner.stream(nil)
	check("SSE", f.resp.Header, "text/event-stream")
	head := make([]byte, len(preamble)+4)
	if _, err := f.lines.Read(head); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(head), "retry: ") || !strings.Contains(string(head), "\n: ") || len(preamble) < 2048 {
		t.Errorf("starts with %q", head[:40])
	}
	check("poll", c.owner.ask("GET", "/events", nil).header, "application/json")
}

func TestLastEventIDWins(t *testing.T) {
	c := newCommunity(t)
	first := c.owner.cursor()
	c.owner.say(wire.Lobby, "one")
	second := c.owner.cursor()
	c.owner.say(wire.Lobby, "two")
	q := url.Values{"cursor": {first}}
	f := c.owner.stream(q, func(h http.Header) { h.Set("Last-Event-ID", second) })
	if got := textsOf(t, f, 1); got[0] != "two" {
		t.Errorf("got %q", got)
	}
	r := c.owner.request("GET", "/events?"+q.Encode(), nil) // it means nothing to a poll
	r.Header.Set("Last-Event-ID", second)
	if got := string(c.owner.send(r).body); !strings.Contains(got, "one") {
		t.Errorf("got %s", got)
	}
}

func TestFirstBatchAndHeartbeat(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.heartbeat = 50 * time.Millisecond })
	for _, transport := range []string{"WebSocket", "SSE"} {
		f := c.owner.follow(transport, "", "")
		for range 4 { // the first at once, then one per heartbeat
			if b := f.next(); len(b.Events) != 0 || b.Cursor == "" {
				t.Errorf("%s: %+v", transport, b)
			}
		}
		f.close()
	}
}

func TestLongPoll(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.longPoll = 300 * time.Millisecond })
	q := url.Values{"wait": {"60"}, "cursor": {c.owner.cursor()}}
	start := time.Now()
	f := &poller{p: c.owner, q: q}
	if b := f.next(); len(b.Events) != 0 || time.Since(start) < 300*time.Millisecond || time.Since(start) > 10*time.Second {
		t.Errorf("%+v after %v", b, time.Since(start))
	}
	got := make(chan wire.Batch)
	go func() { got <- f.next() }()
	c.owner.say(wire.Lobby, "there")
	if b := <-got; len(b.Events) == 0 && len(f.next().Events) == 0 { // it may have ended just before
		t.Errorf("%+v", b)
	}
}

// A poll whose session has a newer connection answers at once, with nothing.
func TestSupersededPoll(t *testing.T) {
	c := newCommunity(t)
	cursor := c.owner.cursor()
	first := &poller{p: c.owner, q: url.Values{"cursor": {cursor}, "session": {"page"}}}
	first.next() // tells who is online, after which there is nothing to tell
	got := make(chan wire.Batch)
	go func() {
		got <- (&poller{p: c.owner, q: url.Values{"wait": {"25"}, "cursor": {cursor}, "session": {"page"}}}).next()
	}()
	start := time.Now()
	for { // until the poll is there to be superseded
		f := c.owner.follow("WebSocket", "", "page")
		f.next()
		select {
		case b := <-got:
			if len(b.Events) != 0 || b.Cursor != cursor || time.Since(start) > 15*time.Second {
				t.Errorf("%+v after %v", b, time.Since(start))
			}
			return
		case <-time.After(50 * time.Millisecond):
			f.close()
		}
	}
}

// A connection can be superseded before its answer begins. That is nobody's
// mistake, least of all an internal one.
func TestSupersededBeforeItsAnswer(t *testing.T) {
	if err := feedProblem(feed.ErrSuperseded); wire.CodeFrom(err) != wire.CodeConflict {
		t.Errorf("got %v, want a conflict", err)
	}
}

func TestSupersededStreams(t *testing.T) {
	c := newCommunity(t)
	ws := c.owner.follow("WebSocket", "", "page").(*socketFollower)
	ws.next()
	sse := c.owner.follow("SSE", "", "page").(*streamFollower)
	sse.next()
	if code := ws.closed(); code != wire.CloseSuperseded {
		t.Errorf("closed with %d", code)
	}
	again := c.owner.follow("WebSocket", "", "page")
	again.next()
	for {
		if _, err := sse.event(); err != nil {
			break
		}
	}
	other := c.member("Ben").follow("SSE", "", "page") // somebody else's session of the same name
	other.next()
	c.owner.say(wire.Lobby, "still here")
	if got := textsOf(t, again, 1); got[0] != "still here" {
		t.Errorf("got %q", got)
	}
}

// What one may not see does not come by any transport; what one may, does.
func TestPrivateRoomInFeed(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	start := ben.cursor()
	private := c.room(wire.KindPrivate, "board")
	c.owner.say(private, "secret one")
	c.owner.do(wire.CmdAddMember, wire.MemberRef{Room: private, User: ben.me.ID}, nil)
	c.owner.say(private, "for Ben")
	ben.do(wire.CmdLeave, wire.RoomRef{Room: private}, nil)
	c.owner.say(private, "secret two")
	c.owner.say(wire.Lobby, "the end")
	for _, transport := range transports {
		f := ben.follow(transport, start, "")
		var seen []string
		for len(seen) == 0 || seen[len(seen)-1] != "the end" {
			b := f.next()
			if strings.Contains(string(wire.Encode(b)), "secret") {
				t.Fatalf("%s: %s", transport, wire.Encode(b))
			}
			for _, e := range b.Events {
				if e.Message != nil {
					seen = append(seen, e.Message.Text)
				}
			}
		}
		if !slices.Equal(seen, []string{"for Ben", "the end"}) {
			t.Errorf("%s: %q", transport, seen)
		}
		f.close()
	}
}

func TestTypingAndPresence(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	f := c.owner.follow("WebSocket", "", "a page")
	f.next()
	g := ben.follow("SSE", "", "another page")
	g.next()
	ben.do(wire.CmdTyping, wire.RoomRef{Room: wire.Lobby}, nil)
	typing, presence := false, false
	for !typing || !presence {
		for _, e := range f.next().Events {
			typing = typing || e.Typing != nil && e.Typing.User == ben.me.ID && e.Typing.Room == wire.Lobby
			presence = presence || e.Presence != nil && e.Presence.User == ben.me.ID && e.Presence.Online
		}
	}
}

func TestLogoutEndsTheFeed(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	ws := ben.follow("WebSocket", "", "").(*socketFollower)
	ws.next()
	sse := ben.follow("SSE", "", "").(*streamFollower)
	sse.next()
	poll := make(chan reply)
	r := ben.request("GET", "/events?wait=25", nil)
	go func() { poll <- ben.send(r) }()
	if got := ben.ask("POST", "/logout", nil); got.status != http.StatusNoContent {
		t.Fatalf("logout: %d", got.status)
	}
	if code := ws.closed(); code != wire.CloseUnauthorized {
		t.Errorf("closed with %d", code)
	}
	for err := error(nil); err == nil; { // who went offline may still be told
		_, err = sse.event()
	}
	(<-poll).wants(t, wire.CodeUnauthenticated) // whether it was waiting already or not
}

func TestRevokedTokenEndsTheFeed(t *testing.T) {
	c := newCommunity(t)
	bot, token := c.bot("robot")
	ws := bot.follow("WebSocket", "", "").(*socketFollower)
	ws.next()
	c.owner.do(wire.CmdRevokeToken, wire.TokenRef{ID: token.ID}, nil)
	if code := ws.closed(); code != wire.CloseUnauthorized {
		t.Errorf("closed with %d", code)
	}
}

// A login session that ends while a feed is open ends the feed, unless it was
// renewed meanwhile.
func TestExpiryEndsTheFeed(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.heartbeat = 20 * time.Millisecond })
	idle := c.stranger()
	idle.enter("/login", wire.Login{Name: "Ada", Password: "correct horse"})
	idleFeed := idle.follow("WebSocket", "", "").(*socketFollower)
	idleFeed.next()
	kept := c.owner.follow("WebSocket", "", "").(*socketFollower)
	kept.next()
	c.ahead.Add(int64(50 * 24 * time.Hour))
	c.owner.get("/sync", nil) // renews
	c.ahead.Add(int64(50 * 24 * time.Hour))
	if code := idleFeed.closed(); code != wire.CloseUnauthorized {
		t.Errorf("closed with %d", code)
	}
	kept.next()
	if frame := kept.reply(kept.start(wire.CmdPing, nil)); frame.Error != nil {
		t.Errorf("ping: %v", frame.Error)
	}
}

// One encoding, whoever reads: the bytes of an event are those of the log.
func TestBatchIsOneLine(t *testing.T) {
	c := newCommunity(t)
	start := c.owner.cursor()
	c.owner.say(wire.Lobby, "a\nb\r\nc\u0085d\u2028e")
	f := c.owner.stream(url.Values{"cursor": {start}})
	data, err := f.event()
	if err != nil || !json.Valid([]byte(data)) {
		t.Fatalf("%v: %q", err, data)
	}
}

// A short poll with until goes as far as that and no further, and waits for
// nothing beyond it.
func TestUntil(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	start := ben.cursor()
	c.owner.say(wire.Lobby, "one")
	between := ben.cursor()
	c.owner.say(wire.Lobby, "two")
	var b wire.Batch
	ben.get("/events?cursor="+start+"&until="+between, &b)
	if len(b.Events) != 1 || b.Events[0].Message.Text != "one" || b.Cursor != between || b.More {
		t.Errorf("up to a place: %s", wire.Encode(b))
	}
	b = wire.Batch{}
	ben.get("/events?cursor="+between+"&until="+start, &b)
	if len(b.Events) != 0 || b.Cursor != between || b.More {
		t.Errorf("back to a place: %s", wire.Encode(b))
	}
}
