package client

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"parley/shared/wire"
)

// Search is one page of what somebody looks for.
type Search struct {
	Query string // as it was typed: words, "phrases", from:, in:, before:, after:
	Room  string // only in this room; empty: in all that one is in, or as in: says
	Next  string // [wire.FoundList].Next of the page before; empty: the newest
	Limit int    // messages; 0: as many as the server gives
}

// Search asks the server for what matches, newest first. Days in the query
// begin where this clock is. The error is a *wire.Problem (bad_request says in
// words what is wrong with the query) or a network error.
func (c *Client) Search(ctx context.Context, s Search) (wire.FoundList, error) {
	q := url.Values{"q": {s.Query}}
	if s.Room != "" {
		q.Set("room", s.Room)
	}
	if s.Next != "" {
		q.Set("before", s.Next)
	}
	if s.Limit > 0 {
		q.Set("limit", strconv.Itoa(s.Limit))
	}
	if _, east := c.clock.Now().In(time.Local).Zone(); east != 0 {
		q.Set("zone", strconv.Itoa(east/60))
	}
	var list wire.FoundList
	err := c.Get(ctx, "/search?"+q.Encode(), &list)
	return list, err
}
