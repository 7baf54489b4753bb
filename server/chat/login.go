package chat

import (
	"context"
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// Login opens a session. The result is the [wire.User].
type Login struct {
	User    string
	Session store.Hash
	Expires wire.Time
}

// Login verifies name and password and prepares a session; the Secret is its
// token. Errors: unauthenticated, the same and after the same time for a name
// that is not there as for a wrong password; unavailable.
func (v Env) Login(ctx context.Context, q Queries, l wire.Login) (Call, error) {
	var u store.User
	err := q.DB.View(func(tx *store.Tx) (err error) {
		u, err = tx.UserByName(l.Name)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotExist) {
		return Call{}, err
	}
	ok, err := v.passwords().verify(ctx, u.Password, l.Password)
	if err != nil {
		return Call{}, err
	}
	if !ok || u.Deactivated {
		return Call{}, wrongPassword()
	}
	secret, hash, err := v.secret("")
	return v.call("", Login{User: u.ID, Session: hash, Expires: v.now().Add(SessionLife)}, secret), err
}

func wrongPassword() error {
	return wire.Errorf(wire.CodeUnauthenticated, "The name or the password is wrong.")
}

func (op Login) apply(c *change) (any, error) {
	u, err := active(c.tx, op.User)
	if wire.CodeFrom(err) == wire.CodeUnauthenticated {
		return nil, wrongPassword()
	}
	if err != nil {
		return nil, err
	}
	return u.User, c.signIn(op.User, op.Session, op.Expires)
}

// signIn opens a session of a user.
func (c *change) signIn(user string, session store.Hash, expires wire.Time) error {
	return c.tx.PutSession(session, store.Session{
		User: user, Created: c.entry.Time, Expires: expires, Device: c.entry.Device,
	})
}
