package store

// Session is the login session whose token has that hash, or ErrNotExist. It
// may have expired.
func (tx *Tx) Session(h Hash) (Session, error) {
	var s Session
	err := tx.getJSON(sessionsBucket, h[:], &s)
	return s, err
}

// PutSession stores a login session.
func (tx *Tx) PutSession(h Hash, s Session) error { return tx.putJSON(sessionsBucket, h[:], s) }

// DeleteSession deletes a login session, if it is there.
func (tx *Tx) DeleteSession(h Hash) error { return tx.del(sessionsBucket, h[:]) }
