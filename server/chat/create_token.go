package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// CreateToken makes a bot and the token that lets a program act as it, or
// gives a new token to a bot that was revoked (see newBot). The result is the
// [wire.Token] without the secret.
type CreateToken struct {
	ID   string // of the token
	Bot  string // its user id, if it is new
	Name string
	Hash store.Hash
}

func prepareCreateToken(v Env, args []byte) (Op, string, error) {
	t, err := decode[wire.CreateToken](args)
	if err != nil {
		return nil, "", err
	}
	op := CreateToken{}
	if op.Name, err = names.Clean("name", t.Name); err != nil {
		return nil, "", err
	}
	if op.ID, err = v.id(); err != nil {
		return nil, "", err
	}
	if op.Bot, err = v.id(); err != nil {
		return nil, "", err
	}
	var secret string
	secret, op.Hash, err = v.secret(tokenPrefix)
	return op, secret, err
}

func (CreateToken) command() string { return wire.CmdCreateToken }

func (op CreateToken) apply(c *change) (any, error) {
	bot, err := c.newBot(op.Bot, op.Name)
	if err != nil {
		return nil, err
	}
	if err := c.audit(wire.AuditEntry{Action: wire.AuditCreateToken, User: bot}, "made a token for the bot %s", op.Name); err != nil {
		return nil, err
	}
	return wire.Token{ID: op.ID}, c.tx.PutToken(op.Hash, store.Token{
		ID: op.ID, User: bot, Creator: c.actor.ID, Created: c.entry.Time,
	})
}

// newBot is the id of a bot of that name: a new one, or one that was deactivated
// and now comes back. Such a one must be the actor's; owner and admins take over
// those of others.
func (c *change) newBot(id, name string) (string, error) {
	u, err := c.tx.UserByName(name)
	switch {
	case errors.Is(err, store.ErrNotExist):
		return id, c.addUser(store.User{
			User:    wire.User{ID: id, Name: name, Role: wire.RoleBot},
			Creator: c.actor.ID, Created: c.entry.Time,
		})
	case err != nil:
		return "", err
	case u.Role != wire.RoleBot || !u.Deactivated || u.Creator != c.actor.ID && !moderates(c.actor.User):
		return "", nameTaken()
	}
	u.Deactivated, u.Creator, u.Name = false, c.actor.ID, name
	if err := c.tx.PutUser(u); err != nil {
		return "", err
	}
	return u.ID, c.announceUser(u.User)
}

func nameTaken() error {
	return wire.Errorf(wire.CodeConflict, "The name is taken.")
}
