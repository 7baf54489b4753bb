package web

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestParseProxies(t *testing.T) {
	got, err := ParseProxies([]string{"10.0.0.1", " 192.168.0.0/16", "::1", "::ffff:127.0.0.1", "2001:db8::1/32"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"10.0.0.1/32", "192.168.0.0/16", "::1/128", "127.0.0.1/32", "2001:db8::/32"}
	for i, p := range got {
		if p.String() != want[i] {
			t.Errorf("%d: %s, want %s", i, p, want[i])
		}
	}
	for _, bad := range []string{"", "localhost", "10.0.0.0/33", "10.0.0"} {
		if _, err := ParseProxies([]string{bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestForwardedAddress(t *testing.T) {
	proxies, err := ParseProxies([]string{"10.0.0.0/8", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"direct", "203.0.113.9:1", nil, "203.0.113.9"},
		{"a stranger's header is nothing", "203.0.113.9:1", []string{"198.51.100.1"}, "203.0.113.9"},
		{"one proxy", "10.0.0.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		{"what the client invented lies further out", "10.0.0.1:1", []string{"1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		{"two proxies", "10.0.0.1:1", []string{"1.1.1.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"two headers", "10.0.0.1:1", []string{"1.1.1.1, 203.0.113.9", "10.0.0.2"}, "203.0.113.9"},
		{"only proxies", "10.0.0.1:1", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"no header", "10.0.0.1:1", nil, "10.0.0.1"},
		{"garbage ends the walk", "10.0.0.1:1", []string{"203.0.113.9, unknown, 10.0.0.2"}, "10.0.0.2"},
		{"with ports", "[::1]:1", []string{"203.0.113.9:555"}, "203.0.113.9"},
		{"IPv6", "[::1]:1", []string{"[2001:db8::7]:555"}, "2001:db8::7"},
		{"IPv4 in IPv6", "[::ffff:10.0.0.1]:1", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := visitorOf(r, proxies).addr; got != netip.MustParseAddr(c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestOriginOfVisitor(t *testing.T) {
	for _, c := range []struct {
		v    visitor
		want string
	}{
		{visitor{host: "chat.example"}, "http://chat.example"},
		{visitor{host: "Chat.Example:80"}, "http://chat.example"},
		{visitor{host: "chat.example:8080"}, "http://chat.example:8080"},
		{visitor{host: "chat.example:443", secure: true}, "https://chat.example"},
		{visitor{host: "chat.example:80", secure: true}, "https://chat.example:80"},
		{visitor{host: "[::1]:8080"}, "http://[::1]:8080"},
	} {
		if got := c.v.origin(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.v, got, c.want)
		}
	}
}

func TestAtThisMachine(t *testing.T) {
	for _, c := range []struct {
		peer, host, header string
		want               bool
	}{
		{"127.0.0.1:5", "localhost:8080", "", true},
		{"127.0.0.1:5", "127.0.0.1:8080", "", true},
		{"[::1]:5", "[::1]:8080", "", true},
		{"[::ffff:127.0.0.1]:5", "parley.localhost", "", true},
		{"127.0.0.1:5", "chat.example", "", false}, // a proxy, or a name made to point here
		{"192.0.2.1:5", "localhost:80", "", false}, // a stranger
		{"127.0.0.1:5", "localhost", "Via", false}, // proxies that tell
		{"127.0.0.1:5", "localhost", "Forwarded", false},
		{"127.0.0.1:5", "localhost", "X-Forwarded-For", false},
		{"127.0.0.1:5", "localhost", "X-Forwarded-Proto", false},
		{"127.0.0.1:5", "localhost", "X-Forwarded-Anything", false},
		{"127.0.0.1:5", "localhost", "X-Real-IP", false},
		{"127.0.0.1:5", "localhost.example", "", false},
		{"127.0.0.1:5", "", "", false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr, r.Host = c.peer, c.host
		if c.header != "" {
			r.Header.Set(c.header, "127.0.0.1")
		}
		if got := visitorOf(r, nil).atThisMachine(); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// nginx with nothing but proxy_pass asks for localhost and adds no header.
func TestSilentProxyIsNotThisMachine(t *testing.T) {
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.RemoteAddr, r.Host = "127.0.0.1:5", "localhost:8080"
	if r.Proto, r.ProtoMinor = "HTTP/1.0", 0; visitorOf(r, nil).atThisMachine() {
		t.Error("HTTP/1.0 counts as somebody at this machine")
	}
}

func TestBlock(t *testing.T) {
	same := func(a, b string) bool { return block(netip.MustParseAddr(a)) == block(netip.MustParseAddr(b)) }
	if same("192.0.2.1", "192.0.2.2") {
		t.Error("two IPv4 addresses count as one")
	}
	if !same("2001:db8::1", "2001:db8::ffff:1") || same("2001:db8::1", "2001:db8:0:1::1") {
		t.Error("IPv6 does not count by /64")
	}
}
