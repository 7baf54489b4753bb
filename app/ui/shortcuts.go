package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// shortcut is what a key does wherever one is.
type shortcut int

const (
	doNothing shortcut = iota
	doSwitch
	doSearch
	doHelp
	doNext
	doPrevious
	doNextUnread
	doPreviousUnread
)

// chord is a key and what is held with it.
type chord struct {
	Key              string
	Ctrl, Alt, Shift bool // Ctrl: or the Command key
	Composing        bool
}

// shortcutOf gives what a key does. typing: it would write something where the
// focus is, so that only what is held with Ctrl or Alt means more.
func shortcutOf(k chord, typing, dialog bool) shortcut {
	switch name := strings.ToLower(k.Key); {
	case k.Composing || dialog || k.Ctrl && k.Alt: // the input method's; the dialog's; AltGr writes
	case k.Ctrl && !k.Shift && name == "k":
		return doSwitch
	case k.Ctrl && k.Shift && name == "f":
		return doSearch
	case k.Alt && name == "arrowdown" && k.Shift:
		return doNextUnread
	case k.Alt && name == "arrowup" && k.Shift:
		return doPreviousUnread
	case k.Alt && name == "arrowdown":
		return doNext
	case k.Alt && name == "arrowup":
		return doPrevious
	case typing || k.Ctrl || k.Alt:
	case name == "/":
		return doSearch
	case name == "?":
		return doHelp
	}
	return doNothing
}

// pressed looks at a key wherever one is. It runs on the event's own goroutine.
func (m *Model) pressed(e app.Event) {
	held := func(name string) bool { return e.Get(name).Truthy() }
	k := chord{
		Key: e.Get("key").String(), Ctrl: held("ctrlKey") || held("metaKey"), Alt: held("altKey"), Shift: held("shiftKey"),
		Composing: held("isComposing") || e.Get("keyCode").Truthy() && e.Get("keyCode").Int() == codeComposing,
	}
	target := e.Get("target")
	typing := target.Truthy() && target.Get("matches").Truthy() &&
		target.Call("matches", "input, textarea, select, [contenteditable]").Bool()
	do := shortcutOf(k, typing, m.Dialog != DialogNone)
	if do == doNothing || held("defaultPrevented") {
		return
	}
	e.PreventDefault()
	m.dispatch(func() { m.shortcut(do) })
}

func (m *Model) shortcut(do shortcut) {
	switch do {
	case doSwitch:
		m.open(DialogSwitch)
	case doSearch:
		m.openSearch("")
	case doHelp:
		m.open(DialogKeys)
	case doNext, doPrevious:
		m.neighbour(do == doNext, false)
	case doNextUnread, doPreviousUnread:
		m.neighbour(do == doNextUnread, true)
	}
}

// neighbour opens the next room in the list, or the one before; unread: of those
// in which something is.
func (m *Model) neighbour(down, unread bool) {
	n := len(m.Rooms)
	for i, r := range m.Rooms {
		if r.ID != m.Current {
			continue
		}
		for step := 1; step < n; step++ {
			at := (i + step) % n
			if !down {
				at = (i + n - step) % n
			}
			if next := m.Rooms[at]; !unread || next.Unread > 0 && !next.Muted {
				m.navigate(roomPath(next.ID))
				return
			}
		}
	}
}

// keysHelp shows all keys.
type keysHelp struct {
	app.Compo

	M   *Model
	Rev int
}

// OnMount opens the dialog.
func (k *keysHelp) OnMount(app.Context) { showDialog() }

// Render lists them.
func (k *keysHelp) Render() app.UI {
	m, t := k.M, k.M.T
	ctrl := "Ctrl"
	if strings.HasPrefix(app.Window().Get("navigator").Get("platform").String(), "Mac") {
		ctrl = "⌘"
	}
	var list []app.UI
	for _, key := range []struct{ does, keys string }{
		{t.KeySwitch, ctrl + " K"},
		{t.KeySearch, "/ · " + ctrl + " Shift F"},
		{t.KeyRooms, "Alt ↑ ↓"},
		{t.KeyUnread, "Alt Shift ↑ ↓"},
		{t.KeyRead, "Esc"},
		{t.KeySend, "Enter"},
		{t.KeyLine, "Shift Enter"},
		{t.KeyEdit, "↑"},
		{t.KeyHelp, "?"},
	} {
		var keys []app.UI
		for _, word := range strings.Fields(key.keys) {
			if word == "·" || word == "/" && len(keys) > 0 {
				keys = append(keys, app.Span().Text(word))
				continue
			}
			keys = append(keys, app.Kbd().Text(word))
		}
		list = append(list, app.Div().Class("key").Body(app.Dt().Text(key.does), app.Dd().Body(keys...)))
	}
	return frame(m, t.Keys, app.Dl().Class("keys").Body(list...))
}
