package chat

import (
	"cmp"
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

// NewestRooms are at most limit rooms that the actor is in, those with the
// newest messages first. Rooms in which nobody has said anything come last.
func (q Queries) NewestRooms(a Actor, limit int) ([]wire.Room, error) {
	type dated struct {
		room wire.Room
		last wire.Time // of the newest message, 0 without one
	}
	var list []dated
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		ids, err := tx.RoomsOf(me.ID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, err := tx.Room(id)
			if err != nil {
				return err
			}
			d := dated{room: r.Room}
			if r.Head > 0 {
				m, err := tx.Message(id, r.Head)
				if err != nil {
					return err
				}
				d.last = m.Time
			}
			list = append(list, d)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b dated) int { return cmp.Compare(b.last, a.last) })
	rooms := make([]wire.Room, 0, limit)
	for _, d := range list[:min(limit, len(list))] {
		rooms = append(rooms, d.room)
	}
	return rooms, nil
}
