package feed

import "time"

// ephemera are ephemeral events that wait, the newest of each key. The zero
// value is empty and costs nothing.
type ephemera struct {
	entries []*entry
	places  map[key]int // in entries
	typing  int         // how many tell of typing; the others tell of presence
}

func (p *ephemera) empty() bool { return len(p.entries) == 0 }

// push adds an event in place of what its key had. It is false for one that
// finds no room.
func (p *ephemera) push(e *entry) bool {
	if at, ok := p.places[e.key]; ok {
		p.entries[at] = e
		return true
	}
	isTyping := e.key.room != ""
	if isTyping && p.typing >= maxTyping || !isTyping && len(p.entries)-p.typing >= maxPresence {
		return false
	}
	if p.places == nil {
		p.places = map[key]int{}
	}
	p.places[e.key] = len(p.entries)
	p.entries = append(p.entries, e)
	if isTyping {
		p.typing++
	}
	return true
}

// take removes the entries up to the first that use refuses.
func (p *ephemera) take(use func(*entry) bool) {
	n := 0
	for n < len(p.entries) && use(p.entries[n]) {
		n++
	}
	rest := p.entries[n:]
	*p = ephemera{}
	for _, e := range rest {
		p.push(e)
	}
}

// collectEphemeral adds what fits of the ephemeral events to a batch. Feed.mu is held.
func (c *Conn) collectEphemeral(entries []*entry, t *tally) []*entry {
	for len(c.backlog) > 0 && t.add(len(c.backlog[0].data), &c.feed.o) {
		entries = append(entries, c.backlog[0])
		c.backlog = c.backlog[1:]
	}
	if len(c.backlog) > 0 || c.ephemera.empty() {
		return entries
	}
	c.backlog = nil
	now := time.Now()
	c.ephemera.take(func(e *entry) bool {
		if !e.fades.IsZero() && now.After(e.fades) {
			return true
		}
		if !t.add(len(e.data), &c.feed.o) {
			return false
		}
		entries = append(entries, e)
		return true
	})
	return entries
}

// push gives an ephemeral event to all sessions of a user. Feed.mu is held.
func (f *Feed) push(u *user, e *entry) {
	for _, s := range u.sessions {
		if len(s.conns) == 0 && !s.left.push(e) {
			f.count.dropped++
		}
		for _, c := range s.conns {
			if !c.ephemera.push(e) {
				f.count.dropped++
			}
			c.notify()
		}
	}
}

// Typing tells the others in a room that the user is writing. Whether it may
// (membership), and how often, is the caller's to check.
func (f *Feed) Typing(user, room string) {
	e := typingOf(user, room, time.Now())
	f.mu.Lock()
	defer f.mu.Unlock()
	for u := range f.rooms[room] {
		if u.id != user {
			f.push(u, e)
		}
	}
}
