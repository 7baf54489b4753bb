package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// signOut asks before it ends the session: for guests there is no way back.
type signOut struct {
	app.Compo

	M   *Model
	Rev int
}

// OnMount opens the dialog.
func (s *signOut) OnMount(app.Context) { showDialog() }

// Render draws the question.
func (s *signOut) Render() app.UI {
	m := s.M
	warning := ""
	if m.Me.Role == wire.RoleGuest {
		warning = m.T.GuestSignOut
	}
	return frame(m, m.T.SignOutTitle,
		app.P().Class("dialog-lead").Text(warning),
		app.Div().Class("dialog-actions").Body(
			app.Button().Type("button").Class("button").Text(m.T.Cancel).
				OnClick(m.on("cancel", func(app.Event) { closeDialog() })),
			app.Button().Type("button").Class("button", "primary").Text(m.T.SignOut).
				OnClick(m.on("really-sign-out", func(app.Event) { m.signOut() })),
		),
	)
}
