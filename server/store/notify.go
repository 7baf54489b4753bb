package store

import (
	"encoding/json"

	"parley/shared/wire"
)

// Notifies are what a user has chosen to be told of, ascending by room: the
// default is first.
func (tx *Tx) Notifies(user string) ([]wire.Notify, error) {
	var list []wire.Notify
	prefix := pair(user, "")
	err := tx.scan(notifyBucket, prefix, func(key, value []byte) error {
		var n wire.Notify
		if json.Unmarshal(value, &n) != nil {
			return damagedRecord(notifyBucket, append(prefix, key...))
		}
		list = append(list, n)
		return nil
	})
	return list, err
}

// Notify is what a user has chosen for a room, or ErrNotExist.
func (tx *Tx) Notify(user, room string) (wire.Notify, error) {
	var n wire.Notify
	err := tx.getJSON(notifyBucket, pair(user, room), &n)
	return n, err
}

// PutNotify stores what a user has chosen for a room, or by default.
func (tx *Tx) PutNotify(user string, n wire.Notify) error {
	return tx.putJSON(notifyBucket, pair(user, n.Room), n)
}
