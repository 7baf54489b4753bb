package chat

import (
	"cmp"
	"fmt"

	"parley/shared/wire"
)

// commandLine is whoever runs the server, and is nobody here: who an entry without
// an actor is by.
const commandLine = "The server's command line"

// audit notes what the actor has done. The words are as of now: names change,
// and the log does not.
func (c *change) audit(e wire.AuditEntry, format string, args ...any) error {
	now, err := c.logTime()
	if err != nil {
		return err
	}
	e.Time, e.Actor = now, c.actor.ID
	e.Text = cmp.Or(c.actor.Name, commandLine) + " " + fmt.Sprintf(format, args...) + "."
	return c.tx.AppendAudit(e)
}

// auditDelete notes that the actor removes somebody else's message.
func (c *change) auditDelete(m wire.Message) error {
	author, err := c.tx.User(m.Author)
	if err != nil {
		return err
	}
	room, err := c.tx.Room(m.Room)
	if err != nil {
		return err
	}
	return c.audit(wire.AuditEntry{Action: wire.AuditDelete, User: m.Author, Room: m.Room, Seq: m.Seq},
		"removed message %d of %s from %s", m.Seq, author.Name, called(room.Room))
}

// called is a room in words. The names of private ones are not for everybody
// who reads the audit log.
func called(r wire.Room) string {
	if r.Kind == wire.KindPublic {
		return "the room " + r.Name
	}
	return "a private room"
}
