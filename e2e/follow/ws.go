package follow

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

func (r *Reader) webSocket(ctx context.Context, cancel context.CancelFunc) error {
	watchdog := time.AfterFunc(firstBatch, cancel)
	defer watchdog.Stop()
	header := r.user.Header()
	header.Set("Origin", r.user.Origin())                               // as a browser says it; with a cookie the server wants to know
	c, _, err := websocket.Dial(ctx, r.url(""), &websocket.DialOptions{ //nolint:bodyclose // Dial's own
		HTTPClient:   &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		HTTPHeader:   header,
		Subprotocols: []string{wire.Subprotocol},
	})
	if err != nil {
		return err
	}
	defer func() { _ = c.CloseNow() }() // it may be dead already
	c.SetReadLimit(readLimit)
	for first := true; ; first = false {
		kind, data, err := c.Read(ctx)
		if err != nil {
			return closed(err)
		}
		watchdog.Reset(silence)
		if kind != websocket.MessageText {
			return broken("a binary message")
		}
		if _, err := r.batch(WebSocket, data); err != nil {
			return err
		}
		if first {
			r.conns[WebSocket]++
		}
	}
}

// closed sorts the ends of a WebSocket: those that say that we did wrong are
// the server's mistake.
func closed(err error) error {
	var c websocket.CloseError
	if errors.As(err, &c) {
		switch c.Code {
		case wire.CloseBadRequest, wire.CloseUnauthorized, websocket.StatusMessageTooBig:
			return broken("closed with %d %q", c.Code, c.Reason)
		}
	}
	return err
}
