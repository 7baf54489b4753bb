package store

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
