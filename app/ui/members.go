package ui

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/wire"
)

// members lists who is in the room, those who are there first.
type members struct {
	app.Compo

	M   *Model
	Rev int
}

// Render draws the column.
func (p *members) Render() app.UI {
	m := p.M
	r, _ := m.room(m.Current)
	return app.Aside().Class("details").ID("details").Attr("aria-label", m.T.RoomDetails).Body(
		app.Header().Class("details-head").Body(
			app.H2().Text(m.T.Members),
			iconButton(iconClose, m.T.Close).OnClick(m.on("close-details", func(app.Event) { m.showDetails(false) })),
		),
		app.Div().Class("people").Body(p.people(r)...),
		app.Div().Class("details-foot").Body(p.actions(r)...),
	)
}

func (p *members) people(r client.RoomState) []app.UI {
	m := p.M
	var here, away []wire.User
	for _, u := range m.Users {
		switch {
		case !slices.Contains(r.Members, u.ID):
		case m.online[u.ID]:
			here = append(here, u)
		default:
			away = append(away, u)
		}
	}
	return []app.UI{
		p.group(m.T.Online, here),
		p.group(m.T.Offline, away),
	}
}

func (p *members) group(title string, users []wire.User) app.UI {
	box := app.Section().Class("group")
	if len(users) == 0 {
		return box
	}
	list := make([]app.UI, 0, len(users))
	for _, u := range users {
		list = append(list, app.Li().Body(p.M.personButton(u)))
	}
	return box.Body(
		app.H3().Body(app.Span().Text(title), app.Span().Class("number").Text(p.M.Intl.Number(len(users)))),
		app.Ul().Attr("aria-label", title).Body(list...),
	)
}

// personButton opens what there is to know of somebody.
func (m *Model) personButton(u wire.User) app.UI {
	return app.Button().Type("button").Class("person", "person-button").OnClick(m.on("person-"+u.ID, func(app.Event) { m.showPerson(u.ID) })).Body(
		m.face(u),
		app.Span().Class("person-name").Text(u.Name),
		app.Span().Class("extra").Text(m.extra(u)),
	)
}

// face stands for somebody, with a dot when they are here.
func (m *Model) face(u wire.User) app.UI {
	face := app.Span().Class("face")
	if m.online[u.ID] {
		face = face.Class("online")
	}
	return face.Body(avatar(u.ID, u.Name))
}

// extra is what is to be known of somebody beside the name.
func (m *Model) extra(u wire.User) string {
	switch {
	case u.ID == m.Me.ID:
		return m.T.You
	case u.Deactivated:
		return m.T.Deactivated
	case u.Role == wire.RoleMember:
		return ""
	}
	return m.role(u.Role)
}

func (p *members) actions(r client.RoomState) []app.UI {
	m := p.M
	actions := []app.UI{button(m, "room-settings-2", m.T.RoomSettings, func() { m.open(DialogRoom) })}
	if m.mayAdd(r) {
		actions = append(actions, app.Button().Type("button").Class("button").Text(m.T.AddPeople).
			OnClick(m.on("add-people", func(app.Event) { m.open(DialogAddPeople) })))
	}
	if m.mayLeave(r) {
		actions = append(actions, app.Button().Type("button").Class("button", "danger").Text(m.T.LeaveRoom).
			OnClick(m.on("leave-"+r.ID+r.Name, func(app.Event) { m.askLeave(r) })))
	}
	return actions
}
