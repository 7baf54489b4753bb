package store

import (
	"errors"
	"slices"
	"strings"

	"parley/shared/names"
	"parley/shared/wire"
)

// RoomByName is the id of the public room with that name, compared by
// names.Fold, or ErrNotExist.
func (tx *Tx) RoomByName(name string) (string, error) {
	id, err := tx.get(roomNamesBucket, []byte(names.Fold(name)))
	return string(id), err
}

// checkRoomName is ErrNameTaken for the name of another public room.
func (tx *Tx) checkRoomName(r wire.Room) error {
	if r.Kind != wire.KindPublic {
		return nil
	}
	holder, err := tx.RoomByName(r.Name)
	switch {
	case err == nil && holder != r.ID:
		return ErrNameTaken
	case err != nil && !errors.Is(err, ErrNotExist):
		return err
	}
	return nil
}

// moveRoomName keeps the index of names in step; old may be the zero Room.
func (tx *Tx) moveRoomName(old, r wire.Room) error {
	if old.Kind == wire.KindPublic && names.Fold(old.Name) != names.Fold(r.Name) {
		if err := tx.del(roomNamesBucket, []byte(names.Fold(old.Name))); err != nil {
			return err
		}
	}
	return tx.putRoomName(r)
}

func (tx *Tx) putRoomName(r wire.Room) error {
	if r.Kind != wire.KindPublic {
		return nil
	}
	return tx.put(roomNamesBucket, []byte(names.Fold(r.Name)), []byte(r.ID))
}

// DirectRoom is the id of the direct room of exactly these users, in whatever
// order, or ErrNotExist.
func (tx *Tx) DirectRoom(users []string) (string, error) {
	id, err := tx.get(directBucket, directKey(users))
	return string(id), err
}

// PutDirectRoom remembers which room is the direct one of these users.
func (tx *Tx) PutDirectRoom(users []string, room string) error {
	return tx.put(directBucket, directKey(users), []byte(room))
}

// directKey is the ids in order, NUL between them.
func directKey(users []string) []byte {
	sorted := slices.Sorted(slices.Values(users))
	return []byte(strings.Join(slices.Compact(sorted), "\x00"))
}
