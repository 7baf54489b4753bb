package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/rows"
	"parley/shared/texts"
	"parley/shared/wire"
)

// sidebar lists the rooms, and says who one is.
type sidebar struct {
	app.Compo

	M   *Model
	Rev int
}

// Render draws the column.
func (s *sidebar) Render() app.UI {
	m := s.M
	name := m.About.Name
	if name == "" {
		name = "Parley"
	}
	return app.Aside().Class("sidebar").Body(
		app.Header().Class("community").Body(
			app.Span().Class("community-name").Text(name),
			iconButton(iconGo, m.T.Switch).OnClick(m.on("switch", func(app.Event) { m.open(DialogSwitch) })),
			iconButton(iconPeople, m.T.Community).Hidden(!m.moderates()).
				OnClick(m.on("community", func(app.Event) { m.open(DialogCommunity) })),
			iconButton(iconClose, m.T.CloseMenu).Class("only-narrow").
				OnClick(m.on("close-drawer", func(app.Event) { m.closePanels() })),
		),
		app.Nav().Class("rooms").Attr("aria-label", m.T.Rooms).OnClick(m.on("rooms", s.clicked)).Body(
			s.section(texts.SectionRooms, m.T.Rooms),
			s.section(texts.SectionDirect, m.T.Direct),
			s.section(texts.SectionArchived, m.T.Archived),
		),
		s.account(),
	)
}

// clicked closes the drawer behind a choice, the room that is open included.
func (s *sidebar) clicked(e app.Event) {
	if s.M.Drawer && e.Get("target").Call("closest", "a").Truthy() {
		s.M.closePanels()
	}
}

// tools are for those who may find and make rooms: everybody but guests.
func (s *sidebar) tools() app.HTMLDiv {
	m := s.M
	tools := app.Div().Class("tools")
	if m.Me.Role == wire.RoleGuest {
		return tools
	}
	return tools.Body(
		iconButton(iconWrite, m.T.NewDirect).OnClick(m.on("new-direct", func(app.Event) { m.open(DialogNewDirect) })),
		iconButton(iconLoupe, m.T.BrowseRooms).OnClick(m.on("browse", func(app.Event) { m.open(DialogBrowse) })),
		iconButton(iconPlus, m.T.NewRoom).OnClick(m.on("new-room", func(app.Event) { m.open(DialogNewRoom) })),
	)
}

// section is a part of the list; only the first is there when it is empty.
func (s *sidebar) section(which int, title string) app.UI {
	var items []app.UI
	for _, r := range s.M.Rooms {
		if texts.SectionOf(r.Room) == which {
			items = append(items, app.Li().Body(s.item(r)))
		}
	}
	tools := app.Div().Class("tools").Body()
	if which == texts.SectionRooms {
		tools = s.tools()
	}
	return app.Section().Hidden(which != texts.SectionRooms && len(items) == 0).Body(
		app.Div().Class("rooms-head").Body(app.H2().Text(title), tools),
		app.Ul().Body(items...),
	)
}

func (s *sidebar) item(r client.RoomState) app.UI {
	class := "room"
	class += unreadClass(r)
	if len(r.Typing) > 0 {
		class += " has-typing"
	}
	link := app.A().Class(class).Href(roomPath(r.ID)).Attr("data-room", r.ID)
	if r.ID == s.M.Current {
		link = link.Class("current").Attr("aria-current", "page")
	}
	if r.Kind == wire.KindDirect && s.M.online[s.M.other(r)] {
		link = link.Attr("aria-description", s.M.T.Online)
	}
	return link.Body(
		s.M.sign(r),
		app.Span().Class("room-name").Text(r.Name),
		s.M.badges(r),
	)
}

// sign stands before a room's name: what kind it is, or whether the other one is
// there.
func (m *Model) sign(r client.RoomState) app.UI {
	switch {
	case r.Kind != wire.KindDirect || len(r.Members) > 2:
		return icon(kindIcon(r.Kind))
	case m.online[m.other(r)]:
		return app.Span().Class("presence", "online")
	}
	return app.Span().Class("presence")
}

func kindIcon(kind wire.RoomKind) string {
	switch kind {
	case wire.KindPrivate:
		return iconLock
	case wire.KindDirect:
		return iconPeople
	}
	return iconHash
}

func (s *sidebar) account() app.UI {
	m := s.M
	return app.Footer().Class("sidebar-foot").Body(
		app.Div().Class("update").Body(s.update()...),
		app.Div().Class("install").Body(m.noteOffer()...),
		app.Div().Class("install").Body(m.installOffer()...),
		app.Div().Class("account").Body(
			avatar(m.Me.ID, m.Me.Name),
			app.Span().Class("account-name").Text(m.Me.Name),
			iconButton(iconSettings, m.T.Settings).OnClick(m.on("settings", func(app.Event) { m.open(DialogSettings) })),
			app.Form().Class("sign-out").Method("post").Action("/logout").
				OnSubmit(m.submit("sign-out", func(func(string) string) { m.open(DialogSignOut) })).
				Body(iconButton(iconOut, m.T.SignOut).Type("submit")),
		),
	)
}

func (s *sidebar) update() []app.UI {
	m := s.M
	if !m.Updated {
		return nil
	}
	return []app.UI{
		app.Span().Text(m.T.NewVersion),
		app.Button().Type("button").Class("link").Text(m.T.Reload).OnClick(m.on("reload", func(app.Event) { m.renew() })),
	}
}

// renew starts the new version. What is attached and not sent lives as long as the
// page: it is not thrown away for that.
func (m *Model) renew() {
	for _, t := range m.trays {
		if len(t.files) > 0 {
			m.Toast, m.Calm = m.T.FilesWait, true
			m.Rev.Toast++
			return
		}
	}
	m.ctx.Reload()
}

// avatar stands for a person where there is no picture.
func avatar(id, name string) app.UI {
	return app.Span().Class("avatar", "hue"+strconv.Itoa(rows.Hue(id))).Attr("aria-hidden", "true").
		Text(rows.Initials(name))
}
