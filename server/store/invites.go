package store

import "encoding/json"

// Invite is the invite whose code has that hash, or ErrNotExist. It may have
// expired.
func (tx *Tx) Invite(h Hash) (Invite, error) {
	var i Invite
	err := tx.getJSON(invitesBucket, h[:], &i)
	return i, err
}

// PutInvite stores an invite.
func (tx *Tx) PutInvite(h Hash, i Invite) error { return tx.putJSON(invitesBucket, h[:], i) }

// DeleteInvite deletes an invite, if it is there.
func (tx *Tx) DeleteInvite(h Hash) error { return tx.del(invitesBucket, h[:]) }

// Invites calls fn for each invite, in the order of their hashes, until it
// returns an error, which comes back. fn must not change invites.
func (tx *Tx) Invites(fn func(Hash, Invite) error) error {
	return tx.scan(invitesBucket, nil, func(key, value []byte) error {
		var i Invite
		if len(key) != len(Hash{}) || json.Unmarshal(value, &i) != nil {
			return damagedRecord(invitesBucket, key)
		}
		return fn(Hash(key), i)
	})
}
