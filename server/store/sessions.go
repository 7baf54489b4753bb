package store

import (
	"encoding/json"
	"errors"
)

// Session is the login session whose token has that hash, or ErrNotExist. It
// may have expired.
func (tx *Tx) Session(h Hash) (Session, error) {
	var s Session
	err := tx.getJSON(sessionsBucket, h[:], &s)
	return s, err
}

// PutSession stores a login session, which stays its user's.
func (tx *Tx) PutSession(h Hash, s Session) error {
	if err := tx.putJSON(sessionsBucket, h[:], s); err != nil {
		return err
	}
	return tx.put(loginsBucket, pair(s.User, string(h[:])), nil)
}

// DeleteSession deletes a login session, if it is there.
func (tx *Tx) DeleteSession(h Hash) error {
	s, err := tx.Session(h)
	if errors.Is(err, ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.del(loginsBucket, pair(s.User, string(h[:]))); err != nil {
		return err
	}
	return tx.del(sessionsBucket, h[:])
}

// Login is a session of a user and the hash of its token.
type Login struct {
	Hash Hash
	Session
}

// Logins are the sessions of a user, ascending by hash. Some may have expired.
func (tx *Tx) Logins(user string) ([]Login, error) {
	var logins []Login
	err := tx.scan(loginsBucket, pair(user, ""), func(key, _ []byte) error {
		if len(key) != len(Hash{}) {
			return damagedRecord(loginsBucket, key)
		}
		l := Login{Hash: Hash(key)}
		value, err := tx.get(sessionsBucket, key)
		if err != nil || json.Unmarshal(value, &l.Session) != nil {
			return damagedRecord(sessionsBucket, key)
		}
		logins = append(logins, l)
		return nil
	})
	return logins, err
}
