package store

import (
	"encoding/binary"
	"errors"
)

// Read is how far the user has read in the room, 0 when there is no mark.
func (tx *Tx) Read(user, room string) (uint64, error) {
	value, err := tx.get(readsBucket, pair(user, room))
	switch {
	case errors.Is(err, ErrNotExist):
		return 0, nil
	case err != nil:
		return 0, err
	case len(value) != 8:
		return 0, damagedRecord(readsBucket, pair(user, room))
	}
	return binary.BigEndian.Uint64(value), nil
}

// Reads is how far the user has read, by room.
func (tx *Tx) Reads(user string) (map[string]uint64, error) {
	reads := map[string]uint64{}
	err := tx.scan(readsBucket, pair(user, ""), func(room, value []byte) error {
		if len(value) != 8 {
			return damagedRecord(readsBucket, pair(user, string(room)))
		}
		reads[string(room)] = binary.BigEndian.Uint64(value)
		return nil
	})
	return reads, err
}

// PutRead stores how far the user has read in the room.
func (tx *Tx) PutRead(user, room string, seq uint64) error {
	return tx.put(readsBucket, pair(user, room), binary.BigEndian.AppendUint64(nil, seq))
}
