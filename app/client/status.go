package client

import "time"

// Status is the state of the connection, always true.
type Status struct {
	Live   bool
	Rung   Rung      // carrying the feed when Live
	Why    string    // when not live: what went wrong last, for a person
	Retry  time.Time // when not live: the next try, zero while one is under way
	Synced bool      // rooms and users are there
}

// setStatus moves the status, and tells watchers if it changed.
func (c *Client) setStatus(move func(s *Status)) {
	c.mu.Lock()
	s := c.state.status
	move(&s)
	changed := s != c.state.status
	c.state.status = s
	c.mu.Unlock()
	if changed {
		c.watch.tell(Change{Kind: ChangeStatus})
	}
}
