package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dialogID is the element of the dialog that is open: there is one at a time.
const dialogID = "dialog"

// frame is a modal dialog: the browser keeps the focus inside, gives it back
// afterwards, and closes on Escape.
func frame(m *Model, title string, body ...app.UI) app.UI {
	return app.Elem("dialog").ID("%s", dialogID).Class("dialog").Attr("aria-labelledby", "dialog-title").
		On("close", first2(m.on("dialog-close", func(app.Event) {
			m.open(DialogNone)
			m.refocus()
		}))).
		On("mousedown", first2(m.on("dialog-outside", func(e app.Event) {
			if e.Get("target").Equal(app.Window().GetElementByID(dialogID)) {
				closeDialog()
			}
		}))).
		Body(
			app.Div().Class("dialog-box").Body(
				app.Header().Class("dialog-head").Body(
					app.H2().ID("dialog-title").Text(title),
					iconButton(iconClose, m.T.Close).OnClick(m.on("dialog-x", func(app.Event) { closeDialog() })),
				),
				app.Div().Class("dialog-body").Body(body...),
			),
		)
}

// first2 leaves the scope of a handler out, for elements that never change it.
func first2(h app.EventHandler, _ app.EventOption) app.EventHandler { return h }

// showDialog is called when a dialog has been mounted.
func showDialog() {
	if d := app.Window().GetElementByID(dialogID); d.Truthy() && !d.Get("open").Bool() {
		d.Call("showModal")
	}
}

// closeDialog lets the browser close it, which gives the focus back.
func closeDialog() {
	if d := app.Window().GetElementByID(dialogID); d.Truthy() {
		d.Call("close")
	}
}
