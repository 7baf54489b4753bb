package client

import (
	"context"
	"errors"
	"io"
	"net/url"

	"parley/shared/wire"
)

// link is one open rung: a stream of batches from a cursor on. The first next
// opens it. It is for one goroutine, nudge and alive excepted.
type link interface {
	// next gives the next batch. The error is the link's end: a CloseError or
	// io.EOF when the other side ended it in an orderly way, a *wire.Problem when
	// the server refused.
	next(ctx context.Context) (wire.Batch, error)
	// nudge makes the link show soon whether it is alive. It does not block.
	nudge()
	// close ends it. It does not block.
	close()
}

// heard is what a link's goroutine tells the runner.
type heard struct {
	id    int
	batch wire.Batch
	pong  bool  // a nudge was answered; nothing else is set
	err   error // the link has ended
}

// newLink makes the link that the ladder asks for. pong is called for each
// nudge that was answered.
func (c *Client) newLink(a action, cursor string, pong func()) link {
	switch a.rung {
	case WebSocket:
		return newWSLink(c, c.feedPath(cursor, true), pong)
	case SSE:
		return &sseLink{net: c.net, path: c.feedPath(cursor, true)}
	default:
		return newPollLink(c, a.rung, cursor, a.doubt)
	}
}

// feedPath is where the feed goes on from a cursor.
func (c *Client) feedPath(cursor string, inSession bool) string {
	path := base + "/events?cursor=" + url.QueryEscape(cursor)
	if inSession {
		c.mu.Lock()
		path += "&session=" + url.QueryEscape(c.session)
		c.mu.Unlock()
	}
	return c.mine(path)
}

// renewSession begins another session of the feed.
func (c *Client) renewSession() {
	name := c.newName()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.session = name
}

// isOrderly tells whether a link was ended by the other side as it should be.
func isOrderly(err error) bool {
	var closed CloseError
	return errors.Is(err, io.EOF) || errors.As(err, &closed) && closed.Code == wire.CloseSuperseded
}
