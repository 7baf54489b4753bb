package chat

import (
	"slices"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// Sync is everything the actor may know, at exactly the cursor in it.
func (q Queries) Sync(a Actor) (s wire.Sync, err error) {
	err = q.as(a, func(tx *store.Tx, me wire.User) error {
		s, err = q.syncIn(tx, me)
		return err
	})
	return s, err
}

func (q Queries) syncIn(tx *store.Tx, me wire.User) (s wire.Sync, err error) {
	s.Heartbeat, s.Limits = int(wire.Heartbeat/time.Second), wire.OurLimits(q.MaxFile)
	s.Cursor, s.Me = tx.Cursor(), spelled(me)
	if s.Rooms, err = joinedRooms(tx, me); err != nil {
		return s, err
	}
	if s.Users, err = knownUsers(tx, me, s.Rooms); err != nil {
		return s, err
	}
	if s.Reads, err = readsIn(tx, me, s.Rooms); err != nil {
		return s, err
	}
	if s.Mentions, err = mentionsIn(tx, me, s.Rooms, s.Reads); err != nil {
		return s, err
	}
	s.Notify, err = notifyIn(tx, me, s.Rooms)
	return s, err
}

func joinedRooms(tx *store.Tx, me wire.User) ([]wire.Room, error) {
	ids, err := tx.RoomsOf(me.ID)
	if err != nil {
		return nil, err
	}
	rooms := make([]wire.Room, 0, len(ids))
	for _, id := range ids {
		r, err := tx.Room(id)
		if err != nil {
			return nil, err
		}
		room, err := withMembers(tx, r)
		if err != nil {
			return nil, err
		}
		rooms = append(rooms, room)
	}
	return rooms, nil
}

// knownUsers are all users, or for a guest those it shares a room with.
func knownUsers(tx *store.Tx, me wire.User, rooms []wire.Room) ([]wire.User, error) {
	var shared map[string]bool // nil: all
	if me.Role == wire.RoleGuest {
		shared = map[string]bool{me.ID: true}
		for _, room := range rooms {
			members, err := tx.Members(room.ID)
			if err != nil {
				return nil, err
			}
			for _, id := range members {
				shared[id] = true
			}
		}
	}
	users := []wire.User{}
	err := tx.Users(func(u store.User) error {
		if shared == nil || shared[u.ID] {
			users = append(users, spelled(u.User))
		}
		return nil
	})
	return users, err
}

// readsIn are the read markers of the rooms one is in.
func readsIn(tx *store.Tx, me wire.User, rooms []wire.Room) (map[string]uint64, error) {
	all, err := tx.Reads(me.ID)
	if err != nil {
		return nil, err
	}
	reads := make(map[string]uint64, len(all))
	for _, room := range rooms {
		if seq := all[room.ID]; seq > 0 {
			reads[room.ID] = seq
		}
	}
	return reads, nil
}

// mentionsIn are the unread mentions of the rooms one is in.
func mentionsIn(tx *store.Tx, me wire.User, rooms []wire.Room, reads map[string]uint64) (map[string][]uint64, error) {
	mentions := map[string][]uint64{}
	for _, room := range rooms {
		seqs, err := tx.Mentions(me.ID, room.ID, reads[room.ID], wire.MaxUnreadMentions)
		if err != nil {
			return nil, err
		}
		if len(seqs) > 0 {
			mentions[room.ID] = seqs
		}
	}
	return mentions, nil
}

// notifyIn is what one has chosen, by default and for the rooms one is in.
func notifyIn(tx *store.Tx, me wire.User, rooms []wire.Room) ([]wire.Notify, error) {
	all, err := tx.Notifies(me.ID)
	return slices.DeleteFunc(all, func(n wire.Notify) bool {
		return n.Room != "" && !slices.ContainsFunc(rooms, func(r wire.Room) bool { return r.ID == n.Room })
	}), err
}

// PublicRooms are the rooms that the actor may join, each with whether it has,
// ascending by id, or instead those that are archived. For guests there are none.
func (q Queries) PublicRooms(a Actor, archived bool) (wire.RoomList, error) {
	list := wire.RoomList{Rooms: []wire.Room{}}
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		if me.Role == wire.RoleGuest {
			return nil
		}
		return tx.Rooms(func(r store.Room) error {
			if r.Kind != wire.KindPublic || r.Archived != archived {
				return nil
			}
			joined, err := tx.IsMember(r.ID, me.ID)
			room := r.Room
			room.Joined = &joined
			list.Rooms = append(list.Rooms, room)
			return err
		})
	})
	return list, err
}
