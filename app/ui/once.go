package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
)

// once is a secret that is shown when it was made, and never again: the server
// does not know it any more, or does not tell.
type once struct {
	value   string
	copied  bool
	problem string
}

// show draws it, to be copied now; nothing where there is none. id is that of the
// field.
func (o *once) show(m *Model, id, label, notice string) app.UI {
	place := app.Div().Class("parts").Attr("role", "status")
	if o.value == "" {
		return place
	}
	action := m.T.Copy
	if o.copied {
		action = m.T.Copied
	}
	return place.Body(
		app.P().Class("notice").Text(notice),
		app.Div().Class("copy").Body(
			app.Input().ID("%s", id).Type("text").ReadOnly(true).Attr("aria-label", label).Value(o.value),
			button(m, "copy-"+o.value, action, func() { o.copy(m, id) }).Class("primary"),
		),
		problemLine(o.problem),
	)
}

func (o *once) copy(m *Model, id string) {
	value := o.value
	var err error
	m.async(func(ctx context.Context) { err = browser.Copy(ctx, value, id) }, func() {
		o.copied, o.problem = err == nil, ""
		if err != nil {
			o.problem = m.T.CopyFailed
		}
		m.Rev.Dialog++
	})
}
