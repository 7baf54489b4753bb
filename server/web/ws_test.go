package web

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

func TestSocketOrigin(t *testing.T) {
	c := newCommunity(t)
	bot, _ := c.bot("robot")
	host := c.addr
	for _, try := range []struct {
		name   string
		who    *person
		origin []string
		good   bool
	}{
		{"our page", c.owner, []string{"http://" + host}, true},
		{"our page, capitals", c.owner, []string{"HTTP://" + host}, true},
		{"other scheme", c.owner, []string{"https://" + host}, false},
		{"other port", c.owner, []string{"http://127.0.0.1:1"}, false},
		{"no port", c.owner, []string{"http://127.0.0.1"}, false},
		{"other host", c.owner, []string{"http://evil.example"}, false},
		{"ours as a part", c.owner, []string{"http://" + host + ".evil.example"}, false},
		{"ours in the path", c.owner, []string{"http://evil.example/" + host}, false},
		{"opaque", c.owner, []string{"null"}, false},
		{"two", c.owner, []string{"http://" + host, "http://evil.example"}, false},
		{"none, with a cookie", c.owner, nil, false},
		{"none, with a token", bot, nil, true},
		{"foreign, with a token", bot, []string{"http://evil.example"}, false},
	} {
		ws, refused := try.who.dialSocket(nil, func(h http.Header) {
			h.Del("Origin")
			if try.origin != nil {
				h["Origin"] = try.origin
			}
		})
		if (ws != nil) != try.good {
			t.Errorf("%s: %d %s", try.name, refused.status, refused.body)
		}
		if ws == nil {
			refused.wants(t, wire.CodeForbidden)
		}
	}
}

// Behind a trusted proxy the browser's origin is that of the proxy.
func TestSocketOriginBehindProxy(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) {
		conf.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	})
	cookie := strings.Replace(c.owner.cookie, "session=", "__Host-session=", 1)
	for origin, good := range map[string]bool{"https://chat.example": true, "http://chat.example": false, "https://evil.example": false} {
		ws, refused := c.owner.dialSocket(nil, func(h http.Header) {
			h.Set("X-Forwarded-Proto", "https")
			h.Set("X-Forwarded-Host", "chat.example")
			h.Set("Cookie", cookie)
			h.Set("Origin", origin)
		})
		if (ws != nil) != good {
			t.Errorf("%s: %d %s", origin, refused.status, refused.body)
		}
	}
}

func TestHandshakeThatIsNone(t *testing.T) {
	c := newCommunity(t)
	for name, change := range map[string]func(http.Header){
		"version":       func(h http.Header) { h.Set("Sec-WebSocket-Version", "8") },
		"no key":        func(h http.Header) { h.Del("Sec-WebSocket-Key") },
		"short key":     func(h http.Header) { h.Set("Sec-WebSocket-Key", "eA==") },
		"no protocol":   func(h http.Header) { h.Del("Sec-WebSocket-Protocol") },
		"other":         func(h http.Header) { h.Set("Sec-WebSocket-Protocol", "parley.v2, mqtt") },
		"no connection": func(h http.Header) { h.Set("Connection", "keep-alive") },
	} {
		r := c.owner.request("GET", "/events", nil)
		for k, v := range map[string]string{
			"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Origin": c.url,
			"Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4PEA==", "Sec-WebSocket-Protocol": wire.Subprotocol,
		} {
			r.Header.Set(k, v)
		}
		change(r.Header)
		t.Run(name, func(t *testing.T) { c.owner.send(r).wants(t, wire.CodeBadRequest) })
	}
}

// Who is not signed in gets an answer, not a WebSocket.
func TestSocketOfNobody(t *testing.T) {
	c := newCommunity(t)
	for _, nobody := range []*person{c.stranger(), {c: c, cookie: "session=x"}, {c: c, token: "parley_x"}} {
		_, refused := nobody.dialSocket(nil)
		refused.wants(t, wire.CodeUnauthenticated)
	}
}

// Commands over the WebSocket are answered as over HTTP.
func TestSocketCommands(t *testing.T) {
	c := newCommunity(t)
	private := c.room(wire.KindPrivate, "board")
	ben := c.member("Ben")
	f := ben.socket(nil)
	defer f.close()
	var m wire.Message
	good := f.reply(f.start(wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "n"}))
	decode(t, good.Result, &m)
	if good.Error != nil || m.Seq != 1 || m.Nonce != "n" {
		t.Errorf("send: %+v", good)
	}
	again := f.reply(f.start(wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "hi", Nonce: "n"}))
	if string(again.Result) != string(good.Result) {
		t.Errorf("the same again: %s, first %s", again.Result, good.Result)
	}
	for _, bad := range []struct {
		cmd  string
		args any
	}{
		{wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "other", Nonce: "n"}},
		{wire.CmdSend, wire.Send{Room: wire.Lobby, Text: " ", Nonce: "m"}},
		{wire.CmdSend, wire.Send{Room: wire.Lobby, Text: strings.Repeat("x", wire.MaxText+1), Nonce: "m"}},
		{wire.CmdSend, wire.Send{Room: private, Text: "x", Nonce: "m"}},
		{wire.CmdJoin, wire.RoomRef{Room: private}},
		{wire.CmdTyping, wire.RoomRef{Room: private}},
		{wire.CmdSend, nil},
		{wire.CmdSend, []int{1}},
	} {
		over := f.reply(f.start(bad.cmd, bad.args))
		body := any("{}")
		if bad.args != nil {
			body = bad.args
		}
		http := ben.ask("POST", "/"+bad.cmd, body)
		if over.Error == nil || string(wire.Encode(over.Error)) != string(http.body) && bad.args != nil {
			t.Errorf("%s %v:\n%s\n%s", bad.cmd, bad.args, wire.Encode(over.Error), http.body)
		}
	}
	if got := f.reply(f.start("frobnicate", nil)); got.Error == nil || got.Error.Code != wire.CodeNotFound {
		t.Errorf("unknown: %+v", got)
	}
	if got := f.reply(f.start(wire.CmdPing, nil)); got.Error != nil || string(got.Result) != "{}" {
		t.Errorf("ping: %+v", got)
	}
	var invite wire.Invite
	c2 := c.owner.socket(nil)
	defer c2.close()
	decode(t, c2.reply(c2.start(wire.CmdCreateInvite, wire.CreateInvite{Role: wire.RoleGuest})).Result, &invite)
	if invite.URL != c.url+"/invite/"+invite.Code {
		t.Errorf("invite: %+v", invite)
	}
}

func decode(t *testing.T, data []byte, v any) {
	t.Helper()
	if err := wire.Decode(data, v); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
}

// Sends written one after the other without waiting keep their order, and
// their replies find their requests.
func TestSocketPipelinedSends(t *testing.T) {
	c := newCommunity(t)
	f := c.owner.socket(nil)
	defer f.close()
	const n = 200
	ids := make([]uint64, n)
	for i := range n {
		ids[i] = f.start(wire.CmdSend, wire.Send{Room: wire.Lobby, Text: fmt.Sprint(i), Nonce: newNonce()})
	}
	for i, id := range ids {
		var m wire.Message
		decode(t, f.reply(id).Result, &m)
		if m.Text != fmt.Sprint(i) || m.Seq != uint64(i)+1 {
			t.Fatalf("reply %d: %+v", i, m)
		}
	}
}

func TestSocketProtocolErrors(t *testing.T) {
	c := newCommunity(t)
	for name, frame := range map[string]string{
		"no JSON":         "hello",
		"empty":           "",
		"an array":        "[]",
		"cut short":       `{"id":1,"cmd":"ping"`,
		"no command":      `{"id":1}`,
		"twice":           `{"id":1,"id":2,"cmd":"ping"}`,
		"nested too deep": `{"id":1,"cmd":"ping","args":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`,
		"id is no number": `{"id":"x","cmd":"ping"}`,
	} {
		f := c.owner.socket(nil)
		f.write(frame)
		if code := f.closed(); code != wire.CloseBadRequest {
			t.Errorf("%s: closed with %d", name, code)
		}
	}
	f := c.owner.socket(nil)
	if err := f.ws.Write(context.Background(), websocket.MessageBinary, []byte(`{"id":1,"cmd":"ping"}`)); err != nil {
		t.Fatal(err)
	}
	if code := f.closed(); code != wire.CloseBadRequest {
		t.Errorf("binary: closed with %d", code)
	}
	f = c.owner.socket(nil)
	f.write(`{"id":1,"cmd":"ping","x":"` + strings.Repeat("x", wire.MaxBody) + `"}`)
	if code := f.closed(); code != int(websocket.StatusMessageTooBig) {
		t.Errorf("too large: closed with %d", code)
	}
	c.owner.get("/sync", nil)
}

// A client that drops its connection, at any moment, leaves nothing behind.
func TestSocketGone(t *testing.T) {
	c := newCommunity(t)
	for i := range 20 {
		f := c.owner.socket(url.Values{"session": {fmt.Sprint("s", i%3)}})
		for range i {
			f.start(wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "x", Nonce: newNonce()})
		}
		_ = f.ws.CloseNow()
	}
	c.awaitSockets(0)
	c.awaitNobody()
	if log := c.log.String(); strings.Contains(log, "ERROR") {
		t.Errorf("logged:\n%s", log)
	}
}

// A write that takes longer than it may, but gets through, is told with 4408.
func TestSlowSocketIsTold(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.write, t.grace = 300*time.Millisecond, 20*time.Second })
	start := c.owner.cursor()
	c.fill(wire.Lobby, 3<<20)
	f := c.owner.socket(url.Values{"cursor": {start}})
	c.awaitStuck(1)
	time.Sleep(400 * time.Millisecond) // the client sleeps: that is what is tested
	if code := f.closed(); code != wire.CloseSlow {
		t.Errorf("closed with %d", code)
	}
}

// A write that does not get through ends the connection.
func TestStuckSocketIsCut(t *testing.T) {
	c := newCommunity(t, func(_ *Config, t *times) { t.write, t.grace = 100*time.Millisecond, 100*time.Millisecond })
	start := c.owner.cursor()
	c.fill(wire.Lobby, 3<<20)
	c.owner.socket(url.Values{"cursor": {start}}) // and never read
	c.awaitSockets(0)
}

// fill sends messages of together size bytes.
func (c *community) fill(room string, size int) {
	c.Helper()
	f := c.owner.socket(nil)
	defer f.close()
	text := strings.Repeat("x", 15_000)
	var ids []uint64
	for range size/len(text) + 1 {
		ids = append(ids, f.start(wire.CmdSend, wire.Send{Room: room, Text: text, Nonce: newNonce()}))
		if len(ids) == atOnce {
			f.reply(ids[0])
			ids = ids[1:]
		}
	}
	for _, id := range ids {
		f.reply(id)
	}
}

func (c *community) sockets() int {
	c.server.sockets.mu.Lock()
	defer c.server.sockets.mu.Unlock()
	return c.server.sockets.n
}

func (c *community) awaitSockets(n int) {
	c.Helper()
	c.await(fmt.Sprint(n, " WebSockets"), func() bool { return c.sockets() == n })
}
