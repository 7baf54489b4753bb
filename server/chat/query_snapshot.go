package chat

import (
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// Snapshot is everything the actor may know and, at the same cursor, the newest
// messages of one of the rooms: that which choose names, given those that the
// actor is in. It names none, or one that is not among them, for no messages.
func (q Queries) Snapshot(a Actor, choose func([]wire.Room) string) (wire.Snapshot, error) {
	s := wire.Snapshot{Messages: map[string][]wire.Message{}}
	err := q.as(a, func(tx *store.Tx, me wire.User) (err error) {
		if s.Sync, err = q.syncIn(tx, me); err != nil {
			return err
		}
		chosen := choose(s.Sync.Rooms)
		for _, room := range s.Sync.Rooms {
			if room.ID != chosen {
				continue
			}
			if s.Messages[room.ID], err = pageIn(tx, me, room, Page{}); err != nil {
				return err
			}
			list, err := quoted(tx, room.ID, s.Messages[room.ID])
			if err != nil {
				return err
			}
			if list != nil {
				s.Quoted = map[string][]wire.Quote{room.ID: list}
			}
		}
		return nil
	})
	return s, err
}

// InviteRole is what an invite makes of whoever uses it now. The error is
// not_found for one that does not work, whatever the reason.
func (q Queries) InviteRole(code string, now time.Time) (role wire.Role, err error) {
	err = q.DB.View(func(tx *store.Tx) error {
		invite, err := Signup{Invite: store.HashOf(code)}.check(tx, wire.TimeOf(now))
		role = invite.Role
		return err
	})
	return role, err
}
