package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// browse lists the public rooms, to be joined: those where people talk, and those
// that are archived.
type browse struct {
	app.Compo

	M   *Model
	Rev int

	tab     string
	problem string
}

const tabArchived = "archived"

// OnMount opens the dialog and asks which rooms there are.
func (b *browse) OnMount(app.Context) {
	defer b.M.guard()
	showDialog()
	b.M.loadPlaces()
}

// Render draws its parts.
func (b *browse) Render() app.UI {
	m := b.M
	return frame(m, m.T.BrowseRooms, tabs(m, b.tab, func(id string) {
		b.tab, b.problem = id, ""
		m.Rev.Dialog++
	},
		tab{"rooms", m.T.Rooms, func() []app.UI { return b.part(false) }},
		tab{tabArchived, m.T.Archived, func() []app.UI { return b.part(true) }},
	))
}

func (b *browse) part(archived bool) []app.UI {
	m, p := b.M, &b.M.places
	shown := loading{done: p.done, err: p.err}
	return []app.UI{
		app.P().Class("dialog-lead").Text(map[bool]string{true: m.T.ArchivedLead}[archived]),
		shown.show(m, "browse", m.loadPlaces, func() app.UI { return b.list(archived) }),
		problemLine(b.problem),
	}
}

func (b *browse) list(archived bool) app.UI {
	m := b.M
	rooms := m.places.list(func(r wire.Room) bool { return r.Archived == archived })
	if len(rooms) == 0 {
		words := m.T.NoMoreRooms
		if archived {
			words = m.T.NoArchived
		}
		return app.P().Class("hint").Text(words)
	}
	list := make([]app.UI, 0, len(rooms))
	for _, r := range rooms {
		list = append(list, app.Li().Class("found").Body(b.item(r)...))
	}
	return app.Ul().Class("found-list").Attr("aria-label", m.T.BrowseRooms).Body(list...)
}

func (b *browse) item(r wire.Room) []app.UI {
	m, id := b.M, r.ID
	name := m.T.NameOf(r, m.Me.ID, m.name)
	_, joined := m.room(id)
	action := app.Button().Type("button").Class("button").Text(m.T.Join).Attr("aria-label", m.T.Join+" "+name).
		OnClick(m.on("join-"+id, func(app.Event) { b.join(id) }))
	if joined {
		action = app.Button().Type("button").Class("button", "quiet").Text(m.T.Joined).Disabled(true)
	}
	return []app.UI{
		icon(kindIcon(r.Kind)),
		app.Div().Class("found-text").Body(
			app.Span().Class("found-name").Text(name),
			app.Span().Class("topic").Text(r.Topic),
		),
		action,
	}
}

func (b *browse) join(id string) {
	m := b.M
	m.join(id, func(err error) {
		if err != nil {
			b.problem = m.T.Error(err)
			m.Rev.Dialog++
			return
		}
		closeDialog()
	})
}
