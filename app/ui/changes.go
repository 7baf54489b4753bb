package ui

import (
	"context"
	"reflect"
	"slices"
	"sync"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/texts"
	"parley/shared/wire"
)

// changes gathers what the client tells until the UI goroutine takes it: a
// batch of five hundred events is drawn once, and the client never waits.
type changes struct {
	ask func() // the UI goroutine to come

	mu      sync.Mutex // guards what follows
	waiting []client.Change
	asked   bool
}

func (c *changes) add(change client.Change) {
	c.mu.Lock()
	c.waiting = append(c.waiting, change)
	ask := !c.asked
	c.asked = true
	c.mu.Unlock()
	if ask {
		c.ask()
	}
}

// take gives what has been gathered. The UI goroutine gets its turn when the
// client's has told all it has to tell at once.
func (c *changes) take() []client.Change {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.waiting
	c.waiting, c.asked = nil, false
	return list
}

// apply takes over what has changed in the client.
func (m *Model) apply(list []client.Change) {
	var kinds [client.ChangeTask + 1]bool
	var fresh []wire.Message // of the open room, in order
	redraw := false
	for _, ch := range list {
		kinds[ch.Kind] = true
		redraw = redraw || moves(ch, m.Current)
		if ch.Kind == client.ChangeMessage && ch.Room == m.Current {
			fresh = append(fresh, *ch.Message)
		}
	}
	if kinds[client.ChangeUsers] {
		m.applyUsers()
	}
	if m.timeline != nil && (redraw || len(fresh) > 0) {
		m.timeline.notice()
		m.timeline.expect(fresh)
	}
	switch {
	case kinds[client.ChangeUsers]:
		m.applyRooms()
	case kinds[client.ChangeRooms] || kinds[client.ChangeMessage]:
		m.applyRoomsOf(list)
	}
	if kinds[client.ChangeStatus] {
		m.applyStatus()
	}
	if kinds[client.ChangeStatus] || kinds[client.ChangeOutbox] {
		m.sendLater()
	}
	m.note(list)
	if m.composer != nil {
		m.composer.follow(fresh)
	}
	if kinds[client.ChangeTask] {
		m.applyTask()
	}
	if m.timeline == nil {
		return
	}
	m.timeline.nameDays()
	if kinds[client.ChangeUpload] {
		m.timeline.drawProgress(m.session.client.Timeline(m.Current).Outgoing)
	}
	m.timeline.noteRead()
	m.timeline.noteUnseen(fresh)
	if m.fills(m.Current) {
		return
	}
	if redraw || !m.timeline.add(fresh) {
		m.timeline.sync()
	}
	m.timeline.markRead()
}

// moves tells whether a room's messages are to be drawn again: it has changed, or all
// rooms have, as when messages are taken up that an earlier page had not sent.
func moves(ch client.Change, room string) bool {
	return (ch.Kind == client.ChangeTimeline || ch.Kind == client.ChangeOutbox) && room != "" && (ch.Room == room || ch.Room == "")
}

func (m *Model) applyUsers() {
	c := m.session.client
	m.Me, m.Users = c.Me(), c.Users()
	renamed := false
	users := make(map[string]wire.User, len(m.Users))
	online := make(map[string]bool, len(m.Users))
	for _, u := range m.Users {
		users[u.ID], online[u.ID] = u, c.Online(u.ID)
		renamed = renamed || m.users[u.ID].Name != u.Name
	}
	m.users, m.online = users, online
	m.Rev.Users++
	if renamed && m.timeline != nil {
		m.timeline.redraw()
	}
}

func (m *Model) applyRooms() {
	before := m.Rooms
	m.nameRooms()
	if usual := m.session.client.Notify(); usual != m.usual {
		m.usual = usual
		m.Rev.Dialog++
	}
	unread := map[string]bool{}
	for _, r := range m.Rooms {
		unread[r.ID] = r.Unread > 0
	}
	if slices.ContainsFunc(before, func(r client.RoomState) bool { return r.Unread > 0 && !unread[r.ID] }) {
		m.notes.cleared = false
	}
	m.roomsMoved(!slices.EqualFunc(before, m.Rooms, looksAlike))
}

// applyRoomsOf is applyRooms when it is known which rooms have changed: a message
// in one of a hundred is that room's business.
func (m *Model) applyRoomsOf(list []client.Change) {
	drawn, done := false, ""
	for _, ch := range list {
		if ch.Kind != client.ChangeRooms && ch.Kind != client.ChangeMessage || ch.Room == done && done != "" {
			continue
		}
		done = ch.Room
		at := slices.IndexFunc(m.Rooms, func(r client.RoomState) bool { return r.ID == ch.Room })
		now, ok := m.session.client.Room(ch.Room)
		now.Name = m.T.NameOf(now.Room, m.Me.ID, m.name)
		if at < 0 || !ok || texts.CompareRooms(m.Rooms[at].Room, now.Room) != 0 { // it has come, gone, or moved
			m.applyRooms()
			if drawn {
				m.Rev.Rooms++
				m.Rev.Room++
			}
			return
		}
		was := &m.Rooms[at]
		if was.Unread > 0 && now.Unread == 0 {
			m.notes.cleared = false
		}
		drawn = drawn || !looksAlike(*was, now)
		*was = now
	}
	m.roomsMoved(drawn)
}

// roomsMoved follows a change of the rooms, of what is drawn of them or else.
func (m *Model) roomsMoved(drawn bool) {
	m.clearNotes()
	if drawn {
		m.Rev.Rooms++
		m.Rev.Room++
	}
	m.title()
	m.chooseRoom()
}

// looksAlike tells whether a room need not be drawn again: most messages move
// what nobody sees, the room's head and how far one has read.
func looksAlike(a, b client.RoomState) bool {
	if !slices.Equal(a.Members, b.Members) { // a thousand strings, for which reflection takes long
		return false
	}
	a.Head, a.Read, a.Members = b.Head, b.Read, b.Members
	return reflect.DeepEqual(a, b)
}

func (m *Model) applyStatus() {
	if m.composer != nil {
		m.composer.showClip() // how large files may be comes with the state
	}
	was := m.Status
	m.Status = m.session.client.Status()
	m.Rev.Status++
	if m.Status.Unkept {
		m.tellUnkept()
	}
	if m.Status.Live && !was.Live {
		m.session.live = true
		m.back(was.Why != "")
	}
	if m.Status.Synced && m.Screen != ScreenChat {
		_ = m.store.Save(context.Background(), knownKey, []byte("1"))
		m.applyUsers()
		m.show(ScreenChat)
		m.applyRooms()
		m.takeOffer()
	}
}

// back is told when the server can be reached (again): what failed without it is
// tried once more, unasked.
func (m *Model) back(again bool) {
	if again {
		app.TryUpdate() // the server may have come back as a newer one
	}
	if m.About.Version == "" {
		m.ask(func(error) {})
	}
	if m.timeline != nil {
		m.timeline.retry()
		m.timeline.retryPictures()
	}
	if m.places.err != nil {
		m.loadPlaces()
	}
}
