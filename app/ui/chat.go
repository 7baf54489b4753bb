package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// chat is the main screen: rooms, conversation, details.
type chat struct {
	app.Compo

	M   *Model
	Rev Revs
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
	return []app.UI{&members{M: c.M, Rev: c.M.Rev.Users + c.M.Rev.Room}}
}

func (c *chat) dialog() []app.UI {
	m := c.M
	switch m.Dialog {
	case DialogInvite:
		return []app.UI{&invite{M: m, Rev: m.Rev.Dialog}}
	case DialogNewRoom:
		return []app.UI{&newRoom{M: m, Rev: m.Rev.Dialog}}
	case DialogBrowse:
		return []app.UI{&browse{M: m, Rev: m.Rev.Dialog}}
	case DialogAddPeople:
		return []app.UI{&addPeople{M: m, Rev: m.Rev.Dialog}}
	case DialogSignOut:
		return []app.UI{&signOut{M: m, Rev: m.Rev.Dialog}}
	}
	return nil
}

// closePanels closes what lies above the conversation on a phone.
func (m *Model) closePanels() {
	m.Drawer = false
	if narrow() {
		m.Details = false
	}
	m.Rev.Room++
}

// narrow tells whether the page is one column; the style sheet changes there.
func narrow() bool {
	w, _ := app.Window().Size()
	return w < 760
}
