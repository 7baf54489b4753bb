package chat

import (
	"parley/server/store"
	"parley/shared/wire"
)

// Leave takes the actor out of a room. The result is the [wire.Room] without
// its members; who is not in a public room gets it as well.
type Leave struct{ Room string }

func prepareLeave(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.RoomRef](args)
	return Leave{Room: r.Room}, "", err
}

func (Leave) command() string { return wire.CmdLeave }

func (op Leave) apply(c *change) (any, error) {
	room, member, err := find(c.tx, c.actor.User, op.Room)
	switch {
	case err != nil:
		return nil, err
	case room.ID == wire.Lobby:
		return nil, wire.Errorf(wire.CodeForbidden, "Nobody leaves the lobby.")
	case room.Kind == wire.KindDirect:
		return nil, wire.Errorf(wire.CodeForbidden, "Nobody leaves a direct room. Mute it instead.")
	case !member:
		return room.Room, nil
	}
	return room.Room, c.depart(op.Room, c.actor.ID)
}

// depart takes a member out of a room and tells so.
func (c *change) depart(room, user string) error {
	if err := c.tx.RemoveMember(room, user); err != nil {
		return err
	}
	// First of all, as the leaver's view of the room ends with this event.
	left := wire.Member{Room: room, User: user, Left: true}
	return c.announce(store.ToRoom(room), wire.Event{Member: &left})
}
