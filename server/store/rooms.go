package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// cachedRoom is a room that an Update has looked at. Each message moves the
// head of its room; the record is written once, at the end.
type cachedRoom struct {
	Room
	changed bool
}

// Room is the room with that id, or ErrNotExist.
func (tx *Tx) Room(id string) (Room, error) {
	if r, ok := tx.rooms[id]; ok {
		return r.Room, nil
	}
	var r Room
	if err := tx.getJSON(roomsBucket, []byte(id), &r); err != nil {
		return Room{}, err
	}
	if tx.rooms != nil {
		tx.rooms[id] = &cachedRoom{Room: r}
	}
	return r, nil
}

// Rooms calls fn for each room, ascending by id, until it returns an error,
// which comes back. fn must not change rooms.
func (tx *Tx) Rooms(fn func(Room) error) error {
	if err := tx.flushRooms(); err != nil {
		return err
	}
	return tx.scan(roomsBucket, nil, func(key, value []byte) error {
		var r Room
		if json.Unmarshal(value, &r) != nil {
			return damagedRecord(roomsBucket, key)
		}
		return fn(r)
	})
}

// PutRoom stores a room. Num, Head and Count are the store's own: what r says
// of them is not used. It returns ErrNameTaken if r is public and another
// public room has the name, folded. A room's kind never changes.
func (tx *Tx) PutRoom(r Room) error {
	if err := checkID(r.ID); err != nil {
		return err
	}
	if err := tx.checkRoomName(r.Room); err != nil {
		return err
	}
	old, err := tx.Room(r.ID)
	switch {
	case err == nil:
		r.Num, r.Head, r.Count = old.Num, old.Head, old.Count
	case errors.Is(err, ErrNotExist):
		num, err := tx.bucket(roomsBucket).NextSequence()
		if err != nil {
			return fmt.Errorf("number the room: %w", err)
		}
		r.Num, r.Head, r.Count = num, 0, 0
	default:
		return err
	}
	if err := tx.moveRoomName(old.Room, r.Room); err != nil {
		return err
	}
	r.Members, r.Joined = nil, nil
	tx.setRoom(r)
	return nil
}

func (tx *Tx) setRoom(r Room) {
	tx.writes++
	tx.rooms[r.ID] = &cachedRoom{Room: r, changed: true}
}

func (tx *Tx) flushRooms() error {
	var changed []string
	for id, r := range tx.rooms {
		if r.changed {
			changed = append(changed, id)
		}
	}
	slices.Sort(changed)
	for _, id := range changed {
		r := tx.rooms[id]
		if err := tx.putJSON(roomsBucket, []byte(id), r.Room); err != nil {
			return err
		}
		r.changed = false
	}
	return nil
}
