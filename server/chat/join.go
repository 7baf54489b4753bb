package chat

import "parley/shared/wire"

// Join puts the actor into a public room, also into one that is archived: there
// one reads. The result is the [wire.Room]; who is in it already gets it as well.
type Join struct{ Room string }

func prepareJoin(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.RoomRef](args)
	return Join{Room: r.Room}, "", err
}

func (Join) command() string { return wire.CmdJoin }

func (op Join) apply(c *change) (any, error) {
	_, member, err := find(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	if !member { // so it is public, or find would not have told
		if err := c.enter(op.Room, c.actor); err != nil {
			return nil, err
		}
	}
	return c.roomNow(op.Room)
}
