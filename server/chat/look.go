package chat

import (
	"parley/server/store"
	"parley/shared/wire"
)

// Look is one moment as somebody may see it, for queries that live elsewhere.
// It is valid as long as the function that got it runs.
type Look struct {
	Tx *store.Tx
	Me wire.User
}

// Look runs fn at one moment. The error is unauthenticated for somebody who is
// not there any more, or fn's.
func (q Queries) Look(a Actor, fn func(Look) error) error {
	return q.as(a, func(tx *store.Tx, me wire.User) error { return fn(Look{tx, me}) })
}

// Room is a room that one may read, joined or not: what History shows. The
// error is not_found.
func (l Look) Room(id string) (store.Room, error) {
	room, _, err := find(l.Tx, l.Me, id)
	return room, err
}

// Joined are the rooms that one is in, ascending by id.
func (l Look) Joined() ([]store.Room, error) {
	ids, err := l.Tx.RoomsOf(l.Me.ID)
	if err != nil {
		return nil, err
	}
	rooms := make([]store.Room, len(ids))
	for i, id := range ids {
		if rooms[i], err = l.Tx.Room(id); err != nil {
			return nil, err
		}
	}
	return rooms, nil
}

// Readable are all rooms that one may read: those one is in and, except for
// guests, the public ones.
func (l Look) Readable() ([]store.Room, error) {
	rooms, err := l.Joined()
	if err != nil || l.Me.Role == wire.RoleGuest {
		return rooms, err
	}
	joined := map[string]bool{}
	for _, r := range rooms {
		joined[r.ID] = true
	}
	err = l.Tx.Rooms(func(r store.Room) error {
		if r.Kind == wire.KindPublic && !joined[r.ID] {
			rooms = append(rooms, r)
		}
		return nil
	})
	return rooms, err
}
