package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// RevokeHook ends an incoming webhook and deactivates its bot. The result is
// [Revoked].
type RevokeHook struct{ ID string }

func prepareRevokeHook(_ Env, args []byte) (Op, string, error) {
	h, err := decode[wire.HookRef](args)
	return RevokeHook{ID: h.ID}, "", err
}

func (RevokeHook) command() string { return wire.CmdRevokeHook }

func (op RevokeHook) apply(c *change) (any, error) {
	_, hook, err := c.tx.HookByID(op.ID)
	if errors.Is(err, store.ErrNotExist) {
		return nil, wire.Errorf(wire.CodeNotFound, "There is no such webhook.")
	}
	if err != nil {
		return nil, err
	}
	if hook.Creator != c.actor.ID && !moderates(c.actor.User) {
		return nil, wire.Errorf(wire.CodeForbidden, "This webhook is somebody else's.")
	}
	bot, err := c.tx.User(hook.User)
	if err != nil {
		return nil, err
	}
	e := wire.AuditEntry{Action: wire.AuditRevokeHook, User: bot.ID, Room: hook.Room}
	if err := c.audit(e, "revoked the webhook of the bot %s", bot.Name); err != nil {
		return nil, err
	}
	tokens, err := c.endBot(bot)
	return Revoked{Credentials: tokens, Result: wire.Empty{}}, err
}

// endBot deactivates a bot, with all by which it could be spoken for or to, and
// gives the hashes of its tokens.
func (c *change) endBot(bot store.User) ([]store.Hash, error) {
	tokens, err := c.endTokens(bot.ID)
	if err != nil {
		return nil, err
	}
	if err := c.endHooks(bot.ID); err != nil {
		return nil, err
	}
	bot.Deactivated = true
	if err := c.tx.PutUser(bot); err != nil {
		return nil, err
	}
	return tokens, c.announceUser(bot.User)
}

// endHooks ends the webhooks of a bot, incoming and outgoing.
func (c *change) endHooks(bot string) error {
	var ended []store.Hash
	err := c.tx.Hooks(func(h store.Hash, k store.Hook) error {
		if k.User == bot {
			ended = append(ended, h)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, h := range ended {
		if err := c.tx.DeleteHook(h); err != nil {
			return err
		}
	}
	return c.tx.DeleteWebhook(bot)
}
