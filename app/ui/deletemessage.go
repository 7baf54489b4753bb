package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// askDelete asks before a message is deleted: there is no way back.
func (m *Model) askDelete(msg wire.Message) {
	m.about = msg
	m.remember()
	m.open(DialogDelete)
}

// deleteMessage is that question.
type deleteMessage struct {
	app.Compo

	M   *Model
	Rev int

	busy    bool
	problem string
}

// OnMount opens the dialog.
func (d *deleteMessage) OnMount(app.Context) { showDialog() }

// Render draws the question.
func (d *deleteMessage) Render() app.UI {
	m := d.M
	return frame(m, m.T.DeleteTitle,
		app.P().Class("dialog-lead").Text(m.T.DeleteLead),
		app.P().Class("shared-text").Text(m.about.Text),
		app.P().Class("problem").Attr("role", "alert").Text(d.problem),
		app.Div().Class("dialog-actions").Body(
			app.Button().Type("button").Class("button").Text(m.T.Cancel).
				OnClick(m.on("cancel", func(app.Event) { closeDialog() })),
			app.Button().Type("button").Class("button", "danger").Disabled(d.busy).Text(m.T.Delete).
				OnClick(m.on("really-delete", func(app.Event) { d.delete() })),
		),
	)
}

func (d *deleteMessage) delete() {
	m := d.M
	d.busy, d.problem = true, ""
	m.command(wire.CmdDelete, wire.Delete{Room: m.about.Room, Seq: m.about.Seq}, nil, func(err error) {
		d.busy = false
		if err != nil {
			d.problem = m.T.Error(err)
			m.Rev.Dialog++
			return
		}
		closeDialog()
	})
}
