package chat

import "parley/shared/wire"

// AddMember puts another user into a room that the actor is in. The result is
// the [wire.Room].
type AddMember struct{ Room, User string }

func prepareAddMember(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.MemberRef](args)
	return AddMember{Room: r.Room, User: r.User}, "", err
}

func (AddMember) command() string { return wire.CmdAddMember }

func (op AddMember) apply(c *change) (any, error) {
	room, err := findJoined(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	if room.Kind == wire.KindDirect {
		return nil, staysDirect()
	}
	if room.Archived {
		return nil, isArchived()
	}
	u, err := addable(c.tx, op.User)
	if err != nil {
		return nil, err
	}
	there, err := c.tx.IsMember(op.Room, op.User)
	if err != nil {
		return nil, err
	}
	if !there {
		if err := c.enter(op.Room, u); err != nil {
			return nil, err
		}
	}
	return c.roomNow(op.Room)
}
