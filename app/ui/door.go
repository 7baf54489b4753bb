package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// door is what the ways in have in common: one request at a time, and what
// became of it.
type door struct {
	busy    bool
	problem words
}

// knock makes a request and lets the person in, or says why not.
func (d *door) knock(m *Model, request func(context.Context) (wire.User, error), refused func(error)) {
	if d.busy {
		return
	}
	d.busy, d.problem = true, nil
	var err error
	m.async(func(ctx context.Context) { _, err = request(ctx) }, func() {
		d.busy = false
		m.Rev.Screen++
		if err == nil {
			m.Notice = nil
			m.entered()
			return
		}
		d.problem = about(err)
		if refused != nil {
			refused(err)
		}
	})
}

// refuse says why nothing was asked.
func (d *door) refuse(problem words) { d.problem = problem }

// card is the frame around a way in.
func card(m *Model, title, lead string, form app.UI) app.UI {
	return app.Main().Class("door").Body(
		app.Div().Class("door-card").Body(
			mark(),
			app.H1().Text(title),
			app.P().Class("door-lead").Text(lead),
			form,
		),
	)
}

// note is a line for what went wrong, there before it speaks.
func (d *door) note(m *Model) app.UI {
	class, said := "problem", m.say(d.problem)
	if said == "" && m.Notice != nil {
		class, said = "notice", m.say(m.Notice)
	}
	return app.P().Class(class).Attr("role", "alert").Text(said)
}

// input is a field with its label and a hint.
type input struct {
	id, label, hint, kind, autocomplete string
	focus                               bool
	max                                 int
}

func (i input) render() app.UI {
	if i.kind == "" {
		i.kind = "text"
	}
	field := app.Input().ID("%s", i.id).Name(i.id).Type(i.kind).AutoFocus(i.focus).
		Attr("autocomplete", i.autocomplete).Attr("autocapitalize", "off").Spellcheck(false)
	if i.max > 0 {
		field = field.MaxLength(i.max)
	}
	hint := app.P().Class("hint").ID("%s-hint", i.id).Text(i.hint)
	if i.hint != "" {
		field = field.Attr("aria-describedby", i.id+"-hint")
	}
	return app.Div().Class("field").Body(
		app.Label().For("%s", i.id).Text(i.label),
		field,
		hint,
	)
}

func (d *door) button(label string) app.UI {
	b := app.Button().Type("submit").Class("button", "primary", "wide").Text(label)
	if d.busy {
		b = b.Attr("aria-busy", "true")
	}
	return b
}
