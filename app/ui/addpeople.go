package ui

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// addPeople adds members to the room that is open.
type addPeople struct {
	app.Compo

	M   *Model
	Rev int

	problem string
}

// OnMount opens the dialog.
func (a *addPeople) OnMount(app.Context) { showDialog() }

// Render lists who is not in the room yet.
func (a *addPeople) Render() app.UI {
	m := a.M
	r, _ := m.room(m.Current)
	var list []app.UI
	for _, u := range m.Users {
		if u.Deactivated || u.Role == wire.RoleGuest || slices.Contains(r.Members, u.ID) {
			continue
		}
		list = append(list, app.Li().Class("person").Body(a.person(u)...))
	}
	var content app.UI = app.Ul().Class("found-list").Body(list...)
	if len(list) == 0 {
		content = app.P().Class("dialog-lead").Text(m.T.Everybody)
	}
	return frame(m, m.T.AddPeople,
		content,
		app.P().Class("problem").Attr("role", "alert").Text(a.problem),
	)
}

func (a *addPeople) person(u wire.User) []app.UI {
	m, id := a.M, u.ID
	return []app.UI{
		avatar(id, u.Name),
		app.Span().Class("person-name").Text(u.Name),
		app.Button().Type("button").Class("button").Text(m.T.Add).Attr("aria-label", m.T.Add+" "+u.Name).
			OnClick(m.on("add-"+id, func(app.Event) { a.add(id) })),
	}
}

func (a *addPeople) add(id string) {
	m := a.M
	m.command(wire.CmdAddMember, wire.MemberRef{Room: m.Current, User: id}, nil, func(err error) {
		a.problem = ""
		if err != nil {
			a.problem = m.T.Error(err)
		}
		m.Rev.Dialog++
	})
}
