package ui

import (
	"context"
	"fmt"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// showRevisions shows what a message said before it was edited.
func (m *Model) showRevisions(msg wire.Message) {
	m.about = msg
	m.remember()
	m.open(DialogRevisions)
}

// revisions lists what a message said before, the newest first.
type revisions struct {
	app.Compo

	M   *Model
	Rev int

	loading bool
	problem string
	list    []wire.Revision
}

// OnMount opens the dialog and asks.
func (v *revisions) OnMount(app.Context) {
	defer v.M.guard()
	showDialog()
	v.load()
}

func (v *revisions) load() {
	m, s := v.M, v.M.session
	if s == nil {
		return
	}
	v.loading, v.problem = true, ""
	var answer wire.RevisionList
	var err error
	m.async(func(ctx context.Context) {
		err = s.client.Get(ctx, fmt.Sprintf("/rooms/%s/messages/%d/revisions", m.about.Room, m.about.Seq), &answer)
	}, func() {
		v.loading, v.list = false, answer.Revisions
		if err != nil {
			v.problem = m.T.Error(err)
		}
		m.Rev.Dialog++
	})
}

// Render draws the dialog.
func (v *revisions) Render() app.UI {
	m := v.M
	switch {
	case v.loading:
		return frame(m, m.T.History, app.Div().Class("skeleton-list").Attr("aria-busy", "true").Body(app.Div(), app.Div()))
	case v.problem != "":
		return frame(m, m.T.History, app.Div().Class("failed").Body(
			app.P().Class("problem").Attr("role", "alert").Text(v.problem),
			app.Button().Type("button").Class("button").Text(m.T.TryAgain).
				OnClick(m.on("again", func(app.Event) { v.load() })),
		))
	}
	list := []app.UI{v.said(m.T.HistoryNow, m.about.Text)}
	for i := len(v.list) - 1; i >= 0; i-- {
		list = append(list, v.said(m.Times.Full(v.list[i].Time), v.list[i].Text))
	}
	return frame(m, m.T.History, app.Ul().Class("said-list").Attr("tabindex", "0").Attr("aria-label", m.T.History).Body(list...))
}

func (v *revisions) said(when, text string) app.UI {
	return app.Li().Body(app.H3().Class("said-when").Text(when), app.P().Class("said-text").Attr("dir", "auto").Text(text))
}
