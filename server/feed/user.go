package feed

import (
	"parley/server/store"
)

// user is somebody with a connection or a session. Feed.mu guards it.
type user struct {
	id       string
	guest    bool
	rooms    map[string]bool // where it is in at the head, store.Everybody aside
	conns    []*Conn         // those that have not ended, oldest first
	sessions map[string]*session
	here     *entry // its presence, once somebody was told
	told     bool   // others are told that it is online
}

func (u *user) online() bool { return len(u.sessions) > 0 }

// presence is the event that tells that the user is online.
func (u *user) presence() *entry {
	if u.here == nil {
		u.here = presenceOf(u.id, true)
	}
	return u.here
}

// sees tells whether u may know of v's presence: guests know those with whom
// they share a room.
func (u *user) sees(v *user) bool {
	if !u.guest || u == v {
		return true
	}
	small, large := u.rooms, v.rooms
	if len(small) > len(large) {
		small, large = large, small
	}
	for room := range small {
		if large[room] {
			return true
		}
	}
	return false
}

// user is the user, who is put where it was at the head if it was not known.
func (f *Feed) user(id string, v view) *user {
	u := f.users[id]
	if u == nil {
		u = &user{id: id, guest: !after(v.spans[store.Everybody], f.head), rooms: map[string]bool{}}
		f.users[id] = u
		f.place(u, v.spans)
	}
	return u
}

// place puts a user into exactly the rooms that it is in after the head.
func (f *Feed) place(u *user, spans map[string][]store.Span) {
	f.setGuest(u, !after(spans[store.Everybody], f.head))
	for room := range u.rooms {
		if !after(spans[room], f.head) {
			f.leave(u, room)
		}
	}
	for room, list := range spans {
		if room != store.Everybody && after(list, f.head) {
			f.enter(u, room)
		}
	}
}

// enter puts a user into a room. Guests learn who is there.
func (f *Feed) enter(u *user, room string) {
	if room == store.Everybody {
		f.setGuest(u, false)
		return
	}
	if u.rooms[room] || f.users[u.id] != u {
		return
	}
	for v := range f.rooms[room] {
		f.meet(u, v)
		f.meet(v, u)
	}
	u.rooms[room] = true
	if f.rooms[room] == nil {
		f.rooms[room] = map[*user]bool{}
	}
	f.rooms[room][u] = true
}

// meet tells a viewer of somebody whom it is about to see for the first time.
func (f *Feed) meet(viewer, v *user) {
	if v.told && !viewer.sees(v) {
		f.push(viewer, v.presence())
	}
}

// leave takes a user out of a room. Guests lose sight of those with whom they
// share no other.
func (f *Feed) leave(u *user, room string) {
	if room == store.Everybody {
		f.setGuest(u, true)
		return
	}
	if !u.rooms[room] {
		return
	}
	delete(u.rooms, room)
	delete(f.rooms[room], u)
	for v := range f.rooms[room] {
		f.part(u, v)
		f.part(v, u)
	}
	if len(f.rooms[room]) == 0 {
		delete(f.rooms, room)
	}
}

// part takes somebody whom a viewer sees no longer from its sight.
func (f *Feed) part(viewer, v *user) {
	if v.told && !viewer.sees(v) {
		f.push(viewer, presenceOf(v.id, false))
	}
}

// setGuest changes what a user may see by its role.
func (f *Feed) setGuest(u *user, guest bool) {
	if u.guest == guest {
		return
	}
	for _, v := range f.users {
		u.guest = !guest
		saw := u.sees(v)
		u.guest = guest
		if sees := u.sees(v); sees != saw && v.told {
			f.push(u, presenceOf(v.id, sees))
		}
	}
	u.guest = guest
}

// forget drops a user with neither a connection nor a session.
func (f *Feed) forget(u *user) {
	if len(u.conns) > 0 || len(u.sessions) > 0 || f.users[u.id] != u {
		return
	}
	for room := range u.rooms {
		f.leave(u, room)
	}
	delete(f.users, u.id)
}

// expel ends all connections and sessions of a user, without grace.
func (f *Feed) expel(u *user, reason error) {
	for len(u.conns) > 0 {
		u.conns[0].end(reason)
	}
	for _, s := range u.sessions {
		f.endSession(s)
	}
	f.forget(u)
}
