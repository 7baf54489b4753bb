package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// SetNotify stores what the actor wants to be told of in a room, or in all that
// have no choice of their own. The result is the [wire.Notify].
type SetNotify struct{ Notify wire.Notify }

func prepareSetNotify(_ Env, args []byte) (Op, string, error) {
	n, err := decode[wire.Notify](args)
	if err != nil {
		return nil, "", err
	}
	switch n.Level {
	case wire.NotifyAll, wire.NotifyMentions, wire.NotifyNothing:
		if n.Room == "" && n.Muted {
			return nil, "", wire.Errorf(wire.CodeBadRequest, "The level is for all rooms: mute one, by its name.")
		}
		return SetNotify{Notify: n}, "", nil
	case "":
		if n.Room != "" {
			return SetNotify{Notify: n}, "", nil
		}
	}
	return nil, "", wire.Errorf(wire.CodeBadRequest, `The level is "all", "mentions" or "nothing".`)
}

func (SetNotify) command() string { return wire.CmdSetNotify }

func (op SetNotify) apply(c *change) (any, error) {
	if op.Notify.Room != "" {
		if _, err := findJoined(c.tx, c.actor.User, op.Notify.Room); err != nil {
			return nil, err
		}
	}
	was, err := c.tx.Notify(c.actor.ID, op.Notify.Room)
	if err != nil && !errors.Is(err, store.ErrNotExist) {
		return nil, err
	}
	if was == op.Notify {
		return was, nil
	}
	if err := c.tx.PutNotify(c.actor.ID, op.Notify); err != nil {
		return nil, err
	}
	return op.Notify, c.announce(store.ToUser(c.actor.ID), wire.Event{Notify: &op.Notify})
}
