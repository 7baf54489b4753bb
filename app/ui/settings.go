package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/prefs"
	"parley/shared/texts"
	"parley/shared/wire"
)

// settings are a person's own: of this browser, and of the account.
type settings struct {
	app.Compo

	M   *Model
	Rev int

	tab     string
	done    string
	named   string // what is wrong with the name,
	wrong   string // the password one has,
	weak    string // and the next one
	logins  loading
	devices wire.SessionList
	tokens  loading
	bots    wire.TokenList
	made    once   // a token
	bot     string // what is wrong with a bot's name
	hooks   webhooks
	problem string
}

// The parts of the settings that one comes back to.
const (
	tabTokens   = "tokens"
	tabWebhooks = "webhooks"
)

// OnMount opens the dialog, where one comes back to it if one does.
func (s *settings) OnMount(app.Context) {
	defer s.M.guard()
	showDialog()
	if tab := s.M.backTo(); tab != "" {
		s.choose(tab)
	}
}

// OnDismount ends what is asked for from time to time.
func (s *settings) OnDismount() { s.hooks.gone = true }

// Render draws its parts.
func (s *settings) Render() app.UI {
	m := s.M
	list := []tab{
		{"general", m.T.General, s.general},
		{"account", m.T.Account, s.account},
		{"devices", m.T.Devices, func() []app.UI {
			return []app.UI{s.logins.show(m, "devices", s.loadLogins, s.listLogins), problemLine(s.problem)}
		}},
	}
	if m.keepsBots() {
		list = append(list, tab{tabTokens, m.T.Tokens, s.tokenPart}, tab{tabWebhooks, m.T.Webhooks, s.webhookPart})
	}
	return frame(m, m.T.Settings, tabs(m, s.tab, s.choose, list...))
}

func (s *settings) choose(id string) {
	s.tab, s.done, s.problem, s.made, s.hooks.secret = id, "", "", once{}, once{}
	switch id {
	case "devices":
		s.loadLogins()
	case tabTokens:
		s.loadTokens()
	case tabWebhooks:
		s.lookAtWebhooks()
	}
	s.M.Rev.Dialog++
}

// general is what holds in this browser. A choice counts at once.
func (s *settings) general() []app.UI {
	m := s.M
	languages := []option{{label: m.T.FollowBrowser}}
	for _, t := range texts.Languages {
		languages = append(languages, option{value: t.Lang, label: t.Called, lang: t.Lang})
	}
	return []app.UI{
		choose(m, "language", m.T.Language, m.Language, m.prefer, languages...),
		choose(m, "theme", m.T.Appearance, m.Theme, m.dress,
			option{label: m.T.FollowSystem}, option{value: prefs.Light, label: m.T.Light}, option{value: prefs.Dark, label: m.T.Dark}),
		m.notifySettings(s.told),
		m.noteSettings(),
		problemLine(s.problem),
		app.Div().Body(button(m, "keys", m.T.Keys, func() { m.open(DialogKeys) })),
		app.Div().Class("settings-install").Body(s.installing()...),
	}
}

// told says what went wrong with a choice that is kept on the server.
func (s *settings) told(err error) {
	s.problem = ""
	if err != nil {
		s.problem = s.M.T.Error(err)
	}
	s.M.Rev.Dialog++
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
