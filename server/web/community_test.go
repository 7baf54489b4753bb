package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"parley/server/chat"
	"parley/server/feed"
	"parley/server/journal"
	"parley/server/search"
	"parley/server/store"
	"parley/shared/wire"
	"parley/static"
)

// TestMain fails when a test leaves a goroutine behind.
func TestMain(m *testing.M) {
	before := runtime.NumGoroutine()
	code := m.Run()
	for deadline := time.Now().Add(10 * time.Second); code == 0 && runtime.NumGoroutine() > before; {
		if time.Now().After(deadline) {
			_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
			code = 1
		}
		time.Sleep(10 * time.Millisecond)
	}
	os.Exit(code)
}

// community is a whole server: a real file, a real listener, everything between.
type community struct {
	testing.TB
	url     string
	addr    string
	server  *Server
	feed    *feed.Feed
	journal *journal.Journal
	client  *http.Client
	log     *logBuffer
	owner   *person

	ahead atomic.Int64 // of the real clock, nanoseconds
	end   func() error // stops the server and gives what Serve returned; may be called again
}

// logBuffer is what the server logged.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// newCommunity starts a server and sets it up, with an owner named Ada.
func newCommunity(t testing.TB, change ...func(*Config, *times)) *community {
	t.Helper()
	c := newEmpty(t, change...)
	c.owner = &person{c: c}
	c.owner.enter("/setup", wire.Setup{Name: "Ada", Password: "correct horse", Community: "Analysts"})
	return c
}

// newEmpty starts a server that waits for its owner.
func newEmpty(t testing.TB, change ...func(*Config, *times)) *community {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "parley.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &community{TB: t, feed: feed.New(db), log: &logBuffer{}, client: &http.Client{Transport: &http.Transport{}}}
	index := search.Open(filepath.Join(t.TempDir(), "search.db"), db, search.Options{Log: slog.New(slog.NewTextHandler(c.log, nil))})
	publish := func(events []store.Event) {
		c.feed.Publish(events)
		index.Wake()
	}
	c.journal = journal.New(db, journal.Options{Publish: publish, Fatal: func(err error) { t.Error(err) }})
	cheap := chat.NewPasswords(chat.Cost{Memory: 64, Passes: 1, Threads: 1})
	conf := Config{
		Queries: chat.Queries{DB: db, MaxFile: 4 << 20},
		Env:     chat.Env{Now: c.now, Rand: rand.Reader, Passwords: cheap, Files: chat.FileLimits{Each: 4 << 20, All: 8 << 20}},
		Journal: c.journal, Feed: c.feed, Search: index, Static: testFiles(t), Version: "test",
		Log:    slog.New(slog.NewTextHandler(c.log, nil)),
		Limits: Limits{SendRate: 10_000, SendBurst: 10_000, Drain: 5 * time.Second},
	}
	times := defaultTimes()
	for _, fn := range change {
		fn(&conf, &times)
	}
	if c.server, err = newServer(conf, times); err != nil {
		t.Fatal(err)
	}
	c.serve()
	t.Cleanup(func() {
		if err := c.end(); err != nil {
			t.Errorf("serve: %v", err)
		}
		if err := c.journal.Close(); err != nil {
			t.Errorf("close journal: %v", err)
		}
		if err := index.Close(); err != nil {
			t.Errorf("close search: %v", err)
		}
		if err := c.feed.Close(); err != nil {
			t.Errorf("close feed: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
		c.client.CloseIdleConnections()
	})
	return c
}

func (c *community) serve() {
	var lc net.ListenConfig
	l, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		c.Fatal(err)
	}
	c.addr, c.url = l.Addr().String(), "http://"+l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.server.Serve(ctx, l) }()
	c.end = sync.OnceValue(func() error { cancel(); return <-done })
}

func (c *community) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// testFiles are files as the build makes them, small.
func testFiles(t testing.TB) *static.Set {
	t.Helper()
	index := static.Index{
		CSS: "/static/app-1.css", WASM: "/static/app-1.wasm", Runtime: "/static/wasm_exec-1.js", Script: "/static/app-1.js",
		Entries: []static.Entry{
			{Path: "/static/app-1.css", File: "built/app-1.css", Type: "text/css; charset=utf-8", Immutable: true},
			{Path: "/static/app-1.wasm", File: "built/app-1.wasm", Type: "application/wasm", Immutable: true},
			{Path: static.Worker, File: "built/sw.js", Type: "text/javascript"},
		},
	}
	set, err := static.Open(fstest.MapFS{
		static.IndexFile:      {Data: wire.Encode(index)},
		"built/app-1.css":     {Data: []byte("body{}")},
		"built/app-1.wasm":    {Data: bytes.Repeat([]byte("raw "), 200_000)},
		"built/app-1.wasm.br": {Data: []byte("brotli")},
		"built/app-1.wasm.gz": {Data: []byte("gzip")},
		"built/sw.js":         {Data: []byte("self")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// person is somebody with a browser or a token.
type person struct {
	c      *community
	cookie string // "session=..."
	token  string
	me     wire.User
}

// reply is a whole answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// request makes a request of this person. body is sent as it is when it is a
// string, else as JSON.
func (p *person) request(method, path string, body any) *http.Request {
	p.c.Helper()
	var data io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		data = strings.NewReader(b)
	default:
		data = bytes.NewReader(wire.Encode(b))
	}
	if !strings.HasPrefix(path, "//") {
		path = "/api/v1" + path
	} else {
		path = path[1:]
	}
	r, err := http.NewRequestWithContext(context.Background(), method, p.c.url+path, data)
	if err != nil {
		p.c.Fatal(err)
	}
	if data != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.cookie != "" {
		r.Header.Set("Cookie", p.cookie)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	return r
}

func (p *person) send(r *http.Request) reply {
	p.c.Helper()
	resp, err := p.c.client.Do(r)
	if err != nil {
		p.c.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		p.c.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, data}
}

func (p *person) ask(method, path string, body any) reply {
	p.c.Helper()
	return p.send(p.request(method, path, body))
}

// get reads a query into v.
func (p *person) get(path string, v any) {
	p.c.Helper()
	p.ask(http.MethodGet, path, nil).into(p.c, v)
}

// do runs a command.
func (p *person) do(name string, args, result any) {
	p.c.Helper()
	p.ask(http.MethodPost, "/"+name, args).into(p.c, result)
}

// say sends a text to a room.
func (p *person) say(room, text string) wire.Message {
	p.c.Helper()
	var m wire.Message
	p.do(wire.CmdSend, wire.Send{Room: room, Text: text, Nonce: newNonce()}, &m)
	return m
}

var nonces atomic.Uint64

func newNonce() string { return fmt.Sprint("n", nonces.Add(1)) }

// enter signs in by one of the doors and keeps the cookie.
func (p *person) enter(door string, args any) {
	p.c.Helper()
	r := p.ask(http.MethodPost, door, args)
	r.into(p.c, &p.me)
	p.cookie = r.cookie(p.c)
}

func (r reply) cookie(t testing.TB) string {
	t.Helper()
	first, _, _ := strings.Cut(r.header.Get("Set-Cookie"), ";")
	if !strings.Contains(first, "session=") {
		t.Fatalf("no cookie in %v", r.header)
	}
	return first
}

func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "application/json" {
		t.Fatalf("answered %d %s: %s", r.status, r.header.Get("Content-Type"), r.body)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("%v in %s", err, r.body)
	}
}

// wants checks that the answer is a problem of this code, whole and consistent.
func (r reply) wants(t testing.TB, code wire.Code) wire.Problem {
	t.Helper()
	var p wire.Problem
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("want problem %s, got %d: %s", code, r.status, r.body)
	}
	if p.Code != code || r.status != code.Status() || p.Status != r.status || p.Type != "about:blank" ||
		p.Title == "" || p.Detail == "" || r.header.Get("Content-Type") != wire.ProblemType {
		t.Fatalf("want problem %s, got %d %s: %s", code, r.status, r.header.Get("Content-Type"), r.body)
	}
	if wait := r.header.Get("Retry-After"); (wait != "") != (p.RetryAfter > 0) {
		t.Fatalf("Retry-After %q and retry_after %d differ", wait, p.RetryAfter)
	}
	return p
}

// member is somebody new, invited by the owner.
func (c *community) member(name string) *person { return c.invited(name, wire.RoleMember, "") }

// guest is somebody new in the lobby and room.
func (c *community) guest(name, room string) *person { return c.invited(name, wire.RoleGuest, room) }

func (c *community) invited(name string, role wire.Role, room string) *person {
	c.Helper()
	var invite wire.Invite
	c.owner.do(wire.CmdCreateInvite, wire.CreateInvite{Role: role, Room: room}, &invite)
	p := &person{c: c}
	s := wire.Signup{Invite: invite.Code, Name: name}
	if role == wire.RoleMember {
		s.Password = "password of " + name
	}
	p.enter("/signup", s)
	return p
}

// bot is a program with a token made by the owner.
func (c *community) bot(name string) (*person, wire.Token) {
	c.Helper()
	var token wire.Token
	c.owner.do(wire.CmdCreateToken, wire.CreateToken{Name: name}, &token)
	return &person{c: c, token: token.Token}, token
}

// room makes a room of the owner's.
func (c *community) room(kind wire.RoomKind, name string) string {
	c.Helper()
	var room wire.Room
	c.owner.do(wire.CmdCreateRoom, wire.CreateRoom{Kind: kind, Name: name}, &room)
	return room.ID
}

// stranger is somebody who is not signed in.
func (c *community) stranger() *person { return &person{c: c} }

// cursor is where the log ends now.
func (p *person) cursor() string {
	p.c.Helper()
	var s wire.Sync
	p.get("/sync", &s)
	return s.Cursor
}
