package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// Renew moves the end of a session. The result is [wire.Empty].
type Renew struct {
	Session store.Hash
	Expires wire.Time
}

// Renew prepares that the actor's session lives [SessionLife] from now.
func (v Env) Renew(a Actor) Call {
	return v.call(a.User.ID, Renew{Session: a.Credential, Expires: v.now().Add(SessionLife)}, "")
}

// NeedsRenewal tells whether the actor's session was opened or renewed more
// than a day before now. API tokens never need it.
func (a Actor) NeedsRenewal(now wire.Time) bool {
	return a.Expires != 0 && a.Expires.Sub(now) < SessionLife-renewAfter
}

func (op Renew) apply(c *change) (any, error) {
	s, err := c.tx.Session(op.Session)
	if errors.Is(err, store.ErrNotExist) || (err == nil && s.Expires <= c.entry.Time) {
		return nil, unauthenticated()
	}
	if err != nil {
		return nil, err
	}
	if op.Expires <= s.Expires { // another tab was faster
		return wire.Empty{}, nil
	}
	s.Expires = op.Expires
	return wire.Empty{}, c.tx.PutSession(op.Session, s)
}
