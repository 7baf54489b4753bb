package feed

import (
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// entry is an event on its way. It is shared by all who get it.
type entry struct {
	// static after construction
	offset uint64    // its place in the log, 0 for an ephemeral event
	data   []byte    // the wire.Event as JSON
	key    key       // of an ephemeral event
	fades  time.Time // when an ephemeral event is no longer worth telling; zero: never

	// guarded by Feed.mu
	alone *frame // the batch that holds only this, once somebody got one
}

// key is what an ephemeral event tells of: only the newest of a key matters.
type key struct {
	user string
	room string // empty: the user's presence, else that it is typing there
}

func (e *entry) cost() int { return len(e.data) + entryCost }

func presenceOf(user string, online bool) *entry {
	data := wire.Encode(wire.Event{Presence: &wire.Presence{User: user, Online: online}})
	return &entry{data: data, key: key{user: user}}
}

func typingOf(user, room string, now time.Time) *entry {
	data := wire.Encode(wire.Event{Typing: &wire.Typing{Room: room, User: user}})
	return &entry{data: data, key: key{user: user, room: room}, fades: now.Add(wire.TypingLife)}
}

// delivery is an event that is being given to its readers. Its entries are made
// when the first wants them: one for all, one more for the author's devices.
type delivery struct {
	event  *store.Event
	others *entry
	owner  *entry
}

func (d *delivery) entryFor(user string) *entry {
	if d.event.Nonce != "" && user == d.event.Owner {
		if d.owner == nil {
			d.owner = &entry{offset: d.event.Offset, data: d.event.ForOwner()}
		}
		return d.owner
	}
	if d.others == nil {
		d.others = &entry{offset: d.event.Offset, data: d.event.Data}
	}
	return d.others
}
