package chat

import (
	"parley/server/store"
	"parley/shared/wire"
)

// Unread moves the actor's read marker of a room back to before a message, on
// purpose. The result is [wire.Empty]; a marker that is there or before stays.
type Unread struct {
	Room string
	Seq  uint64
}

func prepareUnread(_ Env, args []byte) (Op, string, error) {
	u, err := decode[wire.Unread](args)
	if err == nil && u.Seq == 0 {
		err = wire.Errorf(wire.CodeBadRequest, "Messages are counted from 1.")
	}
	return Unread{Room: u.Room, Seq: u.Seq}, "", err
}

func (Unread) command() string { return wire.CmdUnread }

func (op Unread) apply(c *change) (any, error) {
	if _, err := findJoined(c.tx, c.actor.User, op.Room); err != nil {
		return nil, err
	}
	was, err := c.tx.Read(c.actor.ID, op.Room)
	if err != nil || was < op.Seq {
		return wire.Empty{}, err
	}
	if err := c.tx.PutRead(c.actor.ID, op.Room, op.Seq-1); err != nil {
		return nil, err
	}
	mentions, err := c.tx.Mentions(c.actor.ID, op.Room, op.Seq-1, wire.MaxUnreadMentions)
	if err != nil {
		return nil, err
	}
	back := wire.Read{Room: op.Room, Seq: op.Seq - 1, Back: true, Mentions: mentions}
	return wire.Empty{}, c.announce(store.ToUser(c.actor.ID), wire.Event{Read: &back})
}
