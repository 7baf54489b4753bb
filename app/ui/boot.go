package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// boot is what is seen before the server has told who one is: nothing, at
// first, and after a moment what it is waiting for.
type boot struct {
	app.Compo

	M   *Model
	Rev int
}

// Render shows words only once there is something to wait for; the style sheet
// keeps them back for half a second.
func (b *boot) Render() app.UI {
	m := b.M
	words := m.T.Connecting
	if m.Status.Why != "" {
		words = m.T.StillConnecting
	}
	return app.Main().Class("door boot-wait").Body(
		app.Div().Class("boot-words").Attr("role", "status").Body(
			mark(),
			app.P().Text(words),
		),
	)
}

// mark is the sign of Parley.
func mark() app.UI {
	return app.Img().Class("door-mark").Src("/favicon.svg").Aria("hidden", true).Width(44).Height(44)
}
