package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// Logout ends a session. The result is [Revoked], or [wire.Empty] when there
// was no such session any more.
type Logout struct{ Session store.Hash }

// Logout prepares the end of the actor's own session.
func (v Env) Logout(a Actor) Call {
	return v.call(a.User.ID, Logout{Session: a.Credential}, "")
}

func (op Logout) apply(c *change) (any, error) {
	_, err := c.tx.Session(op.Session)
	if errors.Is(err, store.ErrNotExist) {
		return wire.Empty{}, nil
	}
	if err != nil {
		return nil, err
	}
	return revoked(op.Session), c.tx.DeleteSession(op.Session)
}
