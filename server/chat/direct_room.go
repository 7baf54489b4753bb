package chat

import (
	"errors"
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

// DirectRoom finds the room of exactly these people and the actor, in whatever
// order, or makes it; with nobody else it is for notes to oneself. The result
// is the [wire.Room].
type DirectRoom struct {
	ID      string   // if it is new
	Members []string // ascending, each once; the actor may be among them
}

func prepareDirectRoom(v Env, r wire.CreateRoom) (Op, string, error) {
	if r.Name != "" || r.Topic != "" {
		return nil, "", wire.Errorf(wire.CodeBadRequest, "A direct room has neither name nor topic.")
	}
	slices.Sort(r.Members)
	r.Members = slices.Compact(r.Members)
	if len(r.Members) > wire.MaxDirect {
		return nil, "", tooManyForDirect()
	}
	id, err := v.id()
	return DirectRoom{ID: id, Members: r.Members}, "", err
}

func tooManyForDirect() error {
	return wire.Errorf(wire.CodeBadRequest, "A direct room is for at most %d people. Make a private room.", wire.MaxDirect)
}

func (DirectRoom) command() string { return wire.CmdCreateRoom }

func (op DirectRoom) size() int { return smallEntry * len(op.Members) }

func (op DirectRoom) apply(c *change) (any, error) {
	ids := append(slices.Clone(op.Members), c.actor.ID)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > wire.MaxDirect {
		return nil, tooManyForDirect()
	}
	room, err := c.tx.DirectRoom(ids)
	if err == nil {
		return c.roomNow(room)
	}
	if !errors.Is(err, store.ErrNotExist) {
		return nil, err
	}
	members, err := c.firstMembers(op.Members)
	if err != nil {
		return nil, err
	}
	err = c.tx.PutRoom(store.Room{
		Room:    wire.Room{ID: op.ID, Kind: wire.KindDirect, Creator: c.actor.ID},
		Created: c.entry.Time,
	})
	if err != nil {
		return nil, err
	}
	if err := c.tx.PutDirectRoom(ids, op.ID); err != nil {
		return nil, err
	}
	if err := c.enter(op.ID, members...); err != nil {
		return nil, err
	}
	return c.roomNow(op.ID)
}
