package store

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"parley/shared/wire"
)

// same is an error if got is not want.
func same(what string, got, want any) error {
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
	return nil
}

// compare reads all that a Tx can tell and compares it.
func (m *model) compare(tx *Tx) error {
	return errors.Join(
		same("Community", tx.Community(), m.community),
		same("Cursor", tx.Cursor(), FormatCursor(tx.Epoch(), m.end)),
		same("First", tx.First(), m.first()),
		m.compareUsers(tx), m.compareRooms(tx), m.compareMembers(tx), m.compareMessages(tx),
		m.compareLog(tx), m.compareNonces(tx), m.compareReads(tx), m.compareSecrets(tx),
	)
}

func (m *model) compareUsers(tx *Tx) error {
	var users []User
	err := tx.Users(func(u User) error { users = append(users, u); return nil })
	var want []User
	for _, id := range slices.Sorted(maps.Keys(m.users)) {
		want = append(want, m.users[id])
		byID, err1 := tx.User(id)
		byName, err2 := tx.UserByName(strings.ToUpper(m.users[id].Name))
		err = errors.Join(err, err1, err2, same("User", byID, m.users[id]), same("UserByName", byName, m.users[id]))
	}
	for i := range 12 {
		name := fmt.Sprint("Name", i)
		taken := slices.ContainsFunc(want, func(u User) bool { return u.Name == name })
		if _, err := tx.UserByName(name); taken != (err == nil) || !taken && !errors.Is(err, ErrNotExist) {
			return fmt.Errorf("the name %s, taken %v: %w", name, taken, err)
		}
	}
	return errors.Join(err, same("Users", users, want))
}

func (m *model) compareRooms(tx *Tx) error {
	var rooms, want []Room
	err := tx.Rooms(func(r Room) error { rooms = append(rooms, r); return nil })
	for _, id := range slices.Sorted(maps.Keys(m.rooms)) {
		want = append(want, m.rooms[id])
		r, err1 := tx.Room(id)
		err = errors.Join(err, err1, same("Room", r, m.rooms[id]))
	}
	if _, err := tx.Room("nowhere"); !errors.Is(err, ErrNotExist) {
		return fmt.Errorf("a room that is not there: %w", err)
	}
	return errors.Join(err, same("Rooms", rooms, want))
}

func (m *model) compareMembers(tx *Tx) (err error) {
	members, roomsOf := map[string][]string{}, map[string][]string{}
	spans := map[string]map[string][]Span{}
	for user := range m.users {
		spans[user] = map[string][]Span{Everybody: {{}}} // nobody here was ever a guest
		for room := range m.rooms {
			key := membership{room, user}
			is, err1 := tx.IsMember(room, user)
			err = errors.Join(err, err1, same("IsMember", is, isOpen(m.spans[key])))
			if is {
				members[room] = append(members[room], user)
				roomsOf[user] = append(roomsOf[user], room)
			}
			if kept := reached(m.spans[key], m.first()); len(kept) > 0 {
				spans[user][room] = kept
			}
		}
	}
	for room := range m.rooms {
		slices.Sort(members[room])
		got, err1 := tx.Members(room)
		err = errors.Join(err, err1, same("Members", got, members[room]))
	}
	for user := range m.users {
		slices.Sort(roomsOf[user])
		rooms, err1 := tx.RoomsOf(user)
		got, err2 := tx.Spans(user)
		err = errors.Join(err, err1, err2, same("RoomsOf", rooms, roomsOf[user]), same("Spans", got, spans[user]))
	}
	return err
}

func (m *model) compareMessages(tx *Tx) (err error) {
	for id, r := range m.rooms {
		var want []wire.Message
		for seq := uint64(1); seq <= r.Head; seq++ {
			want = append(want, m.messages[messageID{id, seq}])
		}
		got, err1 := tx.Messages(id, 0, r.Head+5)
		err = errors.Join(err, err1, same("Messages", got, want))
		if r.Head > 2 {
			got, err1 = tx.Messages(id, 2, r.Head-1)
			one, err2 := tx.Message(id, r.Head)
			err = errors.Join(err, err1, err2, same("Messages", got, want[1:r.Head-1]), same("Message", one, want[r.Head-1]))
		}
		if _, err := tx.Message(id, r.Head+1); !errors.Is(err, ErrNotExist) {
			return fmt.Errorf("a message that is not there: %w", err)
		}
	}
	return err
}

func (m *model) compareLog(tx *Tx) error {
	var log []Event
	err := tx.Log(0, func(e Event) bool { log = append(log, e); return true })
	if len(m.log) > 2 { // from the middle, and stopping early
		var part []Event
		err1 := tx.Log(m.log[1].Offset, func(e Event) bool { part = append(part, e); return false })
		err = errors.Join(err, err1, same("Log from the middle", part, m.log[2:3]))
	}
	return errors.Join(err, same("Log", log, append([]Event(nil), m.log...)))
}

func (m *model) compareNonces(tx *Tx) error {
	for u := range 8 {
		for n := range 40 {
			user, nonce := fmt.Sprint("u", u), fmt.Sprint("nonce", n)
			got, err := tx.Nonce(user, nonce)
			want, ok := m.nonces[[2]string{user, nonce}]
			if got != want || ok != (err == nil) || !ok && !errors.Is(err, ErrNotExist) {
				return fmt.Errorf("nonce %s of %s: %+v, %w; want %+v", nonce, user, got, err, want)
			}
		}
	}
	return nil
}

func (m *model) compareReads(tx *Tx) (err error) {
	for user := range m.users {
		want := map[string]uint64{}
		for room := range m.rooms {
			if seq, ok := m.reads[[2]string{user, room}]; ok {
				want[room] = seq
			}
			seq, err1 := tx.Read(user, room)
			err = errors.Join(err, err1, same("Read", seq, want[room]))
		}
		reads, err1 := tx.Reads(user)
		err = errors.Join(err, err1, same("Reads", reads, want))
	}
	return err
}

func (m *model) compareSecrets(tx *Tx) (err error) {
	for i := range 10 {
		s, i := HashOf(fmt.Sprint("session", i)), HashOf(fmt.Sprint("invite", i))
		session, err1 := tx.Session(s)
		invite, err2 := tx.Invite(i)
		_, ok1 := m.sessions[s]
		_, ok2 := m.invites[i]
		err = errors.Join(err, same("Session", session, m.sessions[s]), same("Invite", invite, m.invites[i]),
			same("Session is there", !errors.Is(err1, ErrNotExist), ok1), same("Invite is there", !errors.Is(err2, ErrNotExist), ok2))
	}
	tokens := map[Hash]Token{}
	err1 := tx.Tokens(func(h Hash, t Token) error { tokens[h] = t; return nil })
	for h, t := range m.tokens {
		got, err2 := tx.Token(h)
		byID, _, err3 := tx.TokenByID(t.ID)
		err = errors.Join(err, err2, err3, same("Token", got, t), same("TokenByID", byID, h))
	}
	return errors.Join(err, err1, same("Tokens", tokens, m.tokens))
}
