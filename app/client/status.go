package client

import (
	"errors"
	"time"

	"parley/shared/wire"
)

// Status is the state of the connection, always true.
type Status struct {
	Live   bool
	Rung   Rung      // carrying the feed when Live
	Why    string    // when not live: what went wrong last, for a person
	Retry  time.Time // when not live: the next try, zero while one is under way
	Synced bool      // rooms and users are there
	Unkept bool      // this browser keeps nothing: what is being sent would end with the page
}

// setStatus moves the status, and tells watchers if it changed.
func (c *Client) setStatus(move func(s *Status)) (changed bool) {
	c.mu.Lock()
	s := c.state.status
	move(&s)
	changed = s != c.state.status
	c.state.status = s
	c.mu.Unlock()
	if changed {
		c.watch.tell(Change{Kind: ChangeStatus})
	}
	return changed
}

// tell brings the status up to date, here and in the tabs that follow.
func (r *runner) tell() {
	if r.following() {
		r.client.setStatus(r.followStatus)
		return
	}
	next := r.ladder.nextTry()
	if !r.ladder.running {
		next = r.sync.retryAt
	}
	carrier := r.links[r.carrier]
	changed := r.client.setStatus(func(s *Status) {
		s.Live = carrier != nil
		if s.Live {
			s.Rung, s.Why, s.Retry = carrier.rung, "", time.Time{}
			return
		}
		s.Retry = next
		if r.why != nil {
			s.Why = inWords(r.why)
		}
	})
	if changed {
		r.tellPlace()
	}
}

// inWords is an error for a person.
func inWords(err error) string {
	var p *wire.Problem
	var closed CloseError
	switch {
	case errors.As(err, &p):
		return p.Detail
	case errors.As(err, &closed) && closed.Reason == "":
		return "The connection was closed."
	}
	return err.Error()
}
