package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// browse lists the public rooms, to be joined.
type browse struct {
	app.Compo

	M   *Model
	Rev int

	loaded bool
	rooms  []wire.Room
	err    error
}

// OnMount opens the dialog and asks which rooms there are.
func (b *browse) OnMount(app.Context) {
	defer b.M.guard()
	showDialog()
	b.load()
}

func (b *browse) load() {
	m, s := b.M, b.M.session
	b.err = nil
	var list wire.RoomList
	var err error
	m.async(func(ctx context.Context) { err = s.client.Get(ctx, "/rooms", &list) }, func() {
		b.loaded, b.rooms, b.err = err == nil, list.Rooms, err
		m.Rev.Dialog++
	})
}

// Render draws the list: skeleton, error or rooms.
func (b *browse) Render() app.UI {
	m := b.M
	return frame(m, m.T.BrowseRooms, b.content())
}

func (b *browse) content() app.UI {
	m := b.M
	switch {
	case b.err != nil:
		return app.Div().Class("failed").Body(
			app.P().Class("problem").Attr("role", "alert").Text(m.T.Error(b.err)),
			app.Button().Type("button").Class("button").Text(m.T.TryAgain).
				OnClick(m.on("browse-again", func(app.Event) { b.load() })),
		)
	case !b.loaded:
		return app.Div().Class("skeleton-list").Attr("aria-busy", "true").Body(app.Div(), app.Div(), app.Div())
	case len(b.rooms) == 0:
		return app.P().Class("dialog-lead").Text(m.T.NoMoreRooms)
	}
	list := make([]app.UI, 0, len(b.rooms))
	for _, r := range b.rooms {
		list = append(list, app.Li().Class("found").Body(b.item(r)...))
	}
	return app.Ul().Class("found-list").Body(list...)
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
	m.command(wire.CmdJoin, wire.RoomRef{Room: id}, nil, func(err error) {
		if err != nil {
			b.err = err
			m.Rev.Dialog++
			return
		}
		closeDialog()
		m.navigate(roomPath(id))
	})
}
