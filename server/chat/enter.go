package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// enter puts users who are not in the room into it and tells so: the room to
// each of them, each of them to the room, and to guests, who know nobody, who
// else is there. All are in before the first event, so all see all of it.
func (c *change) enter(room string, users ...store.User) error {
	present, err := c.presentFor(room, users)
	if err != nil {
		return err
	}
	for _, u := range users {
		if err := c.tx.AddMember(room, u.ID); err != nil {
			return err
		}
	}
	r, err := c.tx.Room(room)
	if err != nil {
		return err
	}
	for _, u := range users {
		if err := c.welcome(r.Room, u.User, present); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) welcome(room wire.Room, u wire.User, present []wire.User) error {
	if err := c.announce(store.ToUser(u.ID), wire.Event{Room: &room}); err != nil {
		return err
	}
	if err := c.announce(store.ToRoom(room.ID), wire.Event{User: &u}); err != nil {
		return err
	}
	member := wire.Member{Room: room.ID, User: u.ID}
	if err := c.announce(store.ToRoom(room.ID), wire.Event{Member: &member}); err != nil {
		return err
	}
	if err := c.remind(room.ID, u.ID); err != nil {
		return err
	}
	if u.Role != wire.RoleGuest {
		return nil
	}
	for _, other := range present {
		if err := c.announce(store.ToUser(u.ID), wire.Event{User: &other}); err != nil {
			return err
		}
	}
	return nil
}

// remind tells somebody who has been in the room before how far they had read
// and what they had chosen: the sync of the time in between left it out.
func (c *change) remind(room, user string) error {
	seq, err := c.tx.Read(user, room)
	if err != nil {
		return err
	}
	mentions, err := c.tx.Mentions(user, room, seq, wire.MaxUnreadMentions)
	if err != nil {
		return err
	}
	if seq > 0 || len(mentions) > 0 {
		read := wire.Read{Room: room, Seq: seq, Back: len(mentions) > 0, Mentions: mentions}
		if err := c.announce(store.ToUser(user), wire.Event{Read: &read}); err != nil {
			return err
		}
	}
	n, err := c.tx.Notify(user, room)
	if errors.Is(err, store.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return c.announce(store.ToUser(user), wire.Event{Notify: &n})
}

// presentFor are the users in the room, if one of those about to enter is a
// guest and needs to be told. In a room too large to be listed nobody is: guests
// learn from sync who is there, and not by thousands of events each.
func (c *change) presentFor(room string, entering []store.User) ([]wire.User, error) {
	guests := false
	for _, u := range entering {
		guests = guests || u.Role == wire.RoleGuest
	}
	if !guests {
		return nil, nil
	}
	if r, err := c.tx.Room(room); err != nil || r.Count > wire.MaxMembersListed {
		return nil, err
	}
	ids, err := c.tx.Members(room)
	if err != nil {
		return nil, err
	}
	present := make([]wire.User, 0, len(ids))
	for _, id := range ids {
		u, err := c.tx.User(id)
		if err != nil {
			return nil, err
		}
		present = append(present, u.User)
	}
	return present, nil
}

// announceUser tells everybody who may know the user what it is now.
func (c *change) announceUser(u wire.User) error {
	if err := c.announce(store.ToMembers(), wire.Event{User: &u}); err != nil {
		return err
	}
	rooms, err := c.tx.RoomsOf(u.ID)
	if err != nil {
		return err
	}
	for _, room := range rooms { // for the guests there
		if err := c.announce(store.ToRoom(room), wire.Event{User: &u}); err != nil {
			return err
		}
	}
	return nil
}

// addUser stores a new user, who is in the lobby from the start.
func (c *change) addUser(u store.User) error {
	if err := c.tx.PutUser(u); err != nil {
		return err
	}
	if err := c.announce(store.ToMembers(), wire.Event{User: &u.User}); err != nil {
		return err
	}
	return c.enter(wire.Lobby, u)
}
