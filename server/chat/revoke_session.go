package chat

import "parley/shared/wire"

// RevokeSession ends one of the actor's own logins. The result is [Revoked].
type RevokeSession struct{ ID string }

func prepareRevokeSession(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.SessionRef](args)
	return RevokeSession{ID: r.ID}, "", err
}

func (RevokeSession) command() string { return wire.CmdRevokeSession }

func (op RevokeSession) apply(c *change) (any, error) {
	logins, err := c.tx.Logins(c.actor.ID)
	if err != nil {
		return nil, err
	}
	for _, l := range logins {
		if l.Hash.ID() == op.ID {
			return revoked(l.Hash), c.tx.DeleteSession(l.Hash)
		}
	}
	return nil, wire.Errorf(wire.CodeNotFound, "There is no such login.")
}
