package web

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

// Every code of the protocol's table can be had from a real server, but for
// internal and unavailable, which have tests of their own.
func TestEveryProblem(t *testing.T) {
	c := newCommunity(t)
	c.owner.say(wire.Lobby, "hello")
	private := c.room(wire.KindPrivate, "board")
	member, bot := c.member("Ben"), func() *person { b, _ := c.bot("robot"); return b }()
	stranger := c.stranger()
	for _, try := range []struct {
		name         string
		who          *person
		method, path string
		body         any
		want         wire.Code
	}{
		{"no cookie", stranger, "POST", "/send", wire.Send{}, wire.CodeUnauthenticated},
		{"no cookie, sync", stranger, "GET", "/sync", nil, wire.CodeUnauthenticated},
		{"no cookie, events", stranger, "GET", "/events", nil, wire.CodeUnauthenticated},
		{"no cookie, rooms", stranger, "GET", "/rooms", nil, wire.CodeUnauthenticated},
		{"no cookie, history", stranger, "GET", "/rooms/lobby/messages", nil, wire.CodeUnauthenticated},
		{"no cookie, logout", stranger, "POST", "/logout", nil, wire.CodeUnauthenticated},
		{"cookie of nobody", &person{c: c, cookie: "session=x"}, "GET", "/sync", nil, wire.CodeUnauthenticated},
		{"token of nobody", &person{c: c, token: "parley_x"}, "GET", "/sync", nil, wire.CodeUnauthenticated},
		{"token does not fall back on the cookie", &person{c: c, cookie: c.owner.cookie, token: "x"}, "GET", "/sync", nil, wire.CodeUnauthenticated},

		{"somebody else's page, send", c.owner, "POST", "/send?user=u9", wire.Send{Room: wire.Lobby, Text: "x", Nonce: "1"}, wire.CodeUnauthenticated},
		{"somebody else's page, sync", c.owner, "GET", "/sync?user=u9", nil, wire.CodeUnauthenticated},
		{"somebody else's page, events", c.owner, "GET", "/events?user=u9", nil, wire.CodeUnauthenticated},

		{"unknown path", c.owner, "GET", "/nothing/here", nil, wire.CodeNotFound},
		{"unknown path outside the version", c.owner, "GET", "//api/v2/sync", nil, wire.CodeNotFound},
		{"unknown command", c.owner, "POST", "/frobnicate", "{}", wire.CodeNotFound},
		{"unknown command, nobody", stranger, "POST", "/frobnicate", "{}", wire.CodeNotFound},
		{"unknown command by GET", c.owner, "GET", "/no-such-query", nil, wire.CodeNotFound},
		{"unknown room", c.owner, "GET", "/rooms/nowhere/messages", nil, wire.CodeNotFound},
		{"unknown room, send", c.owner, "POST", "/send", wire.Send{Room: "nowhere", Text: "x", Nonce: "1"}, wire.CodeNotFound},
		{"unknown invite", stranger, "POST", "/signup", wire.Signup{Invite: "x", Name: "Eve"}, wire.CodeNotFound},

		{"wrong method", c.owner, "GET", "/send", nil, wire.CodeMethodNotAllowed},
		{"wrong method, sync", c.owner, "POST", "/sync", "{}", wire.CodeMethodNotAllowed},
		{"wrong method, events", c.owner, "PUT", "/events", "{}", wire.CodeMethodNotAllowed},
		{"wrong method, setup", stranger, "GET", "/setup", nil, wire.CodeMethodNotAllowed},
		{"wrong method, page", stranger, "PUT", "//login", "{}", wire.CodeMethodNotAllowed},
		{"wrong method, any file", stranger, "DELETE", "//static/app-1.css", nil, wire.CodeMethodNotAllowed},

		{"forbidden", bot, "POST", "/create-invite", wire.CreateInvite{Role: wire.RoleMember}, wire.CodeForbidden},
		{"set up twice", stranger, "POST", "/setup", wire.Setup{Name: "Eve", Password: "longenough"}, wire.CodeConflict},
		{"wrong password", stranger, "POST", "/login", wire.Login{Name: "Ada", Password: "wrong"}, wire.CodeUnauthenticated},

		{"no JSON", member, "POST", "/send", "hello", wire.CodeBadRequest},
		{"no body", member, "POST", "/send", nil, wire.CodeBadRequest},
		{"empty body", member, "POST", "/send", "", wire.CodeBadRequest},
		{"JSON cut short", member, "POST", "/send", `{"room":"lobby","text":"x`, wire.CodeBadRequest},
		{"two objects", member, "POST", "/send", `{} {}`, wire.CodeBadRequest},
		{"an array", member, "POST", "/send", `[]`, wire.CodeBadRequest},
		{"no JSON to a command without arguments", member, "POST", "/ping", "hello", wire.CodeBadRequest},
		{"nested 10,000 deep", member, "POST", "/send", `{"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`, wire.CodeBadRequest},
		{"duplicate keys", member, "POST", "/send", `{"room":"lobby","room":"board","text":"x","nonce":"1"}`, wire.CodeBadRequest},
		{"invalid UTF-8", member, "POST", "/send", "{\"room\":\"lobby\",\"text\":\"\xff\",\"nonce\":\"1\"}", wire.CodeBadRequest},
		{"wrong type", member, "POST", "/send", `{"room":7}`, wire.CodeBadRequest},
		{"10 MB", member, "POST", "/send", `{"text":"` + strings.Repeat("x", 10<<20) + `"}`, wire.CodeTooLarge},
		{"10 MB to log in", stranger, "POST", "/login", `{"name":"` + strings.Repeat("x", 10<<20) + `"}`, wire.CodeTooLarge},
		{"one byte too many", member, "POST", "/send", `{"text":"` + strings.Repeat("x", wire.MaxBody-10) + `"}`, wire.CodeTooLarge},
		{"text too long", member, "POST", "/send", wire.Send{Room: "lobby", Text: strings.Repeat("x", wire.MaxText+1), Nonce: "1"}, wire.CodeTooLarge},
		{"text blank", member, "POST", "/send", wire.Send{Room: "lobby", Text: " \n\t", Nonce: "1"}, wire.CodeBadRequest},

		{"wait is no number", member, "GET", "/events?wait=x", nil, wire.CodeBadRequest},
		{"wait is no whole number", member, "GET", "/events?wait=1.5", nil, wire.CodeBadRequest},
		{"wait is empty", member, "GET", "/events?wait=", nil, wire.CodeBadRequest},
		{"wait below 0", member, "GET", "/events?wait=-1", nil, wire.CodeBadRequest},
		{"wait over 60", member, "GET", "/events?wait=61", nil, wire.CodeBadRequest},
		{"session too long", member, "GET", "/events?session=" + strings.Repeat("x", wire.MaxSession+1), nil, wire.CodeBadRequest},
		{"query that is none", member, "GET", "/events?cursor=%zz", nil, wire.CodeBadRequest},
		{"until without a cursor", member, "GET", "/events?until=abcdefghijkl-1", nil, wire.CodeBadRequest},
		{"until with a wait", member, "GET", "/events?cursor=abcdefghijkl-1&until=abcdefghijkl-1&wait=1", nil, wire.CodeBadRequest},
		{"history, before 0", member, "GET", "/rooms/lobby/messages?before=0", nil, wire.CodeBadRequest},
		{"history, garbage", member, "GET", "/rooms/lobby/messages?around=x", nil, wire.CodeBadRequest},
		{"history, two places", member, "GET", "/rooms/lobby/messages?around=1&before=2", nil, wire.CodeBadRequest},
		{"history, limit 0", member, "GET", "/rooms/lobby/messages?limit=0", nil, wire.CodeBadRequest},

		{"private room, history", member, "GET", "/rooms/" + private + "/messages", nil, wire.CodeNotFound},
		{"private room, send", member, "POST", "/send", wire.Send{Room: private, Text: "x", Nonce: "1"}, wire.CodeNotFound},
		{"private room, join", member, "POST", "/join", wire.RoomRef{Room: private}, wire.CodeNotFound},
		{"private room, typing", member, "POST", "/typing", wire.RoomRef{Room: private}, wire.CodeNotFound},
		{"private room, read", member, "POST", "/read", wire.Read{Room: private, Seq: 1}, wire.CodeNotFound},
		{"private room, leave", member, "POST", "/leave", wire.RoomRef{Room: private}, wire.CodeNotFound},
		{"private room, add", member, "POST", "/add-member", wire.MemberRef{Room: private, User: member.me.ID}, wire.CodeNotFound},
		{"private room, invite", member, "POST", "/create-invite", wire.CreateInvite{Role: "guest", Room: private}, wire.CodeNotFound},
	} {
		t.Run(try.name, func(t *testing.T) {
			r := try.who.ask(try.method, try.path, try.body)
			p := r.wants(t, try.want)
			if allow := r.header.Get("Allow"); (p.Code == wire.CodeMethodNotAllowed) != (allow != "") {
				t.Errorf("Allow is %q", allow)
			}
		})
	}
}

// A private room and one that does not exist are answered with the same bytes.
func TestPrivateRoomCannotBeTold(t *testing.T) {
	c := newCommunity(t)
	private := c.room(wire.KindPrivate, "board")
	for _, who := range []*person{c.member("Ben"), c.guest("Gus", "")} {
		for _, ask := range []func(room string) reply{
			func(room string) reply { return who.ask("GET", "/rooms/"+room+"/messages", nil) },
			func(room string) reply { return who.ask("POST", "/send", wire.Send{Room: room, Text: "x", Nonce: "1"}) },
			func(room string) reply { return who.ask("POST", "/join", wire.RoomRef{Room: room}) },
			func(room string) reply { return who.ask("POST", "/typing", wire.RoomRef{Room: room}) },
		} {
			there, nowhere := ask(private), ask("abcdefghijklmnop")
			if string(there.body) != string(nowhere.body) || there.status != nowhere.status {
				t.Errorf("%s differs from %s", there.body, nowhere.body)
			}
		}
		for _, path := range []string{"/sync", "/rooms", "/events?wait=0"} {
			if body := who.ask("GET", path, nil).body; strings.Contains(string(body), private) {
				t.Errorf("%s tells of the private room: %s", path, body)
			}
		}
	}
}

func TestContentType(t *testing.T) {
	c := newCommunity(t)
	for contentType, good := range map[string]bool{
		"application/json":                   true,
		"application/json; charset=utf-8":    true,
		"Application/JSON;charset=\"UTF-8\"": true,
		"application/json; charset=latin1":   false,
		"text/plain":                         false,
		"application/x-www-form-urlencoded":  false,
		"multipart/form-data; boundary=x":    false,
		"application/jsonp":                  false,
		"application/json, text/plain":       false,
		"":                                   false,
	} {
		r := c.owner.request("POST", "/ping", "{}")
		r.Header.Set("Content-Type", contentType)
		if contentType == "" {
			r.Header.Del("Content-Type")
		}
		if got := c.owner.send(r); good {
			got.into(t, nil)
		} else {
			got.wants(t, wire.CodeUnsupportedMediaType)
		}
	}
}

func TestCompressedBody(t *testing.T) {
	c := newCommunity(t)
	r := c.owner.request("POST", "/ping", "{}")
	r.Header.Set("Content-Encoding", "gzip")
	c.owner.send(r).wants(t, wire.CodeUnsupportedMediaType)
}

func TestForeignOrigin(t *testing.T) {
	c := newCommunity(t)
	for name, h := range map[string]http.Header{
		"browser":     {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
		"same site":   {"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://evil.127.0.0.1"}},
		"old browser": {"Origin": {"https://evil.example"}},
		"opaque":      {"Origin": {"null"}},
		"other port":  {"Origin": {"http://127.0.0.1:1"}},
	} {
		for _, path := range []string{"/ping", "/send", "/login", "/logout", "/setup"} {
			r := c.owner.request("POST", path, "{}")
			for k, v := range h {
				r.Header[k] = v
			}
			t.Run(name+path, func(t *testing.T) { c.owner.send(r).wants(t, wire.CodeForbidden) })
		}
	}
	for name, h := range map[string]http.Header{
		"our page":              {"Sec-Fetch-Site": {"same-origin"}, "Origin": {c.url}},
		"our page, old browser": {"Origin": {c.url}},
		"no browser":            {},
	} {
		r := c.owner.request("POST", "/ping", "{}")
		for k, v := range h {
			r.Header[k] = v
		}
		t.Run(name, func(t *testing.T) { c.owner.send(r).into(t, nil) })
	}
}

// A body that stops half-way holds a connection for the body time-out, no longer.
func TestSlowBody(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.body = 200 * time.Millisecond })
	for _, path := range []string{"/api/v1/ping", "/api/v1/nothing", "/login"} { // with and without a handler that reads it
		conn := c.dial()
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", path, c.addr, c.owner.cookie)
		awaitClose(t, conn)
	}
}

func TestSlowHeader(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.header = 200 * time.Millisecond })
	for _, begin := range []string{"G", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b"} {
		conn := c.dial()
		fmt.Fprint(conn, begin)
		awaitClose(t, conn)
	}
}

func TestIdleConnection(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.idle = 200 * time.Millisecond })
	conn := c.dial()
	fmt.Fprintf(conn, "GET /api/v1/about HTTP/1.1\r\nHost: %s\r\n\r\n", c.addr)
	awaitClose(t, conn)
}

// Who asks for an answer and does not take it is cut off, though the answer fits
// into no buffer on the way.
func TestSlowReaderOfAnswer(t *testing.T) {
	c := newCommunity(t, func(conf *Config, t *times) { t.write = 200 * time.Millisecond })
	conn := c.dial()
	small(conn)
	for range 40 { // pipelined: 32 MB
		fmt.Fprintf(conn, "GET /static/app-1.wasm HTTP/1.1\r\nHost: %s\r\n\r\n", c.addr)
	}
	c.awaitNobody()
}

func TestHeaderTooLarge(t *testing.T) {
	c := newCommunity(t)
	conn := c.dial()
	fmt.Fprintf(conn, "GET /api/v1/about HTTP/1.1\r\nHost: %s\r\nX-Large: %s", c.addr, strings.Repeat("x", maxHeader+8<<10))
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	answer, err := io.ReadAll(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("the server waits for more")
	}
	if len(answer) > 0 && !strings.HasPrefix(string(answer), "HTTP/1.1 431 ") { // it may be lost when the server hangs up
		t.Errorf("answered %s", answer)
	}
}

// bare is a server without a community behind it, for its own paths.
func bare(t *testing.T, paths map[string]handler) (*Server, *logBuffer) {
	t.Helper()
	log := &logBuffer{}
	s, err := newServer(Config{Static: testFiles(t), Log: slog.New(slog.NewTextHandler(log, nil))}, defaultTimes())
	if err != nil {
		t.Fatal(err)
	}
	for path, h := range paths {
		s.mux.Handle(path, s.route(methods{http.MethodGet: h}))
	}
	return s, log
}

// What goes wrong inside is logged once, with everything, and told without detail.
func TestInternal(t *testing.T) {
	s, log := bare(t, map[string]handler{
		"/api/panic": func(*answer, *http.Request) error { panic("the secret reason") },
		"/api/error": func(*answer, *http.Request) error { return errors.New("the secret reason") },
	})
	for _, path := range []string{"/api/panic", "/api/error"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		reply{w.Code, w.Header(), w.Body.Bytes()}.wants(t, wire.CodeInternal)
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("told: %s", w.Body)
		}
	}
	if n := strings.Count(log.String(), "the secret reason"); n != 2 {
		t.Errorf("logged %d times:\n%s", n, log)
	}
	if !strings.Contains(log.String(), "problems_test.go") {
		t.Errorf("the panic has no stack:\n%s", log)
	}
}

// An answer that fails after it has begun is cut off, not ended as if it were whole.
func TestHalfAnswer(t *testing.T) {
	s, _ := bare(t, map[string]handler{
		"/api/half": func(w *answer, _ *http.Request) error {
			_, _ = w.Write([]byte("half"))
			_ = w.flush()
			return errors.New("no more")
		},
	})
	srv := httptest.NewServer(s)
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL + "/api/half") //nolint:noctx // the server ends with the test
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if data, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("taken for whole: %s", data)
	}
}

func TestUnavailable(t *testing.T) {
	c := newCommunity(t)
	if err := c.journal.Close(); err != nil { // as while the server stops
		t.Fatal(err)
	}
	r := c.owner.ask("POST", "/send", wire.Send{Room: wire.Lobby, Text: "x", Nonce: "1"})
	r.wants(t, wire.CodeUnavailable)
}

func (c *community) dial() net.Conn {
	c.Helper()
	var d net.Dialer
	conn, err := d.DialContext(c.Context(), "tcp", c.addr)
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { conn.Close() })
	return conn
}

// awaitClose reads until the server closes.
func awaitClose(t *testing.T, conn net.Conn) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.Copy(io.Discard, bufio.NewReader(conn)); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("not closed: %v", err)
	}
}

// small keeps the kernel from taking megabytes for a test that does not read.
func small(conn net.Conn) { _ = conn.(*net.TCPConn).SetReadBuffer(4 << 10) }

// awaitNobody waits until no connection is counted.
func (c *community) awaitNobody() {
	c.Helper()
	c.client.CloseIdleConnections()
	c.await("all connections to end", func() bool {
		c.server.conns.mu.Lock()
		defer c.server.conns.mu.Unlock()
		return len(c.server.conns.open) == 0
	})
}

// await waits for what happens by itself.
func (c *community) await(what string, done func() bool) {
	c.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.Fatalf("waited in vain for %s", what)
		}
	}
}
