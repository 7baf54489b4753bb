package client

import (
	"context"

	"parley/shared/wire"
)

// askMembers asks for the members of rooms that have become known by an event,
// which does not name them. A sync does; its state is newer than the event.
func (c *Client) askMembers(ctx context.Context) {
	c.mu.Lock()
	busy := c.state.asking
	c.state.asking = true
	c.mu.Unlock()
	if busy {
		return // that one sees to it
	}
	for fails := 1; ; fails++ {
		before := c.unlisted()
		if len(before) == 0 {
			return
		}
		var s wire.Sync
		if err := c.Get(ctx, "/sync", &s); err == nil {
			c.takeMembers(before, s)
			fails = 0
		}
		if !sleep(ctx, c.clock, backoff(fails, c.jitter), nil) {
			return
		}
	}
}

// unlisted are the rooms whose members are not known. When there are none the
// asking is over.
func (c *Client) unlisted() []*room {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []*room
	for _, r := range c.state.rooms {
		if !r.listed {
			list = append(list, r)
		}
	}
	c.state.asking = len(list) > 0
	return list
}

// takeMembers is for the rooms that were known before s was asked for.
func (c *Client) takeMembers(before []*room, s wire.Sync) {
	var e effects
	c.mu.Lock()
	c.cache.users, c.cache.rooms = true, true
	members := map[string][]string{}
	for _, w := range s.Rooms {
		members[w.ID] = w.Members
	}
	for _, r := range before {
		if !r.listed {
			r.listMembers(members[r.ID])
			e.tell(ChangeRooms, r.ID)
		}
	}
	for _, u := range s.Users {
		if _, known := c.state.users[u.ID]; !known {
			c.state.users[u.ID] = u
			e.tell(ChangeUsers, "")
		}
	}
	c.cache.touch()
	c.mu.Unlock()
	c.follow(e)
}
