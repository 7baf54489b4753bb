package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// newRoom makes a room.
type newRoom struct {
	app.Compo

	M   *Model
	Rev int

	private bool
	busy    bool
	problem string
}

// OnMount opens the dialog.
func (n *newRoom) OnMount(app.Context) { showDialog() }

// Render draws the form.
func (n *newRoom) Render() app.UI {
	m := n.M
	return frame(m, m.T.NewRoom,
		app.Form().Class("form").Attr("novalidate", "novalidate").OnSubmit(m.submit("create-room", n.submit)).Body(
			input{id: "room-name", label: m.T.RoomName, autocomplete: "off", focus: true}.render(),
			input{id: "topic", label: m.T.Topic, hint: m.T.Optional, autocomplete: "off"}.render(),
			app.Label().Class("check").Body(
				app.Input().Type("checkbox").Name("private").Checked(n.private).
					OnChange(m.on("private", func(e app.Event) {
						n.private = e.Get("target").Get("checked").Bool()
						m.Rev.Dialog++
					})),
				app.Span().Class("choice-label").Text(m.T.Private),
				app.Span().Class("choice-hint").Text(m.T.PrivateHint),
			),
			app.P().Class("problem").Attr("role", "alert").Text(n.problem),
			app.Div().Class("dialog-actions").Body(
				app.Button().Type("button").Class("button").Text(m.T.Cancel).
					OnClick(m.on("cancel", func(app.Event) { closeDialog() })),
				app.Button().Type("submit").Class("button", "primary").Text(m.T.CreateRoom),
			),
		),
	)
}

func (n *newRoom) submit(field func(string) string) {
	m := n.M
	args := wire.CreateRoom{Kind: wire.KindPublic, Name: strings.TrimSpace(field("room-name")), Topic: strings.TrimSpace(field("topic"))}
	if n.private {
		args.Kind = wire.KindPrivate
	}
	if n.busy {
		return
	}
	if args.Name == "" {
		n.problem = m.T.NameNeeded
		m.Rev.Dialog++
		return
	}
	n.busy = true
	var made wire.Room
	m.command(wire.CmdCreateRoom, args, &made, func(err error) {
		n.busy = false
		m.Rev.Dialog++
		if err != nil {
			n.problem = m.T.Error(err)
			return
		}
		closeDialog()
		m.navigate(roomPath(made.ID))
	})
}
