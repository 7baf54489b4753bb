package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// input is a field with its label and a hint.
type input struct {
	id, label, hint, kind, autocomplete string
	value                               string
	problem                             string // what is wrong with it
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
	if i.value != "" {
		field = field.Value(i.value)
	}
	if i.problem != "" {
		field = field.Attr("aria-invalid", "true").Attr("aria-describedby", i.id+"-problem")
	}
	return app.Div().Class("field").Body(
		app.Label().For("%s", i.id).Text(i.label),
		field,
		hint,
		app.P().Class("problem").ID("%s-problem", i.id).Attr("role", "alert").Text(i.problem),
	)
}
