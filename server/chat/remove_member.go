package chat

import "parley/shared/wire"

// RemoveMember takes another user out of a room. Owner, admins and the room's
// creator may. The result is the [wire.Room]; who is not in it is out already.
type RemoveMember struct{ Room, User string }

func prepareRemoveMember(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.MemberRef](args)
	return RemoveMember{Room: r.Room, User: r.User}, "", err
}

func (RemoveMember) command() string { return wire.CmdRemoveMember }

func (op RemoveMember) apply(c *change) (any, error) {
	if op.User == c.actor.ID {
		return Leave{Room: op.Room}.apply(c)
	}
	room, member, err := find(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	u, err := findUser(c.tx, op.User)
	switch {
	case err != nil:
		return nil, err
	case room.Kind == wire.KindDirect:
		return nil, staysDirect()
	case room.ID == wire.Lobby:
		return nil, wire.Errorf(wire.CodeForbidden, "Everybody is in the lobby.")
	case !runs(c.actor.User, room):
		return nil, mayNotRun("remove somebody from it")
	}
	there, err := c.tx.IsMember(op.Room, op.User)
	if err != nil {
		return nil, err
	}
	if there {
		if err := c.depart(op.Room, op.User); err != nil {
			return nil, err
		}
		e := wire.AuditEntry{Action: wire.AuditRemoveMember, User: u.ID, Room: room.ID}
		if err := c.audit(e, "removed %s from %s", u.Name, called(room.Room)); err != nil {
			return nil, err
		}
	}
	return c.roomFor(room, member)
}
