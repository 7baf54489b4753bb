package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// Send stores a message. The result is the [wire.Message].
type Send struct {
	Room    string
	Text    string
	HTML    string // of the text
	Nonce   string
	ReplyTo uint64
	Files   []string   // ids
	Hash    store.Hash // of the content: room, text, what it answers, and files
	Names   [][]string // see mentionPlaces
}

func prepareSend(v Env, args []byte) (Op, string, error) {
	s, err := decode[wire.Send](args)
	if err != nil {
		return nil, "", err
	}
	if err := wire.CheckNonce(s.Nonce); err != nil {
		return nil, "", err
	}
	if s.Text, err = cleanCaption(s.Text, len(s.Files) > 0); err != nil {
		return nil, "", err
	}
	if err := checkFiles(s.Files); err != nil {
		return nil, "", err
	}
	content := wire.Encode(wire.Send{Room: s.Room, Text: s.Text, ReplyTo: s.ReplyTo, Files: s.Files})
	html, prose := v.markup(s.Text)
	return Send{
		Room: s.Room, Text: s.Text, HTML: html, Nonce: s.Nonce, ReplyTo: s.ReplyTo, Files: s.Files,
		Hash: store.HashOf(string(content)), Names: mentionPlaces(prose),
	}, "", nil
}

func (Send) command() string { return wire.CmdSend }

// size counts the text twice: it is stored in the message and in the event.
func (op Send) size() int { return 2 * (len(op.Text) + len(op.HTML) + len(op.Files)*smallEntry) }

func (op Send) apply(c *change) (any, error) {
	// The nonce comes before the room: an answer lost on the way is given again
	// even to somebody who has left since.
	if first, err := c.sentBefore(op); err != nil || first != nil {
		return first, err
	}
	room, err := findOpen(c.tx, c.actor.User, op.Room)
	if err != nil {
		return nil, err
	}
	if op.ReplyTo > room.Head {
		return nil, wire.Errorf(wire.CodeBadRequest, "The room has no message %d to reply to.", op.ReplyTo)
	}
	files, err := c.ownFiles(op.Files)
	if err != nil {
		return nil, err
	}
	now, err := c.logTime()
	if err != nil {
		return nil, err
	}
	m := wire.Message{
		Files: files,
		Room:  op.Room, Seq: room.Head + 1, Author: c.actor.ID, Time: now,
		Text: op.Text, HTML: op.HTML, Nonce: op.Nonce, ReplyTo: op.ReplyTo,
	}
	mentions, all, err := c.mentioned(op.Room, op.Names)
	if err != nil {
		return nil, err
	}
	if err := c.moveMentions(m, mentions, all); err != nil {
		return nil, err
	}
	m.Mentions, m.MentionsAll = mentions, all
	return c.store(m, op.Hash)
}

// sentBefore is the message that this nonce has been answered with, nil when
// there is none.
func (c *change) sentBefore(op Send) (any, error) {
	n, err := c.tx.Nonce(c.actor.ID, op.Nonce)
	if errors.Is(err, store.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if n.Hash != op.Hash {
		return nil, wire.Errorf(wire.CodeConflict, "This nonce was used for another message.")
	}
	m, err := c.tx.Message(n.Room, n.Seq)
	if err != nil {
		return nil, err
	}
	if _, _, err = find(c.tx, c.actor.User, n.Room); wire.CodeFrom(err) == wire.CodeNotFound {
		return op.asSent(m), nil
	}
	return m, err
}

// asSent is a message of this op as it was at first: what has become of it since
// is not for an author who may not know of the room any more.
func (op Send) asSent(m wire.Message) wire.Message {
	if m.Rev == 0 {
		return m
	}
	return wire.Message{
		Room: m.Room, Seq: m.Seq, Author: m.Author, Time: m.Time,
		Text: op.Text, HTML: op.HTML, Nonce: op.Nonce, ReplyTo: op.ReplyTo,
		Files: m.Files, // they never change; with the message they go
	}
}

func (c *change) store(m wire.Message, content store.Hash) (any, error) {
	if err := c.tx.PutMessage(m); err != nil {
		return nil, err
	}
	for _, f := range m.Files {
		if err := c.tx.AttachFile(f.ID, m.Room, m.Seq); err != nil {
			return nil, err
		}
	}
	if err := c.tx.PutNonce(m.Author, m.Nonce, store.Nonce{Room: m.Room, Seq: m.Seq, Hash: content}); err != nil {
		return nil, err
	}
	// Who says something has read what came before. Their devices take that from
	// the message itself.
	if err := c.tx.PutRead(m.Author, m.Room, m.Seq); err != nil {
		return nil, err
	}
	return m, c.tell(m)
}
