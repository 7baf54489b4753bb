package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/wire"
)

// conversation is the room that is open.
type conversation struct {
	app.Compo

	M   *Model
	Rev Revs
}

// Render draws the room, or says that there is none.
func (c *conversation) Render() app.UI {
	m := c.M
	r, ok := m.room(m.Current)
	main := app.Main().Class("conversation")
	if m.covered() {
		main = main.Attr("inert", "inert")
	}
	return main.Body(
		c.header(r, ok),
		c.body(r, ok),
	)
}

func (c *conversation) header(r client.RoomState, ok bool) app.UI {
	m := c.M
	head := []app.UI{
		iconButton(iconMenu, m.T.OpenRooms).Class("only-narrow", c.menuClass()).
			Attr("aria-expanded", strconv.FormatBool(m.Drawer)).
			OnClick(m.on("drawer", func(app.Event) { m.openDrawer() })),
	}
	if ok {
		head = append(head,
			app.Div().Class("room-title").Body(
				app.H1().Body(m.sign(r), app.Span().Text(r.Name)),
				app.P().Class("topic").Attr("title", r.Topic).Text(r.Topic),
			),
			c.actions(r),
		)
	}
	return app.Header().Class("room-head").Body(head...)
}

// menuClass marks the button to the rooms when something is unread there.
func (c *conversation) menuClass() string {
	for _, r := range c.M.Rooms {
		if r.Unread > 0 && !r.Muted && r.ID != c.M.Current {
			return "menu-button unread-elsewhere"
		}
	}
	return "menu-button"
}

func (c *conversation) actions(r client.RoomState) app.UI {
	m := c.M
	label := m.T.Members
	if n := len(r.Members); n > 0 {
		label = m.T.MemberCount(m.number(n))
	}
	actions := []app.UI{
		iconButton(iconLoupe, m.T.Search).OnClick(m.on("search", func(app.Event) { m.openSearch("") })),
		app.Button().Type("button").Class("button", "quiet").Attr("aria-label", label).Attr("title", m.T.Members).
			Attr("aria-expanded", strconv.FormatBool(m.Details && !m.Searching)).Attr("aria-controls", "details").
			OnClick(m.on("members", func(app.Event) { m.showDetails(!m.Details || m.Searching) })).
			Body(icon(iconPeople), app.Span().Text(m.memberNumber(r))),
	}
	if m.Me.Role != wire.RoleGuest && m.Me.Role != wire.RoleBot {
		actions = append(actions, app.Button().Type("button").Class("button", "invite-button").Attr("aria-label", m.T.Invite).
			OnClick(m.on("invite", func(app.Event) { m.open(DialogInvite) })).
			Body(icon(iconInvite), app.Span().Class("wide-only").Text(m.T.Invite)))
	}
	actions = append(actions, iconButton(iconSettings, m.T.RoomSettings).OnClick(m.on("room-settings", func(app.Event) { m.open(DialogRoom) })))
	return app.Div().Class("actions").Body(actions...)
}

// memberNumber is empty for rooms too large for their members to be listed.
func (m *Model) memberNumber(r client.RoomState) string {
	if len(r.Members) == 0 {
		return ""
	}
	return m.Intl.Number(len(r.Members))
}

func (c *conversation) body(r client.RoomState, ok bool) app.UI {
	m := c.M
	if !ok {
		return &noRoom{M: m, Rev: m.Rev.Room, Lang: m.T.Lang}
	}
	return app.Div().Class("talk").Body(
		&timelineView{M: m},
		c.composer(r),
		&statusBar{M: m, Rev: m.Rev.Status + m.Rev.Rooms + m.Rev.Users},
	)
}

// composer is where one writes, or says that nobody does any more.
func (c *conversation) composer(r client.RoomState) app.UI {
	if r.Archived {
		return app.Div().Class("composer-place").Body(app.P().Class("archived").Text(c.M.T.ArchivedLine))
	}
	return &composerView{M: c.M, Room: r.Name, Lang: c.M.T.Lang}
}
