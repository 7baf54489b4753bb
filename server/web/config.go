package web

import (
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"parley/server/chat"
	"parley/server/feed"
	"parley/server/journal"
	"parley/server/search"
	"parley/static"
)

// Config is what a Server is made of. Queries, Env, Journal, Feed, Static and
// Log are needed; the zero value of everything else means its default.
type Config struct {
	Queries chat.Queries
	Env     chat.Env
	Journal *journal.Journal
	Feed    *feed.Feed

	// Search finds messages. Without one, /search says so.
	Search *search.Index

	// WebhookSet is called when somebody has set a webhook, or ended one; nil
	// when nobody wants to know.
	WebhookSet func()

	// Static are the files of the page. One without an app in it (not
	// [static.Set.Built]) serves the API all the same.
	Static *static.Set

	Log     *slog.Logger
	Version string // told by /about

	// SetupCode lets somebody who is not at this machine set the community up.
	// Empty: nobody elsewhere can.
	SetupCode string

	// Proxies are the addresses whose forwarding headers are believed.
	Proxies []netip.Prefix

	// Spool is the folder in which files lie while they are imported. What is in it
	// when the server starts is left from one that was killed.
	Spool string

	// LabForMembers keeps the Connection Lab for those who are signed in.
	LabForMembers bool

	Limits Limits
}

// Limits are those an operator may want to move.
type Limits struct {
	SendRate  float64       // messages a second and user, default 20: a flood that buries a room
	SendBurst int           // messages a user may send at once, default 100: a paste of many lines, not a flood
	Conns     int           // connections of one address at a time, default 200: all of the server's memory and descriptors
	Drain     time.Duration // from the end of Serve's context until it returns, default 10 s: a restart that waits for a dead client
}

func (l Limits) withDefaults() Limits {
	if l.SendRate <= 0 {
		l.SendRate = 20
	}
	if l.SendBurst <= 0 {
		l.SendBurst = 100
	}
	if l.Conns <= 0 {
		l.Conns = 200
	}
	if l.Drain <= 0 {
		l.Drain = 10 * time.Second
	}
	return l
}

// ParseProxies reads a list of addresses and CIDR prefixes, as an operator
// writes it for Config.Proxies.
func ParseProxies(list []string) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, item := range list {
		prefix, err := parsePrefix(strings.TrimSpace(item))
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q is neither an address nor a network such as 10.0.0.0/8", item)
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}

func parsePrefix(s string) (netip.Prefix, error) {
	if strings.Contains(s, "/") {
		return netip.ParsePrefix(s)
	}
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, err
	}
	addr = addr.Unmap().WithZone("")
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}
