package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// RevokeToken ends a token and deactivates its bot. The result is [Revoked].
type RevokeToken struct{ ID string }

func prepareRevokeToken(_ Env, args []byte) (Op, string, error) {
	t, err := decode[wire.TokenRef](args)
	return RevokeToken{ID: t.ID}, "", err
}

func (RevokeToken) command() string { return wire.CmdRevokeToken }

func (op RevokeToken) apply(c *change) (any, error) {
	_, token, err := c.tx.TokenByID(op.ID)
	if errors.Is(err, store.ErrNotExist) {
		return nil, wire.Errorf(wire.CodeNotFound, "There is no such token.")
	}
	if err != nil {
		return nil, err
	}
	if token.Creator != c.actor.ID && c.actor.Role == wire.RoleMember {
		return nil, wire.Errorf(wire.CodeForbidden, "This token is somebody else's.")
	}
	bot, err := c.tx.User(token.User)
	if err != nil {
		return nil, err
	}
	if err := c.audit(wire.AuditEntry{Action: wire.AuditRevokeToken, User: bot.ID}, "revoked the token of the bot %s", bot.Name); err != nil {
		return nil, err
	}
	tokens, err := c.endBot(bot)
	return Revoked{Credentials: tokens, Result: wire.Empty{}}, err
}
