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
		p.group(m.T.Online, here, true),
		p.group(m.T.Offline, away, false),
	}
}

func (p *members) group(title string, users []wire.User, online bool) app.UI {
	box := app.Section().Class("group")
	if len(users) == 0 {
		return box
	}
	list := make([]app.UI, 0, len(users))
	for _, u := range users {
		list = append(list, app.Li().Class("person").Body(p.person(u, online)...))
	}
	return box.Body(
		app.H3().Body(app.Span().Text(title), app.Span().Class("number").Text(p.M.Intl.Number(len(users)))),
		app.Ul().Attr("aria-label", title).Body(list...),
	)
}

func (p *members) person(u wire.User, online bool) []app.UI {
	m := p.M
	face := app.Span().Class("face")
	if online {
		face = face.Class("online")
	}
	extra := ""
	switch {
	case u.ID == m.Me.ID:
		extra = m.T.You
	case u.Role == wire.RoleGuest:
		extra = m.T.Guest
	case u.Role == wire.RoleBot:
		extra = m.T.Bot
	}
	return []app.UI{
		face.Body(avatar(u.ID, u.Name)),
		app.Span().Class("person-name").Text(u.Name),
		app.Span().Class("extra").Text(extra),
	}
}

func (p *members) actions(r client.RoomState) []app.UI {
	m := p.M
	var actions []app.UI
	if r.Kind != wire.KindDirect && r.ID != wire.Lobby && m.Me.Role != wire.RoleGuest {
		actions = append(actions, app.Button().Type("button").Class("button").Text(m.T.AddPeople).
			OnClick(m.on("add-people", func(app.Event) { m.open(DialogAddPeople) })))
	}
	if r.ID != wire.Lobby && r.Kind != wire.KindDirect {
		actions = append(actions, app.Button().Type("button").Class("button", "danger").Text(m.T.LeaveRoom).
			OnClick(m.on("leave", func(app.Event) { m.leave(m.Current) })))
	}
	return actions
}
