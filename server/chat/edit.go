package chat

import "parley/shared/wire"

// Edit gives a message of the actor's another text. The result is the
// [wire.Message]; the same text again changes nothing. Of two edits at once the
// later wins, and both authors' devices see both.
type Edit struct {
	Room  string
	Seq   uint64
	Text  string
	HTML  string     // of the text
	Names [][]string // see mentionPlaces
}

func prepareEdit(v Env, args []byte) (Op, string, error) {
	e, err := decode[wire.Edit](args)
	if err != nil {
		return nil, "", err
	}
	if e.Text, err = cleanCaption(e.Text, true); err != nil {
		return nil, "", err
	}
	html, prose := v.markup(e.Text)
	return Edit{Room: e.Room, Seq: e.Seq, Text: e.Text, HTML: html, Names: mentionPlaces(prose)}, "", nil
}

func (Edit) command() string { return wire.CmdEdit }

// size counts the text three times: in the message, in the event, and what it
// replaces.
func (op Edit) size() int { return 3 * (len(op.Text) + len(op.HTML)) }

func (op Edit) apply(c *change) (any, error) {
	room, err := findOpen(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	m, err := findMessage(c.tx, room, op.Seq)
	switch {
	case err != nil:
		return nil, err
	case m.Author != c.actor.ID:
		return nil, wire.Errorf(wire.CodeForbidden, "Only its author can edit a message.")
	case m.Deleted != 0:
		return nil, isDeleted()
	case op.Text == "" && len(m.Files) == 0:
		return nil, textEmpty()
	case m.Text == op.Text:
		return m, nil
	}
	n, err := c.tx.CountRevisions(op.Room, op.Seq)
	if err != nil {
		return nil, err
	}
	if n >= wire.MaxRevisions {
		return nil, wire.Errorf(wire.CodeConflict, "The message has been edited %d times. Write a new one.", n)
	}
	return op.replace(c, m)
}

// replace keeps what the message said and gives it the new text.
func (op Edit) replace(c *change, m wire.Message) (any, error) {
	mentions, all, err := c.mentioned(op.Room, op.Names)
	if err != nil {
		return nil, err
	}
	written := m.Time
	if m.Edited != 0 {
		written = m.Edited
	}
	if err := c.tx.PutRevision(op.Room, op.Seq, wire.Revision{Rev: m.Rev, Time: written, Text: m.Text}); err != nil {
		return nil, err
	}
	if err := c.moveMentions(m, mentions, all); err != nil {
		return nil, err
	}
	m.Text, m.HTML, m.Mentions, m.MentionsAll = op.Text, op.HTML, mentions, all
	if m.Edited, err = c.logTime(); err != nil {
		return nil, err
	}
	return c.revise(m)
}
