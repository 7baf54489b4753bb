package chat

import (
	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// CreateHook makes a bot that a program can speak as in one room, by nothing but
// an address. The result is the [wire.Hook] without it.
type CreateHook struct {
	ID   string // of the webhook
	Room string
	Bot  string // its user id, if it is new
	Name string
	Hash store.Hash
}

func prepareCreateHook(v Env, args []byte) (Op, string, error) {
	h, err := decode[wire.CreateHook](args)
	if err != nil {
		return nil, "", err
	}
	op := CreateHook{Room: h.Room}
	if op.Name, err = names.Clean("name", h.Name); err != nil {
		return nil, "", err
	}
	if op.ID, err = v.id(); err != nil {
		return nil, "", err
	}
	if op.Bot, err = v.id(); err != nil {
		return nil, "", err
	}
	var secret string
	secret, op.Hash, err = v.secret("")
	return op, secret, err
}

func (CreateHook) command() string { return wire.CmdCreateHook }

func (op CreateHook) apply(c *change) (any, error) {
	room, err := findOpen(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	if room.Kind == wire.KindDirect {
		return nil, staysDirect()
	}
	bot, err := c.newBot(op.Bot, op.Name)
	if err != nil {
		return nil, err
	}
	if err := c.enterOnce(room.ID, bot); err != nil {
		return nil, err
	}
	e := wire.AuditEntry{Action: wire.AuditCreateHook, User: bot, Room: room.ID}
	if err := c.audit(e, "made a webhook for the bot %s in %s", op.Name, called(room.Room)); err != nil {
		return nil, err
	}
	return wire.Hook{ID: op.ID, User: bot}, c.tx.PutHook(op.Hash, store.Hook{
		ID: op.ID, User: bot, Room: room.ID, Creator: c.actor.ID, Created: c.entry.Time,
	})
}

// enterOnce puts a user into a room, unless they are in it.
func (c *change) enterOnce(room, user string) error {
	member, err := c.tx.IsMember(room, user)
	if err != nil || member {
		return err
	}
	u, err := c.tx.User(user)
	if err != nil {
		return err
	}
	return c.enter(room, u)
}
