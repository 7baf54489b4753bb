package client

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/shared/wire"
)

// user applies somebody new, or changed.
func (s *state) user(u wire.User, e *effects) {
	s.users[u.ID] = u
	if u.ID == s.me.ID {
		// What one may know of the community has become more, or less.
		e.resync = e.resync || (u.Role == wire.RoleGuest) != (s.me.Role == wire.RoleGuest)
		s.me = u
	}
	e.tell(ChangeUsers, "")
}

// typing applies a sign of writing, which fades by itself.
func (s *state) typing(t wire.Typing, now time.Time, e *effects) {
	if r := s.rooms[t.Room]; r != nil && t.User != s.me.ID {
		r.typing[t.User] = now.Add(wire.TypingLife)
		e.tell(ChangeRooms, t.Room)
	}
}

// fade ends the signs of writing that are over.
func (c *Client) fade(now time.Time) {
	var e effects
	c.mu.Lock()
	for id, r := range c.state.rooms {
		for user, until := range r.typing {
			if !now.Before(until) {
				delete(r.typing, user)
				e.tell(ChangeRooms, id)
			}
		}
	}
	c.mu.Unlock()
	c.follow(e)
}

// nextFade is when fade is due; zero when nobody writes.
func (c *Client) nextFade() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	var next time.Time
	for _, r := range c.state.rooms {
		for _, until := range r.typing {
			if next.IsZero() || until.Before(next) {
				next = until
			}
		}
	}
	return next
}

func (s *state) presence(p wire.Presence, e *effects) {
	if s.told != nil {
		s.told[p.User] = p.Online
	}
	if s.online[p.User] == p.Online {
		return
	}
	if p.Online {
		s.online[p.User] = true
	} else {
		delete(s.online, p.User)
	}
	e.tell(ChangeUsers, "")
}

// expectPresence prepares for a stream that is going to say anew who is
// online: whoever it does not name has left in the meantime.
func (c *Client) expectPresence() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.told = map[string]bool{}
}

// presenceTold ends what expectPresence has begun.
func (s *state) presenceTold(e *effects) {
	if s.told == nil {
		return
	}
	for user := range s.online {
		if !s.told[user] {
			delete(s.online, user)
			e.tell(ChangeUsers, "")
		}
	}
	s.told = nil
}

// whoIsOnline is what the other tabs are told.
func (c *Client) whoIsOnline() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.state.online))
}

// setOnline takes over who is online from another tab.
func (c *Client) setOnline(users []string) {
	var e effects
	c.mu.Lock()
	c.state.told = map[string]bool{}
	for _, user := range users {
		c.state.presence(wire.Presence{User: user, Online: true}, &e)
	}
	c.state.presenceTold(&e)
	c.mu.Unlock()
	c.follow(e)
}

// User is somebody one knows.
func (c *Client) User(id string) (wire.User, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	u, ok := c.state.users[id]
	return u, ok
}

// Users are all one knows, oneself included, by name.
func (c *Client) Users() []wire.User {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]wire.User, 0, len(c.state.users))
	for _, u := range c.state.users {
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b wire.User) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return list
}

// Online tells whether a user has the community open somewhere, as far as the
// server last said.
func (c *Client) Online(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.online[id]
}
