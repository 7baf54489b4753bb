package feed

import (
	"bytes"
	"encoding/json"
	"fmt"

	"parley/server/store"
	"parley/shared/wire"
)

// Publish gives committed events, in log order, to all who may see them. It is
// the journal's to call, after each commit and before the next one is
// published. It never waits for a reader. Data of the events is kept and must
// not be changed.
//
// Events that were published before are passed over. If some were not published
// at all, nobody loses them: everybody is sent to the log.
func (f *Feed) Publish(events []store.Event) {
	f.publishing.Lock()
	defer f.publishing.Unlock()
	f.mu.Lock()
	f.publish(events)
	woken := f.woken
	f.mu.Unlock()
	for _, c := range woken { // without the lock, which is what they want first
		c.notify()
	}
	clear(woken)
	f.woken = woken[:0] // touched by publish only, which cannot run now
}

func (f *Feed) publish(events []store.Event) {
	for len(events) > 0 && events[0].Offset <= f.head {
		events = events[1:]
	}
	if len(events) == 0 {
		return
	}
	crossings := f.follow(events)
	for i := range events {
		e := &events[i]
		crossings.before(f, e.Offset)
		f.deliver(e)
		f.head = e.Offset
		crossings.after(f, e.Offset)
		f.applyUser(e)
	}
}

// deliver queues an event for everybody who may see it.
func (f *Feed) deliver(e *store.Event) {
	d := delivery{event: e}
	switch e.Audience.Kind {
	case store.AudienceRoom:
		for u := range f.rooms[e.Audience.ID] {
			f.deliverTo(u, &d)
		}
	case store.AudienceUser:
		if u := f.users[e.Audience.ID]; u != nil {
			f.deliverTo(u, &d)
		}
	case store.AudienceMembers:
		for _, u := range f.users {
			if !u.guest {
				f.deliverTo(u, &d)
			}
		}
	}
}

func (f *Feed) deliverTo(u *user, d *delivery) {
	for _, c := range u.conns {
		if c.wants(d.event.Offset) && c.enqueue(d.entryFor(u.id)) {
			f.woken = append(f.woken, c)
		}
	}
}

// follow finds how membership changes along the events, from the store: users
// whose membership an event tells of may see events before that one, as
// somebody who joins sees all that was appended after the join.
func (f *Feed) follow(events []store.Event) crossings {
	first, last := events[0].Offset, events[len(events)-1].Offset
	var moving []*user
	if first == f.head+1 {
		moving = f.moving(events)
	} else { // events are missing: start afresh from the first one that is there
		moving = f.skipTo(first - 1)
	}
	var x crossings
	if len(moving) == 0 {
		return x
	}
	spans := make([]map[string][]store.Span, len(moving))
	err := f.db.View(func(tx *store.Tx) (err error) {
		for i, u := range moving {
			if spans[i], err = tx.Spans(u.id); err != nil {
				return err
			}
		}
		return nil
	})
	for i, u := range moving {
		if err != nil { // they come back, and go on from the log
			f.expel(u, fmt.Errorf("read the rooms of a user: %w", err))
			continue
		}
		f.place(u, spans[i])
		x.add(u, spans[i], first, last)
	}
	x.sort()
	return x
}

// skipTo moves the head over events that were not published. It gives all users.
func (f *Feed) skipTo(head uint64) []*user {
	f.head = head
	all := make([]*user, 0, len(f.users))
	for _, u := range f.users {
		all = append(all, u)
		for _, c := range u.conns {
			c.detach()
			f.woken = append(f.woken, c)
		}
	}
	return all
}

// moving are the users online whose membership the events may tell of.
func (f *Feed) moving(events []store.Event) []*user {
	var users []*user
	seen := map[*user]bool{}
	for i := range events {
		u := f.users[movedBy(&events[i])]
		if u != nil && !seen[u] {
			seen[u] = true
			users = append(users, u)
		}
	}
	return users
}

// The beginnings of the events that may tell of a change of membership.
var (
	memberEvent = []byte(`{"member":`)
	roomEvent   = []byte(`{"room":`)
	userEvent   = []byte(`{"user":`)
)

// movedBy is the user whose membership may have changed around an event: the
// one a member event names, the one who is shown a room of its own, or the one
// whose role everybody is told.
func movedBy(e *store.Event) string {
	switch {
	case bytes.HasPrefix(e.Data, memberEvent):
		var event wire.Event
		if json.Unmarshal(e.Data, &event) == nil && event.Member != nil {
			return event.Member.User
		}
	case bytes.HasPrefix(e.Data, userEvent) && e.Audience.Kind == store.AudienceMembers:
		var event wire.Event
		if json.Unmarshal(e.Data, &event) == nil && event.User != nil {
			return event.User.ID
		}
	case bytes.HasPrefix(e.Data, roomEvent) && e.Audience.Kind == store.AudienceUser:
		return e.Audience.ID
	}
	return ""
}

// applyUser ends what a user has open who is deactivated.
func (f *Feed) applyUser(e *store.Event) {
	if !bytes.HasPrefix(e.Data, userEvent) {
		return
	}
	var event wire.Event
	if json.Unmarshal(e.Data, &event) != nil || event.User == nil {
		return
	}
	if u := f.users[event.User.ID]; u != nil && event.User.Deactivated {
		f.count.revoked += uint64(len(u.conns))
		f.expel(u, ErrRevoked)
	}
}
