package client

import (
	"bytes"

	"parley/shared/wire"
)

// encodedLines are rooms' messages as they were last written: a room that is
// written every few seconds has a few more, and two hundred that are the same.
type encodedLines struct{ rooms map[string]encodedLine }

// encodedLine has messages by their seq.
type encodedLine map[uint64]encodedMessage

type encodedMessage struct {
	is   wire.Message
	json []byte
}

// of tells whether m is the message that was encoded. Where a backup has been put
// back, another one stands in its place, which is as new; and a newer server may
// render it otherwise.
func (e *encodedMessage) of(m *wire.Message) bool {
	return e.is.Rev == m.Rev && e.is.Time == m.Time && e.is.Text == m.Text && e.is.HTML == m.HTML
}

// line is a [wire.MessageList] of as many of a room's newest messages as there is
// room for.
func (e *encodedLines) line(l cachedLine) []byte {
	was, is := e.rooms[l.room], make(encodedLine, len(l.messages))
	parts := make([][]byte, 0, len(l.messages))
	for i := range l.messages {
		m := &l.messages[i]
		at, ok := was[m.Seq]
		if !ok || !at.of(m) {
			at = encodedMessage{*m, wire.Encode(m)}
		}
		is[m.Seq] = at
		parts = append(parts, at.json)
	}
	e.rooms[l.room] = is
	for list := l.messages; ; {
		value := joinLine(parts, l.quotedBy(list))
		if len(value) <= cachedRoomBytes || len(list) <= 1 {
			return value
		}
		half := (len(list) + 1) / 2
		list, parts = list[half:], parts[half:]
	}
}

// joinLine is [wire.Encode] of a list whose messages are encoded already.
func joinLine(messages [][]byte, quoted []wire.Quote) []byte {
	var b bytes.Buffer
	b.WriteString(`{"messages":[`)
	for i, m := range messages {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(m)
	}
	b.WriteByte(']')
	if len(quoted) > 0 {
		b.WriteString(`,"quoted":`)
		b.Write(wire.Encode(quoted))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// only forgets the rooms that are not among lines.
func (e *encodedLines) only(lines []cachedLine) {
	rooms := make(map[string]encodedLine, len(lines))
	for _, l := range lines {
		rooms[l.room] = e.rooms[l.room]
	}
	e.rooms = rooms
}
