package web

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/shared/wire"
)

func TestSendLimit(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) { conf.Limits.SendRate, conf.Limits.SendBurst = 0, 0 }) // the defaults
	ben := c.member("Ben")
	send := func(p *person) reply {
		return p.ask("POST", "/send", wire.Send{Room: wire.Lobby, Text: "x", Nonce: newNonce()})
	}
	n, began := 0, time.Now()
	for ; ; n++ {
		r := send(ben)
		if r.status != http.StatusOK {
			if p := r.wants(t, wire.CodeRateLimited); p.RetryAfter != 1 {
				t.Errorf("retry after %d", p.RetryAfter)
			}
			break
		}
	}
	if most := 100 + int(20*time.Since(began).Seconds()) + 1; n < 100 || n > most {
		t.Errorf("%d messages passed, want 100 to %d", n, most)
	}
	f := ben.socket(nil)
	defer f.close()
	limited := false
	for range 30 { // over the WebSocket it is the same limit
		r := f.reply(f.start(wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "x", Nonce: newNonce()}))
		limited = limited || r.Error != nil && r.Error.Code == wire.CodeRateLimited
	}
	if !limited {
		t.Error("the WebSocket has a limit of its own")
	}
	send(c.owner).into(t, nil)            // nobody else is held up
	ben.do(wire.CmdPing, struct{}{}, nil) // and nothing else
	ben.do(wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: 1}, nil)
	c.ahead.Add(int64(time.Second))
	send(ben).into(t, nil)
}

func TestConnectionLimit(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) { conf.Limits.Conns = 5 })
	c.client.CloseIdleConnections()
	c.awaitNobody()
	var held []net.Conn
	for range 5 {
		held = append(held, c.dial())
	}
	c.await("5 connections", func() bool { return c.counted() == 5 })
	r := c.stranger().ask("GET", "/about", nil) // the sixth is told
	if p := r.wants(t, wire.CodeRateLimited); p.RetryAfter == 0 {
		t.Errorf("%+v", p)
	}
	if r.header.Get("Connection") != "close" && c.counted() > 6 {
		t.Errorf("%v", r.header)
	}
	for range told + 10 { // and those far beyond are closed unheard
		held = append(held, c.dial())
	}
	awaitClose(t, held[len(held)-1])
	if n := c.counted(); n > 5+told {
		t.Errorf("%d connections are open", n)
	}
	for _, conn := range held {
		conn.Close()
	}
	c.awaitNobody()
	c.stranger().get("/about", nil)
}

func (c *community) counted() (n int) {
	c.server.conns.mu.Lock()
	defer c.server.conns.mu.Unlock()
	for _, k := range c.server.conns.open {
		n += k
	}
	return n
}

// Feeds hold their place, WebSockets included, and give it back when they end.
func TestConnectionLimitCountsFeeds(t *testing.T) {
	for _, proxied := range []bool{false, true} {
		t.Run(fmt.Sprint("proxied ", proxied), func(t *testing.T) {
			c := newCommunity(t, func(conf *Config, _ *times) {
				conf.Limits.Conns = 4
				if proxied {
					conf.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
				}
			})
			c.client.CloseIdleConnections()
			c.awaitNobody()
			var feeds []follower
			for i := range 4 {
				feeds = append(feeds, c.owner.follow(transports[i%2], "", ""))
				feeds[i].next()
			}
			if n := c.counted(); n != 4 {
				t.Errorf("%d are counted", n)
			}
			c.stranger().ask("GET", "/about", nil).wants(t, wire.CodeRateLimited)
			for _, f := range feeds {
				f.close()
			}
			c.awaitNobody()
			c.stranger().get("/about", nil)
		})
	}
}

// Behind a trusted proxy each client has a limit of its own, by the address
// that the proxy names; without trust nobody can name one.
func TestConnectionLimitBehindProxy(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) {
		conf.Limits.Conns = 2
		conf.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	from := func(addr string) func(http.Header) {
		return func(h http.Header) { h.Set("X-Forwarded-For", "9.9.9.9, "+addr) }
	}
	for range 2 {
		f := c.owner.stream(nil, from("203.0.113.1"))
		defer f.close()
		f.next()
	}
	ask := func(addr string) reply {
		r := c.stranger().request("GET", "/about", nil)
		from(addr)(r.Header)
		return c.owner.send(r)
	}
	ask("203.0.113.1").wants(t, wire.CodeRateLimited)
	ask("203.0.113.2").into(t, nil)
}

// A handler that panics or fails gives its place back.
func TestPlacesAreGivenBack(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) {
		conf.Limits.Conns = 2
		conf.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	c.server.mux.Handle("/api/panic", c.server.route(methods{"GET": func(*answer, *http.Request) error { panic("x") }}))
	for range 10 {
		c.stranger().ask("GET", "//api/panic", nil).wants(t, wire.CodeInternal)
		c.stranger().ask("GET", "/sync", nil).wants(t, wire.CodeUnauthenticated)
	}
	c.awaitNobody()
}

// Fifty WebSockets that never read while 5 MB are sent: the heap stays where it
// is, and nobody else waits.
func TestNeverReading(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	for range 50 {
		ben.socket(nil)
	}
	c.awaitSockets(50)
	reader := ben.follow("WebSocket", "", "").(*socketFollower)
	reader.next()
	before := heap()
	const size = 5 << 20
	text := strings.Repeat("x", 15_000)
	var slowest time.Duration
	var read sync.WaitGroup
	n := size / len(text)
	read.Go(func() { textsOf(t, reader, n) })
	for range n {
		start := time.Now()
		c.owner.say(wire.Lobby, text)
		slowest = max(slowest, time.Since(start))
	}
	read.Wait()
	if stats := c.feed.Stats(); stats.Overflows < 50 {
		t.Errorf("only %d queues have overflowed: the others were read", stats.Overflows)
	}
	// Each may hold its queue, which is bounded in bytes, and one batch that is
	// being written; shared bytes count once.
	if grown := heap() - before; grown > 50*(300<<10) {
		t.Errorf("the heap has grown by %d KB", grown>>10)
	}
	if slowest > 5*time.Second {
		t.Errorf("a send took %v", slowest)
	}
	t.Logf("heap grew by %d KB; slowest send %v", (heap()-before)>>10, slowest)
}

func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}

// awaitStuck waits until a WebSocket's write has filled every buffer on its way.
func (c *community) awaitStuck(int) {
	c.Helper()
	buf := make([]byte, 1<<20)
	c.await("a write to stand still", func() bool {
		stacks := string(buf[:runtime.Stack(buf, true)])
		for _, g := range strings.Split(stacks, "\n\n") {
			if strings.Contains(g, "[IO wait") && strings.Contains(g, "(*socket).send") && strings.Contains(g, "waitWrite") {
				return true
			}
		}
		return false
	})
}

func TestDrain(t *testing.T) {
	c := newCommunity(t)
	cursor := c.owner.cursor()
	ws := c.owner.follow("WebSocket", "", "a").(*socketFollower)
	ws.next()
	sse := c.owner.follow("SSE", "", "b").(*streamFollower)
	sse.next()
	polled := make(chan reply)
	r := c.owner.request("GET", "/events?wait=25&cursor="+cursor, nil)
	go func() { polled <- c.owner.send(r) }()
	c.await("the poll to wait", func() bool { return c.polling() })
	for range 10 { // answered before the socket closes
		ws.start(wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "last words", Nonce: newNonce()})
	}
	first := ws.reply(1)
	if first.Error != nil {
		t.Fatal(first.Error)
	}
	c.dial() // a connection that says nothing does not hold it up
	ended := make(chan error)
	start := time.Now()
	go func() { ended <- c.end() }()
	if code := ws.closed(); code != wire.CloseRestart {
		t.Errorf("closed with %d", code)
	}
	if last := ws.batches[len(ws.batches)-1]; last.ReconnectMS <= 0 {
		t.Errorf("the last batch is %+v", last)
	}
	told := false
	for {
		data, err := sse.event()
		if err != nil {
			break
		}
		told = told || strings.Contains(data, "reconnect_ms")
	}
	if !told {
		t.Error("the stream was not told when to come back")
	}
	if got := <-polled; got.status != http.StatusOK {
		t.Errorf("the poll was answered %d %s", got.status, got.body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("draining took %v", took)
	}
	var d net.Dialer
	if _, err := d.DialContext(t.Context(), "tcp", c.addr); err == nil {
		t.Error("still accepting")
	}
}

// polling tells whether some long poll waits.
func (c *community) polling() bool {
	buf := make([]byte, 1<<20)
	return strings.Contains(string(buf[:runtime.Stack(buf, true)]), "(*Server).longPoll")
}

// Clients that do not go are cut off in time.
func TestDrainIsBounded(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) { conf.Limits.Drain = time.Second })
	start := c.owner.cursor()
	c.fill(wire.Lobby, 3<<20)
	for range 3 {
		c.owner.socket(map[string][]string{"cursor": {start}})
	}
	stream := c.dial()
	small(stream)
	fmt.Fprintf(stream, "GET /api/v1/events?cursor=%s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nAccept: text/event-stream\r\n\r\n", start, c.addr, c.owner.cookie)
	slow := c.dial() // a request that never ends
	fmt.Fprintf(slow, "POST /api/v1/ping HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 9\r\nCookie: %s\r\n\r\n{", c.addr, c.owner.cookie)
	c.awaitStuck(1)
	began := time.Now()
	if err := c.end(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("draining took %v", took)
	}
	c.await("sockets to end", func() bool { return c.sockets() == 0 })
}

// A stream is not cut by the time-outs that hold slow requests off.
func TestFeedOutlivesTimeouts(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) {
		t.header, t.body, t.write, t.idle = 100*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond
		t.heartbeat = 150 * time.Millisecond
	})
	for _, transport := range []string{"WebSocket", "SSE"} {
		f := c.owner.follow(transport, "", "")
		for range 8 { // more than a second
			f.next()
		}
		c.owner.say(wire.Lobby, "still there")
		if got := textsOf(t, f, 1); got[0] != "still there" {
			t.Errorf("%s: %q", transport, got)
		}
		f.close()
	}
}

// Requests follow each other on one connection although each has deadlines.
func TestKeepAlive(t *testing.T) {
	c := newCommunity(t)
	conn := c.dial()
	in := bufio.NewReader(conn)
	for range 3 {
		fmt.Fprintf(conn, "POST /api/v1/ping HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 2\r\nCookie: %s\r\n\r\n{}", c.addr, c.owner.cookie)
		resp, err := http.ReadResponse(in, nil)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v %v", resp, err)
		}
		body := make([]byte, 2)
		if _, err := resp.Body.Read(body); string(body) != "{}" {
			t.Fatalf("%v %q", err, body)
		}
		resp.Body.Close()
	}
}

// Rooms and bots stay, so whoever makes them by the hundred is slowed down.
func TestMakingIsLimited(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) { conf.Limits.SendRate, conf.Limits.SendBurst = 20, 3 })
	ben := c.member("Ben")
	for i := range 3 {
		ben.do(wire.CmdCreateToken, wire.CreateToken{Name: fmt.Sprint("bot ", i)}, nil)
	}
	for cmd, args := range map[string]any{
		wire.CmdCreateToken:  wire.CreateToken{Name: "bot 3"},
		wire.CmdCreateRoom:   wire.CreateRoom{Kind: wire.KindPublic, Name: "room"},
		wire.CmdCreateInvite: wire.CreateInvite{Role: wire.RoleGuest},
	} {
		if p := ben.ask("POST", "/"+cmd, args).wants(t, wire.CodeRateLimited); p.RetryAfter < 3 {
			t.Errorf("%s: retry after %d", cmd, p.RetryAfter)
		}
	}
	ben.do(wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: 1}, nil) // nothing else is held up
	c.ahead.Add(int64(5 * time.Second))
	ben.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPublic, Name: "room"}, nil)
}
