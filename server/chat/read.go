package chat

import (
	"parley/server/store"
	"parley/shared/wire"
)

// Read moves the actor's read marker of a room forward.
type Read struct {
	Room string
	Seq  uint64
}

func prepareRead(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.Read](args)
	return Read{Room: r.Room, Seq: r.Seq}, "", err
}

func (Read) command() string { return wire.CmdRead }

func (op Read) apply(c *change) (any, error) {
	room, err := findJoined(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	was, err := c.tx.Read(c.actor.ID, op.Room)
	if err != nil {
		return nil, err
	}
	seq := min(op.Seq, room.Head) // nobody has read what is not there yet
	if seq <= was {
		return wire.Empty{}, nil
	}
	if err := c.tx.PutRead(c.actor.ID, op.Room, seq); err != nil {
		return nil, err
	}
	moved := wire.Read{Room: op.Room, Seq: seq}
	return wire.Empty{}, c.announce(store.ToUser(c.actor.ID), wire.Event{Read: &moved})
}
