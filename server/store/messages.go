package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"parley/shared/wire"
)

func messageKey(num, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(make([]byte, 0, 16), num), seq)
}

func splitMessageKey(key []byte) (num, seq uint64, ok bool) {
	if len(key) != 16 {
		return 0, 0, false
	}
	return binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:]), true
}

// Message is a message with its nonce, or ErrNotExist.
func (tx *Tx) Message(room string, seq uint64) (wire.Message, error) {
	r, err := tx.Room(room)
	if err != nil {
		return wire.Message{}, err
	}
	return tx.MessageOf(r, seq)
}

// MessageOf is Message for who has the room already.
func (tx *Tx) MessageOf(r Room, seq uint64) (wire.Message, error) {
	value, err := tx.get(messagesBucket, messageKey(r.Num, seq))
	if errors.Is(err, ErrDamaged) {
		return wire.Message{}, damagedMessage(r.ID, seq)
	}
	if err != nil {
		return wire.Message{}, err
	}
	return decodeMessage(r.ID, seq, value)
}

// AllMessages calls fn for the messages of all rooms, by room number and then
// seq, from the one after num and seq on, until it returns false.
func (tx *Tx) AllMessages(num, seq uint64, fn func(num uint64, m wire.Message) bool) error {
	c := tx.bucket(messagesBucket).Cursor()
	for key, sealed := c.Seek(messageKey(num, seq+1)); key != nil; key, sealed = c.Next() {
		num, seq, ok := splitMessageKey(key)
		value, sound := unseal(key, sealed)
		var m wire.Message
		if !ok || !sound || json.Unmarshal(value, &m) != nil || m.Seq != seq {
			return damagedRecord(messagesBucket, key)
		}
		if !fn(num, m) {
			return nil
		}
	}
	return nil
}

// Messages are those with from <= seq <= to, ascending, with their nonces. It
// is for the caller to keep the range small.
func (tx *Tx) Messages(room string, from, to uint64) ([]wire.Message, error) {
	r, err := tx.Room(room)
	if err != nil {
		return nil, err
	}
	from, to = max(from, 1), min(to, r.Head)
	if from > to {
		return nil, nil
	}
	messages := make([]wire.Message, 0, min(to-from+1, wire.MaxHistory))
	c := tx.bucket(messagesBucket).Cursor()
	key, sealed := c.Seek(messageKey(r.Num, from))
	for seq := from; seq <= to; seq++ {
		if string(key) != string(messageKey(r.Num, seq)) {
			return nil, fmt.Errorf("%w: message %s/%d is missing", ErrDamaged, room, seq)
		}
		value, ok := unseal(key, sealed)
		if !ok {
			return nil, damagedMessage(room, seq)
		}
		m, err := decodeMessage(room, seq, value)
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
		key, sealed = c.Next()
	}
	return messages, nil
}

// PutMessage stores a message: a new one if its seq follows the room's head,
// which then moves, else in place of an older revision. From then on the log
// gives the message's older events with the text that it has now.
func (tx *Tx) PutMessage(m wire.Message) error {
	r, err := tx.Room(m.Room)
	if err != nil {
		return err
	}
	if m.Seq == 0 || m.Seq > r.Head+1 {
		return fmt.Errorf("message %s/%d does not follow %d", m.Room, m.Seq, r.Head)
	}
	if m.Seq <= r.Head {
		if err := tx.noteChange(m); err != nil {
			return err
		}
	}
	if err := tx.putJSON(messagesBucket, messageKey(r.Num, m.Seq), m); err != nil {
		return err
	}
	if m.Seq > r.Head {
		cached := tx.rooms[m.Room]
		cached.Head, cached.changed = m.Seq, true
	}
	return nil
}

// decodeMessage reads the value of a message's record, whose checksum fits.
func decodeMessage(room string, seq uint64, value []byte) (wire.Message, error) {
	var m wire.Message
	if json.Unmarshal(value, &m) != nil || m.Room != room || m.Seq != seq {
		return wire.Message{}, damagedMessage(room, seq)
	}
	return m, nil
}

func damagedMessage(room string, seq uint64) error {
	return fmt.Errorf("%w: message %s/%d", ErrDamaged, room, seq)
}
