package ui

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/texts"
	"parley/shared/wire"
)

// signIn is for those who have a password.
type signIn struct {
	app.Compo

	M   *Model
	Rev int

	door door
}

// Render draws the form.
func (s *signIn) Render() app.UI {
	m := s.M
	lead := m.About.Name
	if lead == "" {
		lead = m.T.SignInLead
	}
	return card(m, m.T.SignInTitle, lead,
		app.Form().Class("form").Attr("novalidate", "novalidate").
			OnSubmit(m.submit("sign-in", s.submit)).Body(
			input{id: "name", label: m.T.Name, autocomplete: "username", focus: true}.render(),
			input{id: "password", label: m.T.Password, kind: "password", autocomplete: "current-password"}.render(),
			s.door.note(m),
			s.door.button(m.T.SignIn),
		))
}

func (s *signIn) submit(field func(string) string) {
	m := s.M
	login := wire.Login{Name: strings.TrimSpace(field("name")), Password: field("password")}
	switch {
	case login.Name == "":
		s.door.refuse(func(t *texts.Texts) string { return t.NameNeeded })
	case login.Password == "":
		s.door.refuse(func(t *texts.Texts) string { return t.PasswordNeeded })
	default:
		s.door.knock(m, func(ctx context.Context) (wire.User, error) { return m.door.Login(ctx, login) }, nil)
	}
}
