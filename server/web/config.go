package web

import (
	"io/fs"
	"log/slog"
	"net/netip"
	"time"

	"parley/server/chat"
	"parley/server/feed"
	"parley/server/journal"
)

// Config is what a Server is made of. Queries, Env, Journal, Feed, Static and
// Log are needed; the zero value of everything else means its default.
type Config struct {
	Queries chat.Queries
	Env     chat.Env
	Journal *journal.Journal
	Feed    *feed.Feed

	// Static holds the files of the page, by their names below static/web: see
	// the package comment for which. They are read once, in New.
	Static fs.FS

	Log     *slog.Logger
	Version string // told by /about

	// SetupCode lets somebody who is not at this machine set the community up.
	// Empty: nobody elsewhere can.
	SetupCode string

	// Proxies are the addresses whose forwarding headers are believed.
	Proxies []netip.Prefix

	Limits Limits
}

// Limits are those an operator may want to move.
type Limits struct {
	SendRate  float64       // messages a second and user; default 20
	SendBurst int           // messages a user may send at once; default 100
	Conns     int           // connections of one address at a time; default 200
	Drain     time.Duration // from the end of Serve's context until it returns; default 10 s
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
func ParseProxies(list []string) ([]netip.Prefix, error) { panic("x") }
