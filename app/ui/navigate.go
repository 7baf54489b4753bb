package ui

import (
	"net/url"
	"strings"

	"parley/app/browser"
	"parley/shared/prefs"
	"parley/shared/rows"
	"parley/shared/wire"
)

// visit reads a path of the app: /, /rooms/ID, /invite/CODE, /login, /share or
// /lab, from which no path of the app leads on without loading it.
func (m *Model) visit(u *url.URL) {
	m.wanted = ""
	if id, ok := strings.CutPrefix(u.Path, "/rooms/"); ok {
		m.wanted = strings.Trim(id, "/")
	}
	code, invited := strings.CutPrefix(u.Path, "/invite/")
	if m.Screen != ScreenChat {
		m.Invite = ""
		if invited {
			m.Invite = strings.Trim(code, "/")
		}
	}
	if u.Path == labPath {
		m.Screen = ScreenLab
		return
	}
	if u.Path == sharePath {
		m.offered(u.EscapedFragment())
		return
	}
	m.Drawer = false
	m.Rev.Screen++
	if seq := messageOf(u.Fragment); seq != 0 && m.wanted == m.Current {
		m.jump(m.wanted, seq)
	}
	if m.Screen == ScreenChat && m.wanted != "" && m.wanted != m.Current { // the start is wherever one is
		m.Current = ""
		m.chooseRoom()
	}
}

// navigate goes to a path of the app, as a link would.
func (m *Model) navigate(path string) { m.ctx.Navigate(path) }

// launched is told where the installed app was asked to go while its window was
// there: by a shortcut, a link or a notification. Its icon asks for the start,
// which means the window as it is.
func (m *Model) launched(rawURL string) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Path == "/" {
		return
	}
	if m.Dialog != DialogNone {
		closeDialog()
	}
	m.closePanels()
	room, ok := strings.CutPrefix(u.Path, "/rooms/")
	if seq := messageOf(u.Fragment); ok && seq != 0 && m.session != nil {
		m.jump(strings.Trim(room, "/"), seq) // go-app would scroll to where it stands before it is there
		return
	}
	m.ctx.NavigateTo(u)
}

// roomPath is where a room is found.
func roomPath(id string) string { return "/rooms/" + url.PathEscape(id) }

// messagePath is where a message is found.
func messagePath(room string, seq uint64) string { return roomPath(room) + "#" + rows.RowID(seq) }

// chooseRoom opens the room that the path asks for, else the one that was open
// last, else the lobby. It is asked again whenever the list of rooms changes: a
// room may be there only after it has been joined, and be gone after leaving.
func (m *Model) chooseRoom() {
	if m.Screen != ScreenChat || len(m.Rooms) == 0 {
		return
	}
	if _, ok := m.room(m.Current); ok {
		if m.places.asked == m.Current { // it has just been joined
			m.places.asked = ""
			m.enter(m.Current)
		}
		return
	}
	choice := m.wanted
	if choice == "" {
		choice = browser.Cookie(prefs.Room)
		if _, ok := m.room(choice); !ok {
			choice = wire.Lobby
		}
		if _, ok := m.room(choice); !ok {
			choice = m.Rooms[0].ID
		}
	}
	m.enter(choice)
}

// enter opens a room; one that one is not in can be joined, if there is such a one.
func (m *Model) enter(id string) {
	m.Current = id
	m.Rev.Room++
	m.Rev.Rooms++
	m.Rev.Users++
	m.title()
	if _, ok := m.room(id); !ok {
		m.askPlaces(id)
		return
	}
	browser.SetCookie(prefs.Room, id)
	m.visited(id)
	if m.timeline != nil {
		m.timeline.open(id)
	}
	if m.composer != nil {
		m.composer.open(id)
	}
}
