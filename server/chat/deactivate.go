package chat

import (
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

// Deactivate shuts a user out: logins and tokens end at once, and so do the bots
// that the user has made. The name stays, and what was said. The result is
// [Revoked] with the [wire.User].
type Deactivate struct{ User string }

func prepareDeactivate(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.UserRef](args)
	return Deactivate{User: r.User}, "", err
}

func (Deactivate) command() string { return wire.CmdDeactivate }

func (op Deactivate) apply(c *change) (any, error) {
	u, err := findUser(c.tx, op.User)
	switch {
	case err != nil:
		return nil, err
	case u.ID == c.actor.ID: // so there is always an owner left
		return nil, wire.Errorf(wire.CodeForbidden, "Nobody deactivates themselves.")
	case !manages(c.actor.User, u.User):
		return nil, notYours()
	case u.Deactivated:
		return u.User, nil
	}
	ended, err := c.endLogins(u.ID, store.Hash{})
	if err != nil {
		return nil, err
	}
	tokens, err := c.endTokens(u.ID)
	if err != nil {
		return nil, err
	}
	if err := c.endHooks(u.ID); err != nil {
		return nil, err
	}
	if err := c.audit(wire.AuditEntry{Action: wire.AuditDeactivate, User: u.ID}, "deactivated %s", u.Name); err != nil {
		return nil, err
	}
	u.Deactivated = true
	result, err := c.putUser(u)
	if err != nil {
		return nil, err
	}
	bots, err := c.endBotsOf(u.ID)
	return Revoked{Credentials: slices.Concat(ended, tokens, bots), Result: result}, err
}

// endBotsOf deactivates the bots that a user has made, as the user knows their
// tokens and webhooks, and gives the hashes of what has ended.
func (c *change) endBotsOf(maker string) ([]store.Hash, error) {
	var bots []store.User
	err := c.tx.Users(func(u store.User) error {
		if u.Role == wire.RoleBot && u.Creator == maker && !u.Deactivated {
			bots = append(bots, u)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var ended []store.Hash
	for _, bot := range bots {
		if err := c.audit(wire.AuditEntry{Action: wire.AuditDeactivate, User: bot.ID}, "deactivated %s", bot.Name); err != nil {
			return nil, err
		}
		tokens, err := c.endBot(bot)
		if err != nil {
			return nil, err
		}
		ended = append(ended, tokens...)
	}
	return ended, nil
}

// endTokens ends the API tokens of a bot and gives their hashes.
func (c *change) endTokens(bot string) ([]store.Hash, error) {
	var ended []store.Hash
	err := c.tx.Tokens(func(h store.Hash, t store.Token) error {
		if t.User == bot {
			ended = append(ended, h)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, h := range ended {
		if err := c.tx.DeleteToken(h); err != nil {
			return nil, err
		}
	}
	return ended, nil
}

// Reactivate lets a person in again, with the password that they had. The
// result is the [wire.User].
type Reactivate struct{ User string }

func prepareReactivate(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.UserRef](args)
	return Reactivate{User: r.User}, "", err
}

func (Reactivate) command() string { return wire.CmdReactivate }

func (op Reactivate) apply(c *change) (any, error) {
	u, err := findUser(c.tx, op.User)
	switch {
	case err != nil:
		return nil, err
	case !manages(c.actor.User, u.User):
		return nil, notYours()
	case u.Role == wire.RoleBot:
		return nil, wire.Errorf(wire.CodeConflict, "Make a new token for the bot instead.")
	case !u.Deactivated:
		return u.User, nil
	}
	if err := c.audit(wire.AuditEntry{Action: wire.AuditReactivate, User: u.ID}, "let %s in again", u.Name); err != nil {
		return nil, err
	}
	u.Deactivated = false
	return c.putUser(u)
}
