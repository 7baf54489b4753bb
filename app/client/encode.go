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
	rev  uint64
	json []byte
}

// line is a [wire.MessageList] of as many of a room's newest messages as there is
// room for.
func (e *encodedLines) line(l cachedLine) []byte {
	was, is := e.rooms[l.room], make(encodedLine, len(l.messages))
	parts := make([][]byte, 0, len(l.messages))
	for _, m := range l.messages {
		at, ok := was[m.Seq]
		if !ok || at.rev != m.Rev {
			at = encodedMessage{m.Rev, wire.Encode(m)}
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
