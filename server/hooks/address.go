package hooks

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"parley/shared/wire"
)

// errPrivate is of a connection to where the server does not post to.
var errPrivate = errors.New("it leads into a private network, which this server does not post to")

// closed are the IPv4 networks that are no part of the public internet, after
// the IANA special-purpose address registry (RFC 6890).
var closed = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)

// closed6 are those within the IPv6 networks that are otherwise public: Teredo
// and its neighbours, documentation, and 6to4, which nobody serves any more.
var closed6 = prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

var (
	public6 = netip.MustParsePrefix("2000::/3")
	nat64   = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: the IPv4 address is its end
)

// insiders are what a server may be allowed to post to: networks of the machine
// itself and of the house. Never in it is link-local, where clouds keep the
// keys of their machines (169.254.169.254).
var insiders = prefixes("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")

// cloudMetadata lies in the private networks all the same.
var cloudMetadata = prefixes("fd00:ec2::254/128", "100.100.100.200/32")

func prefixes(list ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, s := range list {
		all = append(all, netip.MustParsePrefix(s))
	}
	return all
}

func in(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// isPublic tells whether an address is of the public internet, in whatever form
// it is written.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	switch {
	case !a.IsValid() || a.Zone() != "":
		return false
	case a.Is4():
		return !in(closed, a)
	case nat64.Contains(a):
		b := a.As16()
		return !in(closed, netip.AddrFrom4([4]byte(b[12:])))
	}
	return public6.Contains(a) && !in(closed6, a)
}

// mayReach tells whether the server posts to an address.
func mayReach(a netip.Addr, private bool) bool {
	return isPublic(a) || private && a.Zone() == "" && in(insiders, a.Unmap()) && !in(cloudMetadata, a.Unmap())
}

// CheckURL refuses at once what can be seen of an address to lead to where the
// server does not post to; private allows private networks. The error is a
// *wire.Problem (bad_request).
func CheckURL(private bool) func(*url.URL) error {
	return func(u *url.URL) error {
		host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
		a, err := netip.ParseAddr(host)
		local := host == "localhost" || strings.HasSuffix(host, ".localhost")
		if err == nil && !mayReach(a, private) || local && !private {
			return wire.Errorf(wire.CodeBadRequest, "The address %s is in a private network, which this server does not post to.", u.Hostname())
		}
		return nil
	}
}
