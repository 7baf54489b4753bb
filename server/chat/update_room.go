package chat

import (
	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// UpdateRoom changes what is not nil. The result is the [wire.Room].
//
// Owner, admins and the room's creator may change everything; of a public room
// its other members the topic, of a private one the topic and the name. Guests
// may change nothing, and nobody archives the lobby.
type UpdateRoom struct {
	Room     string
	Name     *string
	Topic    *string
	Archived *bool
}

func prepareUpdateRoom(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.UpdateRoom](args)
	if err != nil {
		return nil, "", err
	}
	op := UpdateRoom{Room: r.Room, Archived: r.Archived}
	if r.Name != nil {
		name, err := names.Clean("room name", *r.Name)
		if err != nil {
			return nil, "", err
		}
		op.Name = &name
	}
	if r.Topic != nil {
		topic, err := cleanTopic(*r.Topic)
		if err != nil {
			return nil, "", err
		}
		op.Topic = &topic
	}
	return op, "", nil
}

func (UpdateRoom) command() string { return wire.CmdUpdateRoom }

func (op UpdateRoom) apply(c *change) (any, error) {
	room, member, err := find(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	if err := op.check(c, room, member); err != nil {
		return nil, err
	}
	after := op.after(room)
	if after.Name == room.Name && after.Topic == room.Topic && after.Archived == room.Archived {
		return c.roomFor(room, member)
	}
	if after.Kind == wire.KindPublic {
		if err := roomNameFree(c.tx, after.Name, room.ID); err != nil {
			return nil, err
		}
	}
	if err := c.tx.PutRoom(after); err != nil {
		return nil, err
	}
	if err := c.announce(store.ToRoom(room.ID), wire.Event{Room: &after.Room}); err != nil {
		return nil, err
	}
	if err := op.audit(c, room, after); err != nil {
		return nil, err
	}
	return c.roomFor(after, member)
}

// check refuses who may not change what is to be changed.
func (op UpdateRoom) check(c *change, room store.Room, member bool) error {
	everything := runs(c.actor.User, room)
	switch {
	case room.Kind == wire.KindDirect:
		return wire.Errorf(wire.CodeForbidden, "A direct room has neither name nor topic, and cannot be archived.")
	case !member && !everything:
		return joinFirst()
	case op.Archived != nil && room.ID == wire.Lobby:
		return wire.Errorf(wire.CodeForbidden, "The lobby cannot be archived.")
	case op.Archived != nil && !everything:
		return mayNotRun("archive the room")
	case op.Name != nil && room.Kind == wire.KindPublic && !everything:
		return mayNotRun("rename the room")
	case room.Archived && (op.Archived == nil || *op.Archived) && (op.Name != nil || op.Topic != nil):
		return isArchived()
	}
	return nil
}

func (op UpdateRoom) after(room store.Room) store.Room {
	if op.Name != nil {
		room.Name = *op.Name
	}
	if op.Topic != nil {
		room.Topic = *op.Topic
	}
	if op.Archived != nil {
		room.Archived = *op.Archived
	}
	return room
}

// audit notes everything but a topic, which is conversation.
func (op UpdateRoom) audit(c *change, before, after store.Room) error {
	if after.Name != before.Name {
		e := wire.AuditEntry{Action: wire.AuditUpdateRoom, Room: after.ID}
		text := "renamed a private room"
		if after.Kind == wire.KindPublic {
			text = "renamed the room " + before.Name + " to " + after.Name
		}
		if err := c.audit(e, "%s", text); err != nil {
			return err
		}
	}
	switch {
	case after.Archived == before.Archived:
		return nil
	case after.Archived:
		return c.audit(wire.AuditEntry{Action: wire.AuditArchiveRoom, Room: after.ID}, "archived %s", called(after.Room))
	}
	return c.audit(wire.AuditEntry{Action: wire.AuditUnarchiveRoom, Room: after.ID}, "opened %s again", called(after.Room))
}

// runs tells who decides about a room: owner, admins, and who made it, as long
// as that is no guest.
func runs(u wire.User, room store.Room) bool {
	return moderates(u) || room.Creator == u.ID && u.Role != wire.RoleGuest
}

func mayNotRun(what string) error {
	return wire.Errorf(wire.CodeForbidden, "Only owner, admins and who made the room can %s.", what)
}

// roomFor is a room as who is in it sees it, and who is not.
func (c *change) roomFor(room store.Room, member bool) (any, error) {
	if !member {
		return room.Room, nil
	}
	return c.roomNow(room.ID)
}
