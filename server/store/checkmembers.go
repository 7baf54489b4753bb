package store

import (
	"bytes"
	"maps"
	"slices"
)

// checkMembers verifies that both directions say the same, that each room's
// count is right, and that spans follow each other.
func (c *recordCheck) checkMembers() {
	present := map[membership]bool{}
	counts := map[string]int{}
	c.each(membersBucket, func(key, value []byte) {
		first, second, ok := splitPair(key[1:])
		switch {
		case !ok || key[0] != 'r' && key[0] != 'u':
			c.add("%v: not a key", damagedRecord(membersBucket, key))
		case key[0] == 'r':
			m := membership{room: first, user: second}
			present[m] = true
			counts[m.room]++
			c.Members++
			if _, ok := c.rooms[m.room]; !ok || !c.users[m.user] {
				c.add("user %q is in room %q: one of them is not there", m.user, m.room)
			}
		default: // 'u', which comes after all 'r'
			m := membership{room: second, user: first}
			if c.checkSpans(m, key, value) != present[m] {
				c.add("user %s and room %s do not agree whether the one is in the other", m.user, m.room)
			}
			delete(present, m)
		}
	})
	for m := range present {
		c.add("user %s is in room %s since never", m.user, m.room)
	}
	for _, id := range sortedKeys(c.rooms) {
		if r := c.rooms[id]; r.Count != counts[id] {
			c.add("room %s: it counts %d members and has %d", id, r.Count, counts[id])
		}
	}
}

// checkSpans tells whether the last of the user's spans is open.
func (c *recordCheck) checkSpans(m membership, key, value []byte) bool {
	var spans []Span
	if !c.decode(membersBucket, key, value, &spans) {
		return false
	}
	next := c.tx.End() + 1
	last := uint64(0)
	for i, s := range spans {
		open := s.To == 0 && i == len(spans)-1
		if s.From <= last || s.From > next || !open && s.To < s.From || s.To > next {
			c.add("user %s in room %s: the span from %d to %d cannot be", m.user, m.room, s.From, s.To)
		}
		last = s.To
	}
	return isOpen(spans)
}

// splitPair is what pair has made a key of.
func splitPair(key []byte) (a, b string, ok bool) {
	first, second, ok := bytes.Cut(key, []byte{0})
	return string(first), string(second), ok
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
