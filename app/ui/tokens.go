package ui

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/shared/wire"
)

const tokenID = "new-token"

func (s *settings) loadTokens() {
	var list wire.TokenList
	s.tokens.get(s.M, "/tokens", &list, func() { s.bots = list })
}

// tokenPart makes tokens for programs, and takes them away.
func (s *settings) tokenPart() []app.UI {
	m := s.M
	body := []app.UI{
		app.P().Class("dialog-lead").Text(m.T.TokensLead),
		app.Form().Class("inline-form").Attr("novalidate", "novalidate").OnSubmit(m.submit("make-token", s.makeToken)).Body(
			input{id: "bot-name", label: m.T.BotName, autocomplete: "off", problem: s.bot}.render(),
			app.Button().Type("submit").Class("button").Text(m.T.MakeToken),
		),
		app.Div().Class("parts").Attr("role", "status").Body(s.newToken()...),
		s.tokens.show(m, "tokens", s.loadTokens, s.listTokens),
		problemLine(s.problem),
	}
	return body
}

func (s *settings) makeToken(field func(string) string) {
	m := s.M
	name := strings.TrimSpace(field("bot-name"))
	s.bot, s.made, s.copied = "", "", false
	m.Rev.Dialog++
	if name == "" {
		s.bot = m.T.NameNeeded
		return
	}
	var made wire.Token
	m.command(wire.CmdCreateToken, wire.CreateToken{Name: name}, &made, func(err error) {
		m.Rev.Dialog++
		if err != nil {
			s.bot = m.T.Error(err)
			return
		}
		s.made = made.Token
		app.Window().GetElementByID("bot-name").Set("value", "")
		s.loadTokens()
	})
}

// newToken is shown this once: the server keeps no more than its hash.
func (s *settings) newToken() []app.UI {
	m := s.M
	if s.made == "" {
		return nil
	}
	label := m.T.Copy
	if s.copied {
		label = m.T.Copied
	}
	return []app.UI{
		app.P().Class("notice").Text(m.T.TokenOnce),
		app.Div().Class("copy").Body(
			app.Input().ID(tokenID).Type("text").ReadOnly(true).Attr("aria-label", m.T.Token).Value(s.made),
			button(m, "copy-"+s.made, label, s.copy).Class("primary"),
		),
	}
}

func (s *settings) copy() {
	m, token := s.M, s.made
	var err error
	m.async(func(ctx context.Context) { err = browser.Copy(ctx, token, tokenID) }, func() {
		s.copied, s.problem = err == nil, ""
		if err != nil {
			s.problem = m.T.CopyFailed
		}
		m.Rev.Dialog++
	})
}

func (s *settings) listTokens() app.UI {
	m := s.M
	if len(s.bots.Tokens) == 0 {
		return app.P().Class("hint").Text(m.T.NoTokens)
	}
	var list []app.UI
	for _, t := range s.bots.Tokens {
		name := m.name(t.User)
		list = append(list, m.entry(name, m.T.MadeBy(m.name(t.Creator), m.Times.DayName(t.Created)), button(m, "revoke-"+t.ID, m.T.Revoke, func() {
			m.sure(question{
				title: m.T.RevokeTitle(name), lead: m.T.RevokeLead, action: m.T.Revoke, back: DialogSettings,
				do: func(done func(error)) { m.command(wire.CmdRevokeToken, wire.TokenRef{ID: t.ID}, nil, done) },
			})
		}).Class("danger").Attr("aria-label", m.T.Revoke+" "+name)))
	}
	return app.Ul().Class("found-list").Attr("aria-label", m.T.Tokens).Body(list...)
}
