package feed

import (
	"cmp"
	"slices"

	"parley/server/store"
)

// within tells whether an event at offset falls into one of the spans.
func within(spans []store.Span, offset uint64) bool {
	return slices.ContainsFunc(spans, func(s store.Span) bool {
		return s.From <= offset && (s.To == 0 || offset <= s.To)
	})
}

// isOpen tells whether membership goes on to this day.
func isOpen(spans []store.Span) bool {
	return slices.ContainsFunc(spans, func(s store.Span) bool { return s.To == 0 })
}

// after tells whether, by the spans, membership goes on after the event at offset.
func after(spans []store.Span, offset uint64) bool {
	return slices.ContainsFunc(spans, func(s store.Span) bool {
		return s.From <= offset && (s.To == 0 || s.To > offset)
	})
}

// crossing is a user entering a room just before an event, or leaving it just
// after one.
type crossing struct {
	offset uint64 // of the event
	user   *user
	room   string
}

// crossings are the changes of membership along a stretch of the log.
type crossings struct {
	enter, leave []crossing // ascending by offset
}

// add takes in a user's spans as far as they begin or end among the events
// from first to last.
func (x *crossings) add(u *user, spans map[string][]store.Span, first, last uint64) {
	for room, list := range spans {
		for _, s := range list {
			if first <= s.From && s.From <= last {
				x.enter = append(x.enter, crossing{s.From, u, room})
			}
			if first <= s.To && s.To <= last {
				x.leave = append(x.leave, crossing{s.To, u, room})
			}
		}
	}
}

func (x *crossings) sort() {
	order := func(a, b crossing) int { return cmp.Compare(a.offset, b.offset) }
	slices.SortStableFunc(x.enter, order)
	slices.SortStableFunc(x.leave, order)
}

// before lets in who enters with the event at offset. Feed.mu is held.
func (x *crossings) before(f *Feed, offset uint64) {
	for len(x.enter) > 0 && x.enter[0].offset <= offset {
		f.enter(x.enter[0].user, x.enter[0].room)
		x.enter = x.enter[1:]
	}
}

// after lets out who leaves with the event at offset. Feed.mu is held.
func (x *crossings) after(f *Feed, offset uint64) {
	for len(x.leave) > 0 && x.leave[0].offset <= offset {
		f.leave(x.leave[0].user, x.leave[0].room)
		x.leave = x.leave[1:]
	}
}
