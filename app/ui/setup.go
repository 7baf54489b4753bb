package ui

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/texts"
	"parley/shared/wire"
)

// setUp makes the community and its owner, once.
type setUp struct {
	app.Compo

	M   *Model
	Rev int

	door door
	code bool // the server wants the code that it printed
}

// Render draws the form.
func (s *setUp) Render() app.UI {
	m := s.M
	fields := []app.UI{
		input{id: "name", label: m.T.Name, autocomplete: "username", focus: true}.render(),
		input{id: "password", label: m.T.Password, kind: "password", autocomplete: "new-password", hint: m.T.PasswordHint}.render(),
		input{id: "community", label: m.T.Community, hint: m.T.CommunityHint, autocomplete: "organization"}.render(),
	}
	if s.code {
		fields = append(fields, input{id: "code", label: m.T.SetUpCode, autocomplete: "off", hint: m.T.CodeHint}.render())
	}
	fields = append(fields, s.door.note(m), s.door.button(m.T.CreateCommunity))
	return card(m, m.T.SetUpTitle, m.T.SetUpLead,
		app.Form().Class("form").Attr("novalidate", "novalidate").
			OnSubmit(m.submit("set-up", s.submit)).Body(fields...))
}

func (s *setUp) submit(field func(string) string) {
	m := s.M
	setup := wire.Setup{
		Name: strings.TrimSpace(field("name")), Password: field("password"),
		Community: strings.TrimSpace(field("community")), Code: strings.TrimSpace(field("code")),
	}
	switch {
	case setup.Name == "":
		s.door.refuse(func(t *texts.Texts) string { return t.NameNeeded })
	case utf8.RuneCountInString(setup.Password) < wire.MinPassword:
		s.door.refuse(func(t *texts.Texts) string { return t.PasswordShort })
	default:
		s.door.knock(m, func(ctx context.Context) (wire.User, error) { return m.door.Setup(ctx, setup) }, s.refused)
	}
}

// refused asks for the code when that is what is missing, and goes to the
// sign-in when somebody else was faster.
func (s *setUp) refused(err error) {
	switch wire.CodeFrom(err) {
	case wire.CodeForbidden, wire.CodeUnauthenticated:
		s.code = true
	case wire.CodeConflict:
		s.M.Notice = s.door.problem
		s.M.show(ScreenSignIn)
	}
}
