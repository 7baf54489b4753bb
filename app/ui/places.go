package ui

import (
	"context"
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/texts"
	"parley/shared/wire"
)

// places are the public rooms as last listed, also those that one is not in:
// what was said there can be found, and links lead there.
type places struct {
	rooms map[string]wire.Room
	asked string // the room that one came to and is not in
	done  bool   // they have been listed, at whatever time
	busy  bool
	err   error
}

// offered begins with what the server's page says of the room that it was asked
// for: that one may join it, or, with nil, that there is none.
func (p *places) offered(room string, offer *wire.Room) {
	p.asked = room
	if offer != nil {
		p.rooms = map[string]wire.Room{offer.ID: *offer}
	}
}

// list are those that are wanted, as a list has them.
func (p *places) list(want func(wire.Room) bool) []wire.Room {
	var list []wire.Room
	for _, r := range p.rooms {
		if want(r) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, texts.CompareRooms)
	return list
}

// askPlaces looks for a room that one is not in.
func (m *Model) askPlaces(room string) {
	if m.places.asked != room {
		m.places.asked = room
		m.loadPlaces()
	}
}

// loadPlaces asks which public rooms there are, open and archived.
func (m *Model) loadPlaces() {
	p, s := &m.places, m.session
	if s == nil || p.busy || m.Me.Role == wire.RoleGuest { // a guest may join none
		return
	}
	p.busy, p.err = true, nil
	var open, archived wire.RoomList
	var err error
	m.async(func(ctx context.Context) {
		if err = s.client.Get(ctx, "/rooms", &open); err == nil {
			err = s.client.Get(ctx, "/rooms?archived=true", &archived)
		}
	}, func() {
		if m.session != s {
			return
		}
		p.busy, p.err = false, err
		if err == nil {
			p.done, p.rooms = true, map[string]wire.Room{}
			for _, r := range append(open.Rooms, archived.Rooms...) {
				p.rooms[r.ID] = r
			}
		}
		m.Rev.Room++
		m.Rev.Search++
		m.Rev.Dialog++
	})
}

// join enters a public room and goes there.
func (m *Model) join(room string, done func(error)) {
	m.command(wire.CmdJoin, wire.RoomRef{Room: room}, nil, func(err error) {
		done(err)
		if err == nil {
			m.navigate(roomPath(room))
		}
	})
}

// noRoom is where a path leads that names no room of one's own.
type noRoom struct {
	app.Compo

	M    *Model
	Rev  int
	Lang string
}

// Render offers to join it, or says that there is none, with a way out.
func (n *noRoom) Render() app.UI {
	m := n.M
	p := &m.places
	r, found := p.rooms[m.Current]
	empty := app.Div().Class("empty")
	switch {
	case len(m.Rooms) == 0:
		return empty
	case found:
		return empty.Body(n.offer(r)...)
	case p.err != nil:
		return empty.Body(problemLine(m.T.Error(p.err)), button(m, "places-again", m.T.TryAgain, m.loadPlaces))
	case p.busy:
		return empty.Attr("aria-busy", "true")
	}
	return empty.Body(
		app.H1().Text(m.T.NoSuchRoom),
		app.A().Class("button").Href(roomPath(wire.Lobby)).Text(m.T.BackToLobby),
	)
}

// offer says which room it is, and what joining it is for.
func (n *noRoom) offer(r wire.Room) []app.UI {
	m := n.M
	lead := m.T.JoinLead
	if r.Archived {
		lead = m.T.JoinArchived
	}
	body := []app.UI{app.H1().Body(icon(kindIcon(r.Kind)), app.Span().Text(m.T.NameOf(r, m.Me.ID, m.name)))}
	if r.Topic != "" {
		body = append(body, app.P().Class("topic").Text(r.Topic))
	}
	return append(body,
		app.P().Text(lead),
		app.Form().Method("post").Action(roomPath(r.ID)+"/join").OnSubmit(m.submit("join-here-"+r.ID, func(func(string) string) {
			m.join(r.ID, func(err error) {
				if err != nil {
					m.fail(err)
				}
			})
		})).Body(app.Button().Type("submit").Class("button", "primary").Text(m.T.Join)),
		app.A().Class("link").Href(roomPath(wire.Lobby)).Text(m.T.BackToLobby),
	)
}
