package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"parley/server/feed"
	"parley/shared/wire"
)

// events is the feed: one resource in four representations, chosen by the
// request. Everything up to here answers alike, whatever the transport.
func (s *Server) events(w *answer, r *http.Request) error {
	upgrade := isUpgrade(r)
	if upgrade {
		if err := checkHandshake(w, r); err != nil {
			return err
		}
	}
	id, err := s.identify(w, r)
	if err != nil {
		return err
	}
	if upgrade {
		if err := checkOrigin(w, r, id); err != nil {
			return err
		}
	}
	ask, err := askOf(r)
	if err != nil {
		return err
	}
	sub := feed.Subscription{
		User:       id.User.ID,
		Session:    ask.session,
		Stream:     upgrade || acceptsStream(r.Header),
		Cursor:     ask.cursor,
		Credential: id.Credential,
	}
	if ask.until != "" {
		return s.pollUntil(w, sub, ask)
	}
	conn, err := s.conf.Feed.Subscribe(sub)
	if err != nil {
		return feedProblem(err)
	}
	f := &stream{server: s, conn: conn, id: id}
	switch {
	case upgrade: // closes f when the socket ends
		return s.webSocket(w, r, f)
	case acceptsStream(r.Header):
		defer conn.Close()
		return s.sse(w, r, f)
	case ask.wait > 0:
		defer conn.Close()
		return s.longPoll(w, r, f, ask.wait)
	default:
		defer conn.Close()
		return s.shortPoll(w, r, f)
	}
}

// ask is what a request for the feed says.
type ask struct {
	cursor, until, session string
	wait                   time.Duration
}

func askOf(r *http.Request) (ask, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return ask{}, errBadQuery()
	}
	a := ask{cursor: q.Get("cursor"), until: q.Get("until"), session: q.Get("session")}
	if last := r.Header.Get("Last-Event-ID"); last != "" && acceptsStream(r.Header) {
		a.cursor = last // where an EventSource that comes back was
	}
	if a.session != "" {
		if err := wire.CheckSession(a.session); err != nil {
			return a, err
		}
	}
	if q.Has("wait") {
		n, err := strconv.Atoi(q.Get("wait"))
		if err != nil || n < 0 || n > 60 {
			return a, wire.Errorf(wire.CodeBadRequest, "wait must be a whole number of seconds from 0 to 60.")
		}
		a.wait = time.Duration(n) * time.Second
	}
	return a, nil
}

// stream is a subscription in whose name somebody is signed in.
type stream struct {
	server *Server
	conn   *feed.Conn
	id     identity
}

// next is feed.Conn.Next, for as long as the login session lasts.
func (f *stream) next(ctx context.Context, wait time.Duration) (feed.Batch, error) {
	if f.server.expired(f.id) {
		switch err := f.server.refresh(&f.id); {
		case wire.CodeFrom(err) == wire.CodeUnauthenticated:
			return feed.Batch{}, feed.ErrRevoked
		case err != nil:
			return feed.Batch{}, err
		}
	}
	return f.conn.Next(ctx, wait)
}

// feedProblem is what the other end is told when a feed ends before its
// answer has begun.
func feedProblem(err error) error {
	switch {
	case errors.Is(err, feed.ErrRevoked):
		return wire.Errorf(wire.CodeUnauthenticated, "Your session has ended. Sign in again.")
	case errors.Is(err, feed.ErrDraining):
		return errRestarting()
	case errors.Is(err, feed.ErrSuperseded):
		return wire.Errorf(wire.CodeConflict, "A newer connection of this session has taken over.")
	}
	return err
}

func errRestarting() error {
	return wire.Errorf(wire.CodeUnavailable, "The server is restarting.").After(1)
}

// setFeedHeaders keeps proxies and caches from holding a feed back.
func setFeedHeaders(h http.Header, contentType string) {
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store, no-transform")
	h.Set("X-Accel-Buffering", "no")
}

// acceptsStream tells whether SSE is asked for.
func acceptsStream(h http.Header) bool { return accepts(h, "text/event-stream") }

// accepts tells whether the Accept header names the media type itself, not
// just a range it falls in, and does not refuse it.
func accepts(h http.Header, media string) bool {
	for _, item := range strings.Split(strings.Join(h["Accept"], ","), ",") {
		name, params, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(name), media) {
			return quality(params) > 0
		}
	}
	return false
}

// quality is the weight among an item's parameters (RFC 9110, 12.4.2); 1 when
// there is none, 0 when it cannot be read.
func quality(params string) float64 {
	for _, param := range strings.Split(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				return 0
			}
			return q
		}
	}
	return 1
}
