package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// findMessage is a message of a room that was found.
func findMessage(tx *store.Tx, room store.Room, seq uint64) (wire.Message, error) {
	m, err := tx.Message(room.ID, seq)
	if errors.Is(err, store.ErrNotExist) {
		return wire.Message{}, wire.Errorf(wire.CodeNotFound, "There is no such message.")
	}
	return m, err
}

func isDeleted() error { return wire.Errorf(wire.CodeConflict, "The message has been deleted.") }

// revise stores the next revision of a message and tells it to the room.
func (c *change) revise(m wire.Message) (any, error) {
	m.Rev++
	if err := c.tx.PutMessage(m); err != nil {
		return nil, err
	}
	return c.shown(m), c.tell(m)
}

// shown is a message as the actor gets to see it: the nonce is the author's.
func (c *change) shown(m wire.Message) wire.Message {
	if m.Author != c.actor.ID {
		m.Nonce = ""
	}
	return m
}

// tell appends a message's event.
func (c *change) tell(m wire.Message) error {
	e := store.Event{Audience: store.ToRoom(m.Room), Owner: m.Author, Nonce: m.Nonce}
	m.Nonce = ""
	e.Data = wire.Encode(wire.Event{Message: &m})
	return c.append(e)
}
