package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// statusBar is the line below the composer: who is typing, and what carries
// the conversation.
type statusBar struct {
	app.Compo

	M   *Model
	Rev int
}

// Render draws the line.
func (s *statusBar) Render() app.UI {
	m := s.M
	r, _ := m.room(m.Current)
	names := make([]string, 0, len(r.Typing))
	for _, id := range r.Typing {
		names = append(names, m.name(id))
	}
	typing := app.Div().Class("typing").Attr("aria-live", "off")
	if len(names) > 0 {
		typing = typing.Body(
			app.Span().Class("dots").Attr("aria-hidden", "true").Body(app.I(), app.I(), app.I()),
			app.Span().Text(m.T.Typing(len(names), m.Intl.List(names))),
		)
	}
	return app.Div().Class("statusbar").Body(
		typing,
		s.offline(),
		s.rung(),
		app.A().Class("lab-link").Href(labPath).Target("_blank").Attr("title", m.T.Lab.Title).Attr("aria-label", m.T.Lab.Title).Text("?"),
	)
}

// offline comforts, and lets the impatient try.
func (s *statusBar) offline() app.UI {
	m := s.M
	box := app.Div().Class("offline")
	if m.Status.Live || m.Status.Why == "" {
		return box
	}
	return box.Body(
		app.Span().Class("offline-hint").Text(m.T.OfflineHint),
		app.Button().Type("button").Class("link").Text(m.T.TryNow).OnClick(m.on("try-now", func(app.Event) {
			if m.session != nil {
				m.session.client.Wake("asked for")
			}
		})),
	)
}

// rung names the transport that carries the feed; nothing else is in the
// element, so that it can be read as it stands.
func (s *statusBar) rung() app.UI {
	st := s.M.Status
	class, words := "rung", s.M.T.Offline
	switch {
	case st.Live:
		class, words = "rung live", s.M.T.Rungs[st.Rung]
	case st.Why == "": // nothing has gone wrong: nobody need hear of it
		words = s.M.T.Connecting
	}
	return app.Div().Class(class).Attr("role", "status").Attr("title", s.M.T.Rung).Text(words)
}
