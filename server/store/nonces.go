package store

import (
	"encoding/binary"
	"fmt"
)

// Nonce is what the user's nonce was answered with, or ErrNotExist.
func (tx *Tx) Nonce(user, nonce string) (Nonce, error) {
	value, err := tx.get(noncesBucket, pair(user, nonce))
	if err != nil {
		return Nonce{}, err
	}
	n, ok := decodeNonce(value)
	if !ok {
		return Nonce{}, fmt.Errorf("%w: nonce %q of user %s", ErrDamaged, nonce, user)
	}
	return n, nil
}

// PutNonce remembers what the user's nonce was answered with, until the
// message's event leaves the log.
func (tx *Tx) PutNonce(user, nonce string, n Nonce) error {
	return tx.put(noncesBucket, pair(user, nonce), n.encode())
}

// encode is the value of the nonce's record: seq (8 bytes), hash (32), room.
func (n Nonce) encode() []byte {
	value := binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(n.Hash)+len(n.Room)), n.Seq)
	value = append(value, n.Hash[:]...)
	return append(value, n.Room...)
}

func decodeNonce(value []byte) (Nonce, bool) {
	var n Nonce
	if len(value) <= 8+len(n.Hash) {
		return Nonce{}, false
	}
	n.Seq = binary.BigEndian.Uint64(value)
	copy(n.Hash[:], value[8:])
	n.Room = string(value[8+len(n.Hash):])
	return n, n.Seq > 0
}
