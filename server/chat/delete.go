package chat

import "parley/shared/wire"

// Delete takes away what a message says and keeps its place. Authors delete
// their own messages, owner and admins everybody's, but not between the two of
// a direct room. The result is the [wire.Message]; deleting again changes
// nothing.
//
// From then on nobody gets the text any more: not from history, nor the files, not from what
// the message said before it was edited, and not from the log, which gives the
// message's older events without it.
type Delete struct {
	Room string
	Seq  uint64
}

func prepareDelete(_ Env, args []byte) (Op, string, error) {
	d, err := decode[wire.Delete](args)
	return Delete{Room: d.Room, Seq: d.Seq}, "", err
}

func (Delete) command() string { return wire.CmdDelete }

func (op Delete) apply(c *change) (any, error) {
	room, member, err := find(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	m, err := findMessage(c.tx, room, op.Seq)
	if err != nil {
		return nil, err
	}
	own := m.Author == c.actor.ID
	switch {
	case own && !member:
		return nil, joinFirst()
	case !own && !wire.Moderates(c.actor.User, room.Room):
		return nil, wire.Errorf(wire.CodeForbidden, "This message is somebody else's.")
	case room.Archived:
		return nil, isArchived()
	case m.Deleted != 0:
		return c.shown(m), nil
	}
	if !own {
		if err := c.auditDelete(m); err != nil {
			return nil, err
		}
	}
	return c.remove(m)
}

// remove takes the message's text away.
func (c *change) remove(m wire.Message) (any, error) {
	if err := c.moveMentions(m, nil, false); err != nil {
		return nil, err
	}
	if err := c.tx.DeleteRevisions(m.Room, m.Seq); err != nil {
		return nil, err
	}
	now, err := c.logTime()
	if err != nil {
		return nil, err
	}
	for _, f := range m.Files {
		if err := c.tx.DropFile(f.ID); err != nil {
			return nil, err
		}
	}
	m.Text, m.HTML, m.Edited, m.Deleted = "", "", 0, now
	m.Files, m.Reactions, m.Mentions, m.MentionsAll = nil, nil, nil, false
	return c.revise(m)
}
