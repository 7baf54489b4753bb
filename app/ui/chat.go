package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
)

// chat is the main screen: rooms, conversation, details.
type chat struct {
	app.Compo

	M   *Model
	Rev Revs

	keys  island
	cover func() // stops waiting for the person to leave what covers the conversation; nil while nothing does
}

// OnMount listens for the keys that work everywhere.
func (c *chat) OnMount(ctx app.Context) {
	defer c.M.guard()
	c.keys = island{m: c.M, ctx: ctx}
	c.keys.listen(app.Window(), "keydown", func(e app.Event) {
		switch name := e.Get("key").String(); {
		case e.Get("isComposing").Truthy(): // the input method's
		case name == "Escape" && c.M.Dialog == DialogNone && (c.M.Drawer || c.M.Details):
			c.M.dispatch(c.M.escape)
		case name == "Escape" && c.M.Dialog == DialogNone && !e.Get("defaultPrevented").Truthy():
			c.M.dispatch(c.M.readAll)
		default:
			c.M.pressed(e)
		}
	})
}

// OnResize gives the conversation back when what covered it stands beside it.
func (c *chat) OnResize(app.Context) {
	if !narrow() {
		c.M.Drawer = false
	}
	c.M.Rev.Room++
}

// OnUpdate lets a phone's way back close what lies above the conversation, as if
// that were a place of its own.
func (c *chat) OnUpdate(app.Context) {
	switch covered := c.M.covered(); {
	case covered && c.cover == nil:
		c.cover = browser.Closes(func() { c.M.dispatch(c.M.uncover) })
	case !covered && c.cover != nil:
		c.cover()
		c.cover = nil
	}
}

// OnDismount stops listening.
func (c *chat) OnDismount() {
	c.keys.release()
	if c.cover != nil {
		c.cover()
	}
}

// Render draws the three columns. On a phone the style sheet shows one of them.
func (c *chat) Render() app.UI {
	m := c.M
	class := "chat"
	if m.Drawer {
		class += " drawer-open"
	}
	if m.Details {
		class += " details-open"
	}
	return app.Div().Class(class).Body(
		skip(m),
		&sidebar{M: m, Rev: m.Rev.Rooms + m.Rev.Users + m.Rev.Screen},
		app.Div().Class("scrim").OnClick(m.on("scrim", func(app.Event) { m.closePanels() })),
		&conversation{M: m, Rev: m.Rev},
		app.Div().Class("details-slot").Body(c.details()...),
		app.Div().Class("dialogs").Body(c.dialog()...),
	)
}

func (c *chat) details() []app.UI {
	if !c.M.Details {
		return nil
	}
	if c.M.Searching {
		return []app.UI{&searchPanel{M: c.M, Rev: c.M.Rev.Search + c.M.Rev.Users}}
	}
	return []app.UI{&members{M: c.M, Rev: c.M.Rev.Users + c.M.Rev.Room}}
}

func (c *chat) dialog() []app.UI {
	m := c.M
	switch m.Dialog {
	case DialogInvite:
		return []app.UI{&invite{M: m, Rev: m.Rev.Dialog}}
	case DialogNewRoom:
		return []app.UI{&newRoom{M: m, Rev: m.Rev.Dialog}}
	case DialogNewDirect:
		return []app.UI{&newDirect{M: m, Rev: m.Rev.Dialog + m.Rev.Users}}
	case DialogPerson:
		return []app.UI{&personDialog{M: m, Rev: m.Rev.Dialog + m.Rev.Users + m.Rev.Rooms}}
	case DialogRoom:
		return []app.UI{&roomSettings{M: m, Rev: m.Rev.Dialog + m.Rev.Users + m.Rev.Rooms}}
	case DialogCommunity:
		return []app.UI{&community{M: m, Rev: m.Rev.Dialog + m.Rev.Users}}
	case DialogSure:
		return []app.UI{&sureDialog{M: m, Rev: m.Rev.Dialog}}
	case DialogBrowse:
		return []app.UI{&browse{M: m, Rev: m.Rev.Dialog}}
	case DialogAddPeople:
		return []app.UI{&addPeople{M: m, Rev: m.Rev.Dialog}}
	case DialogSignOut:
		return []app.UI{&signOut{M: m, Rev: m.Rev.Dialog}}
	case DialogShare:
		return []app.UI{&share{M: m, Rev: m.Rev.Dialog}}
	case DialogInstall:
		return []app.UI{&installHelp{M: m, Rev: m.Rev.Dialog}}
	case DialogSlashes:
		return []app.UI{&slashHelp{M: m, Rev: m.Rev.Dialog}}
	case DialogSwitch:
		return []app.UI{&switcher{M: m, Rev: m.Rev.Dialog + m.Rev.Rooms}}
	case DialogKeys:
		return []app.UI{&keysHelp{M: m, Rev: m.Rev.Dialog}}
	case DialogSettings:
		return []app.UI{&settings{M: m, Rev: m.Rev.Dialog}}
	case DialogDelete:
		return []app.UI{&deleteMessage{M: m, Rev: m.Rev.Dialog}}
	case DialogPicture:
		return []app.UI{&viewer{M: m, Rev: m.Rev.Dialog}}
	case DialogRevisions:
		return []app.UI{&revisions{M: m, Rev: m.Rev.Dialog}}
	}
	return nil
}

// openDrawer shows the rooms on a phone, and goes there.
func (m *Model) openDrawer() {
	m.remember()
	m.Drawer = true
	m.Rev.Room++
	m.focusOn(".rooms a")
}

// showDetails shows the members, or no longer. On a phone they lie above the
// conversation, and the focus goes there.
func (m *Model) showDetails(show bool) {
	m.Details, m.Searching = show, false
	m.Rev.Room++
	if !show {
		m.refocus()
		return
	}
	m.remember()
	if narrow() {
		m.focusOn(".details button")
	}
}

// covered tells whether something lies above the conversation, which then can
// be neither seen nor used.
func (m *Model) covered() bool { return (m.Drawer || m.Details) && narrow() }

// closePanels closes what lies above the conversation on a phone.
func (m *Model) closePanels() {
	m.Drawer = false
	if narrow() {
		m.Details, m.Searching = false, false
	}
	m.Rev.Room++
	m.refocus()
}

// uncover closes what lies above the conversation, unless that has been done.
func (m *Model) uncover() {
	if m.covered() {
		m.escape()
	}
}

// escape closes whatever is open beside the conversation.
func (m *Model) escape() {
	m.Drawer, m.Details, m.Searching = false, false, false
	m.Rev.Room++
	m.refocus()
}

// narrow tells whether the page is one column; the style sheet changes there.
func narrow() bool {
	w, _ := app.Window().Size()
	return w < 760
}
