package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/prefs"
	"parley/shared/texts"
)

// settings are a person's own, in this browser: the language and the look.
type settings struct {
	app.Compo

	M   *Model
	Rev int
}

// OnMount opens the dialog.
func (s *settings) OnMount(app.Context) { showDialog() }

// Render draws what can be chosen. A choice counts at once.
func (s *settings) Render() app.UI {
	m := s.M
	languages := []option{{label: m.T.FollowBrowser}}
	for _, t := range texts.Languages {
		languages = append(languages, option{value: t.Lang, label: t.Called, lang: t.Lang})
	}
	return frame(m, m.T.Settings,
		choose(m, "language", m.T.Language, m.Language, m.prefer, languages...),
		choose(m, "theme", m.T.Appearance, m.Theme, m.dress,
			option{label: m.T.FollowSystem}, option{value: prefs.Light, label: m.T.Light}, option{value: prefs.Dark, label: m.T.Dark}),
		app.Div().Class("settings-install").Body(s.installing()...),
	)
}

// installing offers to install the app, where that is possible here.
func (s *settings) installing() []app.UI {
	m := s.M
	if m.install() == installNone {
		return nil
	}
	return []app.UI{
		app.P().Class("hint").Text(m.T.InstallLead),
		app.Button().Type("button").Class("button").Text(m.T.InstallApp).OnClick(m.on("install", func(app.Event) { m.startInstall() })),
	}
}

// option is one of a few things of which one is chosen.
type option struct {
	value, label string
	lang         string // of the label, where it is not the page's
}

// choose is a row of options: radio buttons, to whoever does not see them.
func choose(m *Model, name, title, chosen string, set func(string), options ...option) app.UI {
	list := make([]app.UI, 0, len(options))
	for _, o := range options {
		label := app.Span().Text(o.label)
		if o.lang != "" {
			label = label.Attr("lang", o.lang)
		}
		list = append(list, app.Label().Class("option").Body(
			app.Input().Type("radio").Name(name).Value(o.value).Checked(o.value == chosen).
				OnChange(m.on(name+"-"+o.value, func(app.Event) { set(o.value) })),
			label,
		))
	}
	return app.Elem("fieldset").Class("options").Body(
		app.Elem("legend").Text(title),
		app.Div().Class("options-row").Body(list...),
	)
}
