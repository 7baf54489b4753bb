package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// visitor is where a request comes from, as far as it can be known.
type visitor struct {
	addr      netip.Addr // the client; behind a trusted proxy the one it names. Invalid when unknown
	local     bool       // the connection itself comes from this machine
	proxied   bool       // the connection comes from a trusted proxy
	forwarded bool       // some header says that a proxy is in between, trusted or not
	secure    bool       // the client's side is TLS
	host      string     // that the client asked for
}

// forwarding are the headers that proxies add.
var forwarding = []string{
	"Forwarded", "Via", "X-Real-Ip",
	"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port",
	"X-Forwarded-Server", "X-Forwarded-Prefix", "X-Forwarded-By", "X-Forwarded-Ssl", "X-Forwarded-Scheme",
}

// visitorOf reads where r comes from. Headers count only when the connection
// is that of one of proxies. HTTP/1.0 on a connection from this machine is no
// browser's and no curl's, but that of an nginx as it comes: it asks for
// localhost and names nobody.
func visitorOf(r *http.Request, proxies []netip.Prefix) visitor {
	peer := parseAddr(r.RemoteAddr)
	v := visitor{
		addr:      peer,
		local:     peer.IsLoopback() && r.ProtoAtLeast(1, 1),
		proxied:   contains(proxies, peer),
		forwarded: isForwarded(r.Header),
		secure:    r.TLS != nil,
		host:      r.Host,
	}
	if !v.proxied {
		return v
	}
	v.addr = clientBehind(peer, r.Header["X-Forwarded-For"], proxies)
	if proto := firstOf(r.Header.Get("X-Forwarded-Proto")); proto != "" {
		v.secure = strings.EqualFold(proto, "https")
	}
	if host := firstOf(r.Header.Get("X-Forwarded-Host")); host != "" {
		v.host = host
	}
	return v
}

func isForwarded(h http.Header) bool {
	for _, name := range forwarding {
		if len(h[name]) > 0 {
			return true
		}
	}
	for name := range h { // whatever else calls itself so
		if strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// clientBehind walks the addresses that the proxies noted, nearest first, as
// far as they come from a trusted one: what lies further out can be invented.
func clientBehind(peer netip.Addr, forwardedFor []string, proxies []netip.Prefix) netip.Addr {
	hops := strings.Split(strings.Join(forwardedFor, ","), ",")
	client := peer
	for i := len(hops) - 1; i >= 0 && contains(proxies, client); i-- {
		hop := parseAddr(strings.TrimSpace(hops[i]))
		if !hop.IsValid() {
			break
		}
		client = hop
	}
	return client
}

// parseAddr reads an address with or without a port; invalid when it is none.
func parseAddr(s string) netip.Addr {
	if host, _, err := net.SplitHostPort(s); err == nil {
		s = host
	}
	addr, err := netip.ParseAddr(strings.Trim(s, "[]"))
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

func contains(list []netip.Prefix, addr netip.Addr) bool {
	for _, p := range list {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

func firstOf(list string) string {
	first, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(first)
}

// origin is the visitor's own origin as a browser writes it (RFC 6454,
// section 6.1): lower case, without the port that the scheme implies.
func (v visitor) origin() string {
	scheme, port := "http", ":80"
	if v.secure {
		scheme, port = "https", ":443"
	}
	return scheme + "://" + strings.TrimSuffix(strings.ToLower(v.host), port)
}

// block is the part of an address that limits count as one: a single IPv4
// address, or the /64 that every IPv6 customer has to choose addresses from.
func block(addr netip.Addr) netip.Prefix {
	if !addr.IsValid() {
		return netip.Prefix{}
	}
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits)
	return p
}

// isLoopbackHost tells whether a Host header can only mean this machine.
func isLoopbackHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.IsLoopback()
}
