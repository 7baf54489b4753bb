package ui

import (
	"slices"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/prefs"
	"parley/shared/texts"
)

// words are something that is said for longer than a moment: what it means, so
// that it follows the language. nil says nothing.
type words func(*texts.Texts) string

// about are the words for an error.
func about(err error) words { return func(t *texts.Texts) string { return t.Error(err) } }

func (m *Model) say(w words) string {
	if w == nil {
		return ""
	}
	return w(m.T)
}

// number is a number of things, for a sentence.
func (m *Model) number(n int) texts.Number {
	return texts.Number{N: n, Written: m.Intl.Number(n)}
}

// greet takes what the reader chose here before. The cookies are written again,
// as they grow old, and the time zone as it is today.
func (m *Model) greet() {
	m.Language, m.Theme = browser.Pref(prefs.Language), prefs.ThemeOf(browser.Pref(prefs.Theme))
	browser.SetPref(prefs.Language, m.Language)
	browser.SetPref(prefs.Theme, m.Theme)
	browser.SetCookie(prefs.Zone, browser.Zone())
	m.speak()
}

// speak takes the words and the writing of the reader's language, the chosen one
// or that of the browser.
func (m *Model) speak() {
	languages := browser.Languages()
	t := texts.For(append([]string{m.Language}, languages...)...)
	locale := browser.Locale(t.Lang, languages)
	m.T = t
	m.Times = browser.NewTimes(locale, t.Today, t.Yesterday)
	m.Intl = browser.NewIntl(locale)
	browser.ShowPrefs(t.Lang, m.Theme)
}

// prefer keeps a language, "" for the browser's, and goes on in it. What
// somebody is typing stays: it is theirs.
func (m *Model) prefer(language string) {
	m.Language = language
	browser.SetPref(prefs.Language, language)
	m.speak()
	m.redraw()
}

// dress keeps a theme, "" for the system's.
func (m *Model) dress(theme string) {
	m.Theme = theme
	browser.SetPref(prefs.Theme, theme)
	browser.ShowPrefs(m.T.Lang, theme)
	m.Rev.Dialog++
}

// redraw draws everything anew: every word has changed.
func (m *Model) redraw() {
	r := &m.Rev
	for _, rev := range []*int{&r.Screen, &r.Rooms, &r.Users, &r.Status, &r.Room, &r.Dialog, &r.Toast} {
		*rev++
	}
	m.nameRooms()
	m.title()
	if m.timeline != nil {
		m.timeline.speak()
	}
}

// nameRooms calls the rooms as the reader does.
func (m *Model) nameRooms() {
	if m.session == nil {
		return
	}
	m.Rooms = m.session.client.Rooms()
	for i := range m.Rooms {
		m.Rooms[i].Name = m.T.NameOf(m.Rooms[i].Room, m.Me.ID, m.name)
	}
	slices.SortFunc(m.Rooms, func(a, b client.RoomState) int { return texts.CompareRooms(a.Room, b.Room) })
}
