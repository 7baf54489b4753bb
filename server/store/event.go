package store

import (
	"bytes"
	"encoding/binary"

	"parley/shared/wire"
)

// Event is one entry of the log.
type Event struct {
	Offset   uint64 // its place; Append gives it
	Time     wire.Time
	Audience Audience
	Data     []byte // the wire.Event as JSON, encoded once, without the nonce

	// Owner's devices get Nonce inside the message (see [Event.ForOwner]); both
	// are empty for events that carry none.
	Owner string
	Nonce string

	// Revised says that Data is not as it was appended: it has what its message
	// says now (see [Tx.Log]).
	Revised bool
}

// Audience is whom an event concerns.
type Audience struct {
	Kind AudienceKind
	ID   string // of the room or user
}

// AudienceKind is 'r', 'u' or 'm'.
type AudienceKind byte

// The kinds of audience.
const (
	AudienceRoom    AudienceKind = 'r' // who is in the room at the event's place in the log
	AudienceUser    AudienceKind = 'u' // one user's own devices
	AudienceMembers AudienceKind = 'm' // everybody but guests
)

// ToRoom is the audience of a room.
func ToRoom(id string) Audience { return Audience{AudienceRoom, id} }

// ToUser is the audience of one user's devices.
func ToUser(id string) Audience { return Audience{AudienceUser, id} }

// ToMembers is the audience of everybody but guests.
func ToMembers() Audience { return Audience{Kind: AudienceMembers} }

// ForOwner is Data as the devices of Owner get it: with the nonce spliced into
// the message, so that every other reader shares one encoding. It is Data
// itself where there is no nonce.
func (e Event) ForOwner() []byte {
	head, ok := bytes.CutSuffix(e.Data, []byte("}}"))
	if e.Nonce == "" || !ok || !bytes.HasPrefix(head, []byte(`{"message":{"`)) {
		return e.Data
	}
	nonce := wire.Encode(e.Nonce)
	data := make([]byte, 0, len(e.Data)+len(`,"nonce":`)+len(nonce))
	data = append(data, head...)
	data = append(data, `,"nonce":`...)
	data = append(data, nonce...)
	return append(data, "}}"...)
}

// encode is the value of the event's record: time (8 bytes), kind (1), then
// audience id, owner and nonce, each behind its length (uvarint), then Data.
func (e Event) encode() []byte {
	value := make([]byte, 0, 8+1+3*2+len(e.Audience.ID)+len(e.Owner)+len(e.Nonce)+len(e.Data))
	value = binary.BigEndian.AppendUint64(value, uint64(e.Time))
	value = append(value, byte(e.Audience.Kind))
	for _, s := range []string{e.Audience.ID, e.Owner, e.Nonce} {
		value = binary.AppendUvarint(value, uint64(len(s)))
		value = append(value, s...)
	}
	return append(value, e.Data...)
}

// decodeEvent is the event of a record's value, with a copy of its Data; false
// if value is not what encode gives for it.
func decodeEvent(offset uint64, value []byte) (Event, bool) {
	if len(value) < 9 {
		return Event{}, false
	}
	e := Event{
		Offset:   offset,
		Time:     wire.Time(binary.BigEndian.Uint64(value)),
		Audience: Audience{Kind: AudienceKind(value[8])},
	}
	rest := value[9:]
	for _, s := range []*string{&e.Audience.ID, &e.Owner, &e.Nonce} {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return Event{}, false
		}
		*s, rest = string(rest[n:n+int(size)]), rest[n+int(size):]
	}
	e.Data = bytes.Clone(rest)
	return e, e.valid()
}

func (e Event) valid() bool {
	switch e.Audience.Kind {
	case AudienceRoom, AudienceUser:
		return e.Audience.ID != "" && len(e.Data) > 0
	case AudienceMembers:
		return e.Audience.ID == "" && len(e.Data) > 0
	}
	return false
}
