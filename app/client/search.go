package client

import (
	"context"
	"net/url"
	"strconv"

	"parley/shared/wire"
)

// Search is what to look for.
type Search struct {
	Query string // see docs/protocol.md
	Room  string // in this room only
	Limit int    // 0: as many as the server gives
	Next  string // of the page before
	Zone  int    // where days begin, in minutes ahead of UTC
}

// Search finds messages, newest first. The error is a *wire.Problem or a network
// error.
func (c *Client) Search(ctx context.Context, s Search) (wire.FoundList, error) {
	q := "/search?q=" + url.QueryEscape(s.Query)
	for name, value := range map[string]string{"room": s.Room, "before": s.Next} {
		if value != "" {
			q += "&" + name + "=" + url.QueryEscape(value)
		}
	}
	for name, n := range map[string]int{"limit": s.Limit, "zone": s.Zone} {
		if n != 0 {
			q += "&" + name + "=" + strconv.Itoa(n)
		}
	}
	var list wire.FoundList
	err := c.Get(ctx, q, &list)
	return list, err
}
