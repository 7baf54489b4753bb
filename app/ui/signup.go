package ui

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/texts"
	"parley/shared/wire"
)

// signUp lets somebody in by an invite. A link for a guest asks for a name only;
// any other may be for either, so the password is there, and guests leave it
// empty.
type signUp struct {
	app.Compo

	M   *Model
	Rev int

	door door
}

// Render draws the form.
func (s *signUp) Render() app.UI {
	m := s.M
	title := m.T.SignUpTitle
	if m.About.Name != "" {
		title = m.About.Name
	}
	fields := []app.UI{input{id: "name", label: m.T.Name, autocomplete: "username", focus: true}.render()}
	if !m.Guest {
		fields = append(fields, input{id: "password", label: m.T.Password, kind: "password", autocomplete: "new-password", hint: m.T.PasswordHint + " " + m.T.GuestHint}.render())
	}
	fields = append(fields,
		s.door.note(m),
		s.door.button(m.T.Join),
		app.Button().Type("button").Class("link", "door-other").Text(m.T.HaveAccount).
			OnClick(m.on("have-account", func(app.Event) { m.haveAccount() })),
	)
	return card(m, title, m.T.SignUpLead,
		app.Form().Class("form").Attr("novalidate", "novalidate").OnSubmit(m.submit("sign-up", s.submit)).Body(fields...))
}

// haveAccount leaves the invite for the way in.
func (m *Model) haveAccount() {
	m.Invite = ""
	m.navigate("/")
	m.show(ScreenBoot)
	m.start()
}

func (s *signUp) submit(field func(string) string) {
	m := s.M
	up := wire.Signup{Invite: m.Invite, Name: strings.TrimSpace(field("name")), Password: field("password")}
	switch n := utf8.RuneCountInString(up.Password); {
	case up.Name == "":
		s.door.refuse(func(t *texts.Texts) string { return t.NameNeeded })
	case n > 0 && n < wire.MinPassword:
		s.door.refuse(func(t *texts.Texts) string { return t.PasswordShort })
	default:
		s.door.knock(m, func(ctx context.Context) (wire.User, error) { return m.door.Signup(ctx, up) }, s.refused)
	}
}

// refused asks for a password after all when a link has lost what it was for.
func (s *signUp) refused(err error) {
	if wire.CodeFrom(err) == wire.CodeBadRequest {
		s.M.Guest = false
	}
}
