package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strconv"

	"parley/shared/wire"
)

// A message's events stay in the log as they were appended, and so would what
// it said before it was edited or deleted. So each message whose text has
// changed has a record in the bucket changed: the rev from which on its events
// are true, and the newest offset before that. Who reads the log gets older
// events of the message with the text of today. With the last of those events
// the record goes too.

func changedKey(room string, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(pair(room, ""), seq)
}

// noteChange compares a message with what it replaces.
func (tx *Tx) noteChange(m wire.Message) error {
	old, err := tx.Message(m.Room, m.Seq)
	if err != nil {
		return err
	}
	if old.Text == m.Text && old.Deleted == m.Deleted {
		return nil
	}
	value := binary.BigEndian.AppendUint64(nil, m.Rev)
	return tx.put(changedBucket, changedKey(m.Room, m.Seq), binary.BigEndian.AppendUint64(value, tx.End()))
}

// changes corrects events while a log is read.
type changes struct {
	tx   *Tx
	none bool // no message has changed

	room string // of the event before
	head []byte // what the message events of that room begin with
}

func (tx *Tx) changes() *changes {
	k, _ := tx.bucket(changedBucket).Cursor().First()
	return &changes{tx: tx, none: k == nil}
}

// correct gives e the text that its message has now.
func (c *changes) correct(e *Event) error {
	if c.none || e.Audience.Kind != AudienceRoom {
		return nil
	}
	seq, ok := c.messageSeq(e)
	if !ok {
		return nil
	}
	value, err := c.tx.get(changedBucket, changedKey(e.Audience.ID, seq))
	switch {
	case errors.Is(err, ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(value) != 16:
		return damagedRecord(changedBucket, changedKey(e.Audience.ID, seq))
	}
	var event wire.Event
	if json.Unmarshal(e.Data, &event) != nil || event.Message == nil {
		return damagedRecord(logBucket, offsetKey(e.Offset))
	}
	if event.Message.Rev >= binary.BigEndian.Uint64(value) {
		return nil
	}
	now, err := c.tx.Message(e.Audience.ID, seq)
	if err != nil {
		return err
	}
	e.Data, e.Revised = wire.Encode(wire.Event{Message: asOfToday(event.Message, now)}), true
	return nil
}

// Withheld is a revised event for who is not in the room any more: the message
// keeps its place, and tells neither what it says now nor since when.
func (e Event) Withheld() (Event, error) {
	var event wire.Event
	if json.Unmarshal(e.Data, &event) != nil || event.Message == nil {
		return Event{}, damagedRecord(logBucket, offsetKey(e.Offset))
	}
	e.Data = wire.Encode(wire.Event{Message: asOfToday(event.Message, wire.Message{Deleted: event.Message.Time})})
	return e, nil
}

// asOfToday is an earlier revision with the text of the message now.
func asOfToday(m *wire.Message, now wire.Message) *wire.Message {
	m.Text, m.HTML, m.Edited, m.Deleted = now.Text, now.HTML, now.Edited, now.Deleted
	m.Mentions, m.MentionsAll = now.Mentions, now.MentionsAll
	if now.Deleted != 0 {
		m.Files, m.Reactions = nil, nil
	}
	return m
}

// messageSeq is the seq of the message that an event of a room tells of. It
// reads no further than that: most events are of messages that never changed.
func (c *changes) messageSeq(e *Event) (seq uint64, ok bool) {
	if c.room != e.Audience.ID {
		c.room = e.Audience.ID
		c.head = []byte(`{"message":{"room":` + string(wire.Encode(c.room)) + `,"seq":`)
	}
	rest, ok := bytes.CutPrefix(e.Data, c.head)
	if !ok {
		return 0, false
	}
	digits, _, ok := bytes.Cut(rest, []byte(","))
	if !ok {
		return 0, false
	}
	seq, err := strconv.ParseUint(string(digits), 10, 64)
	return seq, err == nil
}

// sweepChanged drops the record of a message whose older events have left the log.
func sweepChanged(tx *Tx, _ wire.Time, key, value []byte) error {
	if len(value) != 16 {
		return damagedRecord(changedBucket, key)
	}
	if binary.BigEndian.Uint64(value[8:]) >= tx.First() {
		return nil
	}
	return tx.del(changedBucket, key)
}
