package ui

import (
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// account is one's name and password.
func (s *settings) account() []app.UI {
	m := s.M
	hint := ""
	if m.Me.Role == wire.RoleGuest { // who may have none yet
		hint = m.T.Optional
	}
	return []app.UI{
		m.nameForm(m.Me, s.named, func(err error) {
			s.named, s.done = "", ""
			if err != nil {
				s.named = m.T.Error(err)
			} else {
				s.done = m.T.Saved
			}
			m.Rev.Dialog++
		}),
		app.Form().Class("form").Attr("novalidate", "novalidate").OnSubmit(m.submit("change-password", s.changePassword)).Body(
			app.Input().Type("text").Name("username").Value(m.Me.Name).Attr("autocomplete", "username").Hidden(true),
			input{id: "current-password", label: m.T.CurrentPassword, hint: hint, kind: "password", autocomplete: "current-password", problem: s.wrong}.render(),
			input{id: "new-password", label: m.T.NewPassword, hint: m.T.PasswordHint, kind: "password", autocomplete: "new-password", problem: s.weak}.render(),
			app.Div().Body(app.Button().Type("submit").Class("button").Text(m.T.ChangePassword)),
		),
		doneLine(s.done),
	}
}

func (s *settings) changePassword(field func(string) string) {
	m := s.M
	current, next := field("current-password"), field("new-password")
	s.wrong, s.weak, s.done = "", "", ""
	m.Rev.Dialog++
	switch {
	case current == "" && m.Me.Role != wire.RoleGuest:
		s.wrong = m.T.PasswordNeeded
		return
	case utf8.RuneCountInString(next) < wire.MinPassword:
		s.weak = m.T.PasswordShort
		return
	}
	m.command(wire.CmdSetPassword, wire.SetPassword{User: m.Me.ID, Password: next, Current: current}, nil, func(err error) {
		m.Rev.Dialog++
		switch {
		case err == nil:
			s.done = m.T.PasswordChanged
			for _, id := range []string{"current-password", "new-password"} {
				app.Window().GetElementByID(id).Set("value", "")
			}
		case wire.CodeFrom(err) == wire.CodeBadRequest:
			s.weak = m.T.Error(err)
		default:
			s.wrong = m.T.Error(err)
		}
	})
}

func (s *settings) loadLogins() {
	var list wire.SessionList
	s.logins.get(s.M, "/sessions", &list, func() { s.devices = list })
}

// listLogins are the browsers in which one is signed in.
func (s *settings) listLogins() app.UI {
	m := s.M
	var list []app.UI
	for _, l := range s.devices.Sessions {
		name := deviceName(l.Device)
		if name == "" {
			name = m.T.UnknownDevice
		}
		if l.Current {
			list = append(list, m.entry(name, m.T.ThisDevice))
			continue
		}
		list = append(list, m.entry(name, m.T.LastSeen(m.Times.DayName(l.Seen)), button(m, "end-"+l.ID, m.T.SignOut, func() {
			m.command(wire.CmdRevokeSession, wire.SessionRef{ID: l.ID}, nil, s.revoked(s.loadLogins))
		}).Attr("aria-label", m.T.SignOut+" "+name)))
	}
	return app.Ul().Class("found-list").Attr("aria-label", m.T.Devices).Body(list...)
}

// revoked tells what went wrong, or asks for what is left.
func (s *settings) revoked(again func()) func(error) {
	return func(err error) {
		s.problem = ""
		if err != nil {
			s.problem = s.M.T.Error(err)
		} else {
			again()
		}
		s.M.Rev.Dialog++
	}
}
