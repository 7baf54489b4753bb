package store

import (
	"encoding/json"
	"errors"

	"parley/shared/wire"
)

// membership names a member's place in the caches and keys.
type membership struct{ room, user string }

// Keys of the bucket members: one index for each direction.
func (m membership) roomKey() []byte { return pair("r"+m.room, m.user) }
func (m membership) userKey() []byte { return pair("u"+m.user, m.room) }

// IsMember tells whether the user is in the room now.
func (tx *Tx) IsMember(room, user string) (bool, error) {
	m := membership{room, user}
	if is, ok := tx.members[m]; ok {
		return is, nil
	}
	_, err := tx.get(membersBucket, m.roomKey())
	if err != nil && !errors.Is(err, ErrNotExist) {
		return false, err
	}
	if tx.members != nil {
		tx.members[m] = err == nil
	}
	return err == nil, nil
}

// Members are the users in the room, ascending.
func (tx *Tx) Members(room string) ([]string, error) {
	var users []string
	err := tx.scan(membersBucket, pair("r"+room, ""), func(key, _ []byte) error {
		users = append(users, string(key))
		return nil
	})
	return users, err
}

// RoomsOf are the rooms that the user is in now, ascending.
func (tx *Tx) RoomsOf(user string) ([]string, error) {
	var rooms []string
	err := tx.scanSpans(user, func(room string, spans []Span) {
		if isOpen(spans) {
			rooms = append(rooms, room)
		}
	})
	return rooms, err
}

// Spans is when the user was in which room, as far as the log still reaches,
// and under [Everybody] when it was other than a guest. Users who are not there
// have none.
func (tx *Tx) Spans(user string) (map[string][]Span, error) {
	first := tx.First()
	all := map[string][]Span{}
	u, err := tx.User(user)
	if errors.Is(err, ErrNotExist) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	insider, err := tx.insiderSpans(u)
	if err != nil {
		return nil, err
	}
	if insider = reached(insider, first); len(insider) > 0 {
		all[Everybody] = insider
	}
	err = tx.scanSpans(user, func(room string, spans []Span) {
		if spans = reached(spans, first); len(spans) > 0 {
			all[room] = spans
		}
	})
	return all, err
}

func (tx *Tx) scanSpans(user string, fn func(room string, spans []Span)) error {
	prefix := pair("u"+user, "")
	return tx.scan(membersBucket, prefix, func(key, value []byte) error {
		var spans []Span
		if json.Unmarshal(value, &spans) != nil {
			return damagedRecord(membersBucket, append(prefix, key...))
		}
		fn(string(key), spans)
		return nil
	})
}

// AddMember opens a span at the offset of the next event; it changes
// Room.Count. It does nothing if the user is in the room already, and returns
// ErrNotExist if one of them is not there.
func (tx *Tx) AddMember(room, user string) error {
	if _, err := tx.User(user); err != nil {
		return err
	}
	is, err := tx.IsMember(room, user)
	if err != nil || is {
		return err
	}
	return tx.changeMember(membership{room, user}, func(spans []Span) []Span {
		return openSpan(spans, tx.End()+1)
	})
}

// RemoveMember closes the span at the offset of the next event, so that who
// leaves still sees the event that says so; it changes Room.Count. It does
// nothing if the user is not in the room.
func (tx *Tx) RemoveMember(room, user string) error {
	is, err := tx.IsMember(room, user)
	if err != nil || !is {
		return err
	}
	return tx.changeMember(membership{room, user}, func(spans []Span) []Span {
		return closeSpan(spans, tx.End()+1)
	})
}

// changeMember stores what change makes of the spans, in both directions.
func (tx *Tx) changeMember(m membership, change func([]Span) []Span) error {
	r, err := tx.Room(m.room)
	if err != nil {
		return err
	}
	var spans []Span
	if err := tx.getJSON(membersBucket, m.userKey(), &spans); err != nil && !errors.Is(err, ErrNotExist) {
		return err
	}
	spans = change(reached(spans, tx.First()))
	if isOpen(spans) {
		r.Count++
		err = tx.put(membersBucket, m.roomKey(), nil)
	} else {
		r.Count--
		err = tx.del(membersBucket, m.roomKey())
	}
	if err != nil {
		return err
	}
	tx.setRoom(r)
	tx.members[m] = isOpen(spans)
	return tx.put(membersBucket, m.userKey(), wire.Encode(spans))
}

// openSpan has the last span last from the event at next on.
func openSpan(spans []Span, next uint64) []Span {
	if n := len(spans); n > 0 && (spans[n-1].To == 0 || spans[n-1].To >= next) {
		spans[n-1].To = 0 // back before anything happened
		return spans
	}
	return append(spans, Span{From: next})
}

// closeSpan ends the last span with the event at next.
func closeSpan(spans []Span, next uint64) []Span {
	if isOpen(spans) {
		spans[len(spans)-1].To = next
	}
	return spans
}

func isOpen(spans []Span) bool { return len(spans) > 0 && spans[len(spans)-1].To == 0 }

// reached is spans without those that ended before the oldest event kept.
func reached(spans []Span, first uint64) []Span {
	for len(spans) > 0 && spans[0].To != 0 && spans[0].To < first {
		spans = spans[1:]
	}
	return spans
}
