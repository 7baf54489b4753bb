package feed

import (
	"time"

	"parley/shared/wire"
)

// session is one page of a user, over all its connections. Feed.mu guards it.
type session struct {
	user  *user
	name  string
	conns []*Conn  // those that have not ended, oldest first
	left  ephemera // for the next connection, while there is none

	timer *time.Timer // ends the session after its grace
	until time.Time   // the end of the grace, zero while there is a connection
}

// checkSessions refuses a session that would be one too many, after ending
// what is only in grace.
func (f *Feed) checkSessions(user, name string) error {
	u := f.users[user]
	if u == nil || u.sessions[name] != nil || len(u.sessions) < maxSessions {
		return nil
	}
	var oldest *session
	for _, s := range u.sessions {
		if len(s.conns) == 0 && (oldest == nil || s.until.Before(oldest.until)) {
			oldest = s
		}
	}
	if oldest == nil {
		return wire.Errorf(wire.CodeRateLimited, "You are connected %d times at once; close some pages.", maxSessions).
			After(int(wire.SessionGrace / time.Second))
	}
	f.endSession(oldest)
	return nil
}

// joinSession puts a connection into its session, which begins if it is new.
// Who is online is told to a new session, and anew to each new stream: what
// was told to the one before may have been lost on its way.
func (f *Feed) joinSession(c *Conn, name string, stream bool) {
	u := c.user
	s := u.sessions[name]
	fresh := s == nil
	if fresh {
		s = &session{user: u, name: name}
		first := !u.online()
		if first {
			f.announce(u, true) // before the session is there: its snapshot says it too
		}
		if u.sessions == nil {
			u.sessions = map[string]*session{}
		}
		u.sessions[name] = s
	}
	s.stop()
	c.session = s
	s.conns = append(s.conns, c)
	c.ephemera, s.left = s.left, ephemera{}
	if fresh || stream {
		c.backlog = f.whoIsOnline(u)
	}
}

// stop ends the session's grace without ending the session.
func (s *session) stop() {
	s.until = time.Time{}
	if s.timer != nil {
		s.timer.Stop()
	}
}

// leaveSession takes a connection out of its session. What it had not told yet
// waits for the next one; the last one's end begins the grace.
func (f *Feed) leaveSession(c *Conn) {
	s := c.session
	s.conns = without(s.conns, c)
	if len(s.conns) > 0 {
		return
	}
	for _, e := range append(c.backlog, c.ephemera.entries...) {
		if !s.left.push(e) {
			f.count.dropped++
		}
	}
	s.until = time.Now().Add(wire.SessionGrace)
	if s.timer == nil {
		s.timer = time.AfterFunc(wire.SessionGrace, func() { f.graceOver(s) })
	} else {
		s.timer.Reset(wire.SessionGrace)
	}
}

// graceOver ends a session, unless it had a connection in the meantime.
func (f *Feed) graceOver(s *session) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(s.conns) > 0 || s.until.IsZero() || time.Now().Before(s.until) {
		return
	}
	f.endSession(s)
}

// endSession ends a session that has no connection. With the last one its user
// goes offline.
func (f *Feed) endSession(s *session) {
	u := s.user
	if u.sessions[s.name] != s {
		return
	}
	s.stop()
	delete(u.sessions, s.name)
	if !u.online() {
		f.announce(u, false)
	}
	f.forget(u)
}

// announce tells everybody who may know that a user came or went, unless too
// many are online for that. Whoever is not told of is nowhere online.
func (f *Feed) announce(u *user, online bool) {
	if online == u.told || online && f.told == f.o.told {
		return
	}
	e := u.presence()
	if u.told = online; online {
		f.told++
	} else {
		f.told--
		e = presenceOf(u.id, false)
	}
	for _, v := range f.users {
		if v.online() && v.sees(u) {
			f.push(v, e)
		}
	}
	if !online {
		f.promote()
	}
}

// promote tells of somebody who is online and was not told of, if there is room.
func (f *Feed) promote() {
	if f.told+1 != f.o.told {
		return // there was room before, so nobody waits
	}
	for _, v := range f.users {
		if v.online() && !v.told {
			f.announce(v, true)
			return
		}
	}
}

// whoIsOnline is a presence event for each user online whom u may see.
func (f *Feed) whoIsOnline(u *user) []*entry {
	var entries []*entry
	for _, v := range f.users {
		if v.told && u.sees(v) {
			entries = append(entries, v.presence())
		}
	}
	return entries
}
