package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// noRoom is said of rooms that are not there and of those that the asker may
// not know of: the two must not differ in a single letter.
func noRoom() error { return wire.Errorf(wire.CodeNotFound, "There is no such room.") }

func noUser() error { return wire.Errorf(wire.CodeNotFound, "There is no such user.") }

// find is a room that the user may know of, and whether the user is in it.
func find(tx *store.Tx, u wire.User, id string) (room store.Room, member bool, err error) {
	room, err = tx.Room(id)
	if errors.Is(err, store.ErrNotExist) {
		return store.Room{}, false, noRoom()
	}
	if err != nil {
		return store.Room{}, false, err
	}
	member, err = tx.IsMember(id, u.ID)
	if err != nil {
		return store.Room{}, false, err
	}
	if !member && (room.Kind != wire.KindPublic || u.Role == wire.RoleGuest) {
		return store.Room{}, false, noRoom()
	}
	return room, member, nil
}

// findJoined is a room that the user is in.
func findJoined(tx *store.Tx, u wire.User, id string) (store.Room, error) {
	room, member, err := find(tx, u, id)
	if err == nil && !member {
		return store.Room{}, joinFirst()
	}
	return room, err
}

func joinFirst() error { return wire.Errorf(wire.CodeForbidden, "Join the room first.") }

// findOpen is a room that the user is in and that is not archived.
func findOpen(tx *store.Tx, u wire.User, id string) (store.Room, error) {
	room, err := findJoined(tx, u, id)
	if err == nil && room.Archived {
		return store.Room{}, isArchived()
	}
	return room, err
}

func isArchived() error {
	return wire.Errorf(wire.CodeConflict, "The room is archived: it can only be read.")
}

func staysDirect() error {
	return wire.Errorf(wire.CodeForbidden, "A direct room stays between its first members.")
}

// moderates tells who looks after the community.
func moderates(u wire.User) bool { return u.Role == wire.RoleOwner || u.Role == wire.RoleAdmin }

// withMembers is a room as sync and the commands show it to those in it.
func withMembers(tx *store.Tx, room store.Room) (wire.Room, error) {
	shown := room.Room
	if room.Count > wire.MaxMembersListed {
		return shown, nil
	}
	members, err := tx.Members(room.ID)
	shown.Members = members
	return shown, err
}

// roomNow is [withMembers] of a room as it is after what the change did to it.
func (c *change) roomNow(id string) (wire.Room, error) {
	room, err := c.tx.Room(id)
	if err != nil {
		return wire.Room{}, err
	}
	return withMembers(c.tx, room)
}
