//go:build dev

package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/wire"
)

// Design shows every component in every state, in light and in dark: the
// components themselves, with models made up for it. Only development builds
// have it.
type Design struct {
	app.Compo

	m *Model
}

// NewDesign gives the page.
func NewDesign() *Design { return &Design{} }

// OnInit makes up a community.
func (d *Design) OnInit() {
	m := newModel()
	m.dispatch = func(fn func()) { fn() }
	m.Screen, m.About = ScreenChat, wire.About{Name: "Analytical Society"}
	m.Users = []wire.User{
		{ID: "ada", Name: "Ada Lovelace", Role: wire.RoleOwner},
		{ID: "ben", Name: "Ben Okri", Role: wire.RoleMember},
		{ID: "mei", Name: "陈小明", Role: wire.RoleMember},
		{ID: "gus", Name: "Gus", Role: wire.RoleGuest},
		{ID: "bot", Name: "Deploy bot", Role: wire.RoleBot},
		{ID: "long", Name: "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff Sr.", Role: wire.RoleMember},
	}
	for _, u := range m.Users {
		m.users[u.ID] = u
		m.online[u.ID] = u.ID == "ada" || u.ID == "mei"
	}
	m.Me = m.Users[0]
	room := func(id, name string, kind wire.RoomKind, unread uint64, typing ...string) client.RoomState {
		return client.RoomState{Room: wire.Room{ID: id, Name: name, Kind: kind, Topic: "What grows, what does not", Members: []string{"ada", "ben", "mei", "gus", "bot", "long"}}, Unread: unread, Typing: typing}
	}
	m.Rooms = []client.RoomState{
		room("lobby", "lobby", wire.KindPublic, 0), room("board", "board", wire.KindPrivate, 0),
		room("garden", "garden", wire.KindPublic, 3), room("ben", "Ben Okri", wire.KindDirect, 120),
		room("zh", "周末徒步 hiking", wire.KindPublic, 1, "mei"),
		room("long", "a room whose name is longer than the column is wide", wire.KindPublic, 0),
	}
	m.Current = "garden"
	m.Status = client.Status{Live: true, Synced: true}
	d.m = m
}

// OnMount takes the server's page away.
func (d *Design) OnMount(ctx app.Context) {
	d.m.ctx = ctx
	d.m.dispatch = func(fn func()) { ctx.Dispatch(func(app.Context) { fn() }) }
	if page := readPage(); page != nil {
		page.remove()
	}
}

// with is the model in another state.
func (d *Design) with(change func(m *Model)) *Model {
	m := *d.m
	change(&m)
	return &m
}

// Render draws it all twice.
func (d *Design) Render() app.UI {
	m := d.m
	dialog := &chat{M: m}
	return app.Div().ID("app").Class("design").Body(
		app.Header().Class("design-head").Body(app.H1().Text("Parley’s components"), app.Range(designDialogs).Slice(func(i int) app.UI {
			open := designDialogs[i]
			return app.Button().Type("button").Class("button").Text(open.name).OnClick(m.on(open.name, func(app.Event) {
				m.offer = offer{text: "Tea & 茶\nhttps://example.org/tea", left: []string{"cat.png"}}
				m.Person = "ben"
				m.viewing = viewing{list: designPictures(), at: 1}
				m.asked = question{title: "Leave garden?", lead: m.T.LeaveLead, action: m.T.LeaveRoom, do: func(done func(error)) { done(nil) }}
				m.open(open.dialog)
			}))
		})),
		app.Div().Class("design-sheets").Body(d.sheet("light"), d.sheet("dark")),
		app.Div().Class("dialogs").Body(dialog.dialog()...),
	)
}

var designDialogs = []struct {
	name   string
	dialog Dialog
}{
	{"Invite", DialogInvite},
	{"New room", DialogNewRoom},
	{"Browse", DialogBrowse},
	{"Add people", DialogAddPeople},
	{"Settings", DialogSettings},
	{"Sign out", DialogSignOut},
	{"Share", DialogShare},
	{"Install", DialogInstall},
	{"Go to", DialogSwitch},
	{"Keys", DialogKeys},
	{"New message", DialogNewDirect},
	{"Person", DialogPerson},
	{"Room settings", DialogRoom},
	{"Community", DialogCommunity},
	{"Question", DialogSure},
	{"Picture", DialogPicture},
}

func (d *Design) sheet(theme string) app.UI {
	return app.Section().Class("design-sheet").Attr("data-theme", theme).Attr("aria-label", theme).Body(
		part("Colour", d.colours()...),
		part("Type", d.type_()...),
		part("Buttons", d.buttons()...),
		part("Fields", d.fields()...),
		part("Ways in", d.doors()...),
		part("Messages", d.messages()...),
		part("Files", d.files()...),
		part("Above the oldest message", d.tops()...),
		part("Composer", d.composers()...),
		part("Connection", d.states()...),
		part("Rooms and people", d.columns()...),
		part("Found", d.found()),
		part("Said once", d.words()...),
		part("No room", app.Div().Class("design-box").Body(&noRoom{M: d.m})),
	)
}

func part(title string, body ...app.UI) app.UI {
	return app.Section().Class("design-part").Body(append([]app.UI{app.H2().Text(title)}, body...)...)
}

func row(body ...app.UI) app.UI { return app.Div().Class("design-row").Body(body...) }

func box(body ...app.UI) app.UI { return app.Div().Class("design-box").Body(body...) }
