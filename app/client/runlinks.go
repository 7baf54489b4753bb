package client

import (
	"context"
	"time"

	"parley/shared/wire"
)

// obey does what the ladder says.
func (r *runner) obey(ctx context.Context) {
	actions := r.ladder.actions()
	for _, a := range actions {
		switch a.do {
		case openLink:
			r.open(ctx, a)
		case closeLink:
			r.close(a.id)
		case carryLink:
			r.carry(a.id)
		case settledLink:
			r.remember(a.rung)
		}
	}
	r.crowd()
	for _, a := range actions {
		if l := r.links[a.id]; a.do == nudgeLink && l != nil {
			l.link.nudge()
		}
	}
	r.tell()
}

// crowd tells polls whether other links are open. Each poll is a new connection
// of the session and would end theirs.
func (r *runner) crowd() {
	for _, l := range r.links {
		if p, ok := l.link.(*pollLink); ok {
			p.crowded.Store(len(r.links) > 1)
		}
	}
}

// open starts a link at the held cursor, in a goroutine of its own.
func (r *runner) open(ctx context.Context, a action) {
	ctx, stop := context.WithCancel(ctx)
	pong := func() { r.report(ctx, heard{id: a.id, pong: true}) }
	l := &openedLink{link: r.client.newLink(a, r.cursor, pong), rung: a.rung, stop: stop}
	r.links[a.id] = l
	r.client.spawn(func(context.Context) {
		defer l.link.close()
		for {
			b, err := l.link.next(ctx)
			if !r.report(ctx, heard{id: a.id, batch: b, err: err}) || err != nil {
				return
			}
		}
	})
}

// report hands something to the runner, unless the link was closed.
func (r *runner) report(ctx context.Context, h heard) bool {
	select {
	case r.heard <- h:
		return true
	case <-ctx.Done():
		return false
	}
}

// close ends a link. What it still says is not heard.
func (r *runner) close(id int) {
	if l := r.links[id]; l != nil {
		l.stop()
		delete(r.links, id)
	}
	if r.carrier == id {
		r.carrier, r.lostAt = 0, r.now()
		r.client.carry(nil)
	}
}

func (r *runner) carry(id int) {
	l := r.links[id]
	gone := time.Duration(0)
	if r.carrier == 0 && !r.lostAt.IsZero() {
		gone = r.now().Sub(r.lostAt)
	}
	r.carrier = id
	ws, _ := l.link.(*wsLink)
	r.client.carry(ws)
	if l.rung.isStream() || gone >= wire.SessionGrace || r.newSession {
		r.client.expectPresence()
		r.share.anew = true
	}
	r.newSession = false
	r.client.hurry()
}

// carry chooses the WebSocket for commands; nil when another rung carries the feed.
func (c *Client) carry(ws *wsLink) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.carrier = ws
}
