package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// problemLine says what went wrong, as soon as it has.
func problemLine(problem string) app.UI {
	return app.P().Class("problem").Attr("role", "alert").Text(problem)
}

// doneLine says that something has worked.
func doneLine(words string) app.UI {
	return app.P().Class("done").Attr("role", "status").Text(words)
}

func cancelButton(m *Model) app.UI {
	return app.Button().Type("button").Class("button").Text(m.T.Cancel).
		OnClick(m.on("cancel", func(app.Event) { closeDialog() }))
}

// button does one thing.
func button(m *Model, id, label string, do func()) app.HTMLButton {
	return app.Button().Type("button").Class("button").Text(label).OnClick(m.on(id, func(app.Event) { do() }))
}

// loading is something that is asked for from afar: on its way, failed, or here.
type loading struct {
	done bool
	err  error
}

// get asks a query, and then draws the dialog again.
func (l *loading) get(m *Model, path string, result any, then func()) {
	s := m.session
	if s == nil {
		return
	}
	l.err = nil
	var err error
	m.async(func(ctx context.Context) { err = s.client.Get(ctx, path, result) }, func() {
		l.done, l.err = l.done || err == nil, err
		if err == nil {
			then()
		}
		m.Rev.Dialog++
	})
}

// show draws what has come, or that it has not.
func (l *loading) show(m *Model, id string, again func(), content func() app.UI) app.UI {
	switch {
	case l.err != nil:
		return app.Div().Class("failed").Body(problemLine(m.T.Error(l.err)), button(m, id+"-again", m.T.TryAgain, again))
	case !l.done:
		return app.Div().Class("skeleton-list").Attr("aria-busy", "true").Body(app.Div(), app.Div(), app.Div())
	}
	return content()
}

// tab is a part of a dialog that has several, of which one is shown.
type tab struct {
	id, label string
	body      func() []app.UI
}

// tabs draws the strip of names and the part that is open. The arrow keys go
// along the strip (WAI-ARIA, tabs with automatic activation).
func tabs(m *Model, open string, choose func(string), list ...tab) app.UI {
	var strip, body []app.UI
	at := 0
	for i, t := range list {
		if t.id == open {
			at = i
		}
	}
	for i, t := range list {
		focusable := -1
		if i == at {
			focusable = 0
		}
		strip = append(strip, app.Button().Type("button").Class("tab").ID("tab-%s", t.id).Attr("role", "tab").Attr("aria-selected", i == at).
			Attr("aria-controls", "tab-panel").TabIndex(focusable).Text(t.label).
			OnClick(m.on("tab-"+t.id, func(app.Event) { choose(t.id) })))
	}
	if len(list) > 0 {
		body = list[at].body()
	}
	return app.Div().Class("tabbed").Body(
		app.Div().Class("tabs").Attr("role", "tablist").Body(strip...).OnKeyDown(m.on("tabs-"+open, func(e app.Event) {
			step := map[string]int{"ArrowLeft": len(list) - 1, "ArrowRight": 1}[e.Get("key").String()]
			if step == 0 {
				return
			}
			e.PreventDefault()
			next := list[(at+step)%len(list)].id
			choose(next)
			m.focusOn("#tab-" + next)
		})),
		app.Div().Class("tab-panel").ID("tab-panel").Attr("role", "tabpanel").Attr("aria-labelledby", "tab-"+list[at].id).Body(body...),
	)
}

// question is asked before what cannot be taken back.
type question struct {
	title, lead, action string
	do                  func(done func(error))
	back                Dialog // that is shown afterwards,
	tab                 string // and which part of it
}

// sure asks a question.
func (m *Model) sure(q question) {
	m.asked = q
	m.open(DialogSure)
}

// sureDialog asks it.
type sureDialog struct {
	app.Compo

	M   *Model
	Rev int

	busy    bool
	problem string
}

// OnMount opens the dialog.
func (s *sureDialog) OnMount(app.Context) { showDialog() }

// Render draws the question.
func (s *sureDialog) Render() app.UI {
	m, q := s.M, s.M.asked
	return frame(m, q.title,
		app.P().Class("dialog-lead").Text(q.lead),
		problemLine(s.problem),
		app.Div().Class("dialog-actions").Body(
			button(m, "not-sure", m.T.Cancel, s.leave).AutoFocus(true),
			button(m, "sure", q.action, s.do).Class("danger").Disabled(s.busy),
		),
	)
}

func (s *sureDialog) leave() {
	if back := s.M.asked.back; back != DialogNone {
		s.M.returning = s.M.asked.tab
		s.M.open(back)
		return
	}
	closeDialog()
}

// backTo is the part of a dialog that one comes back to, "" for none; once.
func (m *Model) backTo() string {
	tab := m.returning
	m.returning = ""
	return tab
}

func (s *sureDialog) do() {
	m := s.M
	s.busy, s.problem = true, ""
	m.Rev.Dialog++
	m.asked.do(func(err error) {
		s.busy = false
		m.Rev.Dialog++
		if err != nil {
			s.problem = m.T.Error(err)
			return
		}
		s.leave()
	})
}
