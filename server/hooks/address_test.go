package hooks

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"parley/shared/wire"
)

func TestAddresses(t *testing.T) {
	const (
		no      = iota // never
		insider        // where private networks are allowed
		yes
	)
	for address, want := range map[string]int{
		"8.8.8.8": yes, "1.1.1.1": yes, "223.5.5.5": yes, "2606:4700::1111": yes, "2400:3200::1": yes, "::ffff:8.8.8.8": yes, "64:ff9b::808:808": yes,
		"127.0.0.1": insider, "127.9.9.9": insider, "::1": insider, "10.0.0.1": insider, "172.16.0.1": insider, "172.31.255.255": insider,
		"192.168.1.1": insider, "100.64.0.1": insider, "fd12::1": insider, "::ffff:127.0.0.1": insider, "::ffff:10.1.2.3": insider,
		"169.254.169.254": no, "::ffff:169.254.169.254": no, "fe80::1": no, "fe80::1%eth0": no, "fec0::1": no, "0.0.0.0": no, "0.1.2.3": no, "::": no,
		"::127.0.0.1": no, "::ffff:0.0.0.0": no, "224.0.0.1": no, "239.255.255.250": no, "255.255.255.255": no, "240.0.0.1": no, "ff02::1": no,
		"192.0.0.192": no, "192.0.2.1": no, "198.18.0.1": no, "198.51.100.1": no, "203.0.113.1": no, "192.88.99.1": no,
		"2002:7f00:1::": no, "2002:a9fe:a9fe::1": no, "2002:808:808::1": no, "2001:0:7f00:1::": no, "2001:db8::1": no, "3fff::1": no, "100::1": no,
		"64:ff9b::7f00:1": no, "64:ff9b::a9fe:a9fe": no, "64:ff9b::a00:1": no, "64:ff9b:1::1": no, "fd00:ec2::254": no, "100.100.100.200": no,
	} {
		a := netip.MustParseAddr(address)
		if got := isPublic(a); got != (want == yes) {
			t.Errorf("%s: public %v", address, got)
		}
		if got := mayReach(a, false); got != (want == yes) {
			t.Errorf("%s: reached %v", address, got)
		}
		if got := mayReach(a, true); got != (want >= insider) {
			t.Errorf("%s: reached %v where private networks may be", address, got)
		}
	}
	if isPublic(netip.Addr{}) || mayReach(netip.Addr{}, true) {
		t.Error("no address is one")
	}
}

// What can be seen of an address is refused at once, with a sentence.
func TestCheckURL(t *testing.T) {
	for text, want := range map[string][2]bool{ // without, and with private networks
		"https://bot.example.org/x": {true, true}, "http://8.8.8.8:8080/": {true, true}, "http://[2606:4700::1111]/": {true, true},
		"http://localhost:9000/": {false, true}, "http://LOCALHOST./": {false, true}, "http://a.localhost/": {false, true},
		"http://127.0.0.1/": {false, true}, "http://[::1]:80/": {false, true}, "http://10.0.0.1/": {false, true}, "http://[::ffff:7f00:1]/": {false, true},
		"http://169.254.169.254/latest/meta-data/": {false, false}, "http://[fe80::1%25eth0]/": {false, false}, "http://0.0.0.0/": {false, false},
	} {
		u, err := url.Parse(text)
		must(t, err)
		for i, private := range []bool{false, true} {
			if err := CheckURL(private)(u); (err == nil) != want[i] || err != nil && wire.CodeFrom(err) != wire.CodeBadRequest {
				t.Errorf("%s, private %v: %v", text, private, err)
			}
		}
	}
}

// names answers questions for names with one address after the other.
func names(t *testing.T, addresses ...string) (*net.Resolver, *atomic.Int32) {
	t.Helper()
	server, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = server.Close() })
	asked := new(atomic.Int32)
	go func() {
		for buf := make([]byte, 1500); ; {
			n, from, err := server.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) == 0 {
				continue
			}
			m.Response, m.Additionals = true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				i := int(asked.Add(1)) - 1
				a := netip.MustParseAddr(addresses[min(i, len(addresses)-1)])
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: a.As4()},
				}}
			}
			if packed, err := m.Pack(); err == nil {
				_, _ = server.WriteTo(packed, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}, asked
}

// posted posts nothing in particular.
func posted(t *testing.T, client *http.Client, to string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to, strings.NewReader("{}"))
	must(t, err)
	resp, err := client.Do(req)
	if err == nil {
		_ = resp.Body.Close()
	}
	return err
}

// A name that leads to a public address first, when somebody might check it, and
// then into a private network, is refused when the connection is made.
func TestRebinding(t *testing.T) {
	inside := newEndpoint(t, nil)
	_, port, _ := net.SplitHostPort(inside.Listener.Addr().String())
	resolver, asked := names(t, "8.8.8.8", "127.0.0.1")
	client := newClient(resolver, false)
	// Nobody is to be bothered: what may be reached is not, in the end.
	errReached := errors.New("reached")
	transport := client.Transport.(*http.Transport)
	var through atomic.Int32
	transport.DialContext = (&net.Dialer{Resolver: resolver, ControlContext: func(ctx context.Context, network, address string, c syscall.RawConn) error {
		if err := checkAddress(false)(ctx, network, address, c); err != nil {
			return err
		}
		through.Add(1)
		return errReached
	}}).DialContext
	to := "http://rebind.test:" + port + "/"
	if err := posted(t, client, to); !errors.Is(err, errReached) {
		t.Errorf("first: %v", err)
	}
	if err := posted(t, client, to); !errors.Is(err, errPrivate) {
		t.Errorf("then: %v", err)
	}
	if asked.Load() != 2 || through.Load() != 1 {
		t.Errorf("asked %d times, let through %d", asked.Load(), through.Load())
	}
	// And so does the client as it is.
	resolver, _ = names(t, "127.0.0.1")
	if err := posted(t, newClient(resolver, false), to); !errors.Is(err, errPrivate) {
		t.Errorf("the client: %v", err)
	}
	must(t, posted(t, newClient(resolver, true), to))
	inside.next(t)
}

// No proxy of the environment connects in our place.
func TestNoProxy(t *testing.T) {
	proxy := newEndpoint(t, nil)
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	if transport := newClient(nil, false).Transport.(*http.Transport); transport.Proxy != nil {
		t.Error("a proxy is asked")
	}
	resolver, _ := names(t, "10.9.8.7")
	if err := posted(t, newClient(resolver, false), "http://bot.test/"); !errors.Is(err, errPrivate) {
		t.Errorf("got %v", err)
	}
	if len(proxy.got) > 0 {
		t.Error("the proxy was asked")
	}
}
