package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/wire"
)

// maxFound bounds how many people are drawn: whoever looks for more types a name.
const maxFound = 100

// other is who one talks to in a room of two; oneself in that of one.
func (m *Model) other(r client.RoomState) string {
	for _, id := range r.Members {
		if id != m.Me.ID {
			return id
		}
	}
	return m.Me.ID
}

// write opens the direct room with these people.
func (m *Model) write(ids []string, failed func(error)) {
	var room wire.Room
	m.command(wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: ids}, &room, func(err error) {
		if err != nil {
			failed(err)
			return
		}
		closeDialog()
		if narrow() {
			m.Details = false
		}
		m.navigate(roomPath(room.ID))
	})
}

// newDirect chooses people to write to.
type newDirect struct {
	app.Compo

	M   *Model
	Rev int

	looked  string
	chosen  []string // ids, in the order of choosing
	problem string
}

// OnMount opens the dialog.
func (n *newDirect) OnMount(app.Context) { showDialog() }

// Render draws who can be chosen, those who are chosen first.
func (n *newDirect) Render() app.UI {
	m := n.M
	var chosen, found []app.UI
	for _, u := range m.Users {
		switch {
		case u.Deactivated || u.ID == m.Me.ID:
		case n.has(u.ID):
			chosen = append(chosen, n.person(u))
		case len(found) < maxFound && matches(u.Name, n.looked):
			found = append(found, n.person(u))
		}
	}
	list := append(chosen, found...)
	var people app.UI = app.Ul().Class("found-list").Attr("aria-label", m.T.Members).Body(list...)
	if len(list) == 0 {
		people = app.P().Class("hint").Attr("role", "status").Text(m.T.NobodyFound)
	}
	return frame(m, m.T.NewDirect,
		app.P().Class("dialog-lead").Text(m.T.DirectLead),
		app.Form().Class("form").OnSubmit(m.submit("write", func(func(string) string) { n.start() })).Body(
			m.findPeople(func(looked string) { n.looked = looked }),
			people,
			problemLine(n.problem),
			app.Div().Class("dialog-actions").Body(
				cancelButton(m),
				app.Button().Type("submit").Class("button", "primary").Text(m.T.Start).Disabled(len(n.chosen) == 0),
			),
		),
	)
}

// findPeople is a field to look for people in.
func (m *Model) findPeople(look func(string)) app.UI {
	return app.Div().Class("field").Body(
		app.Input().Type("search").Attr("aria-label", m.T.FindPeople).Placeholder(m.T.FindPeople).AutoFocus(true).
			Attr("autocomplete", "off").OnInput(m.on("find-people", func(e app.Event) {
			look(strings.TrimSpace(e.Get("target").Get("value").String()))
			m.Rev.Dialog++
		})),
	)
}

// matches tells whether a name is one of those that are looked for.
func matches(name, looked string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(looked))
}

func (n *newDirect) person(u wire.User) app.UI {
	m, id := n.M, u.ID
	return app.Li().Body(app.Label().Class("person", "pick").Body(
		app.Input().Type("checkbox").Checked(n.has(id)).OnChange(m.on("pick-"+id, func(app.Event) { n.toggle(id) })),
		m.face(u),
		app.Span().Class("person-name").Text(u.Name),
		app.Span().Class("extra").Text(m.extra(u)),
	))
}

func (n *newDirect) has(id string) bool {
	for _, c := range n.chosen {
		if c == id {
			return true
		}
	}
	return false
}

func (n *newDirect) toggle(id string) {
	var rest []string
	for _, c := range n.chosen {
		if c != id {
			rest = append(rest, c)
		}
	}
	if len(rest) == len(n.chosen) {
		rest = append(rest, id)
	}
	n.chosen, n.problem = rest, ""
	n.M.Rev.Dialog++
}

func (n *newDirect) start() {
	if len(n.chosen) == 0 {
		return
	}
	n.M.write(n.chosen, func(err error) {
		n.problem = n.M.T.Error(err)
		n.M.Rev.Dialog++
	})
}
