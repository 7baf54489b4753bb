package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

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
		s.made.show(m, tokenID, m.T.Token, m.T.TokenOnce),
		s.tokens.show(m, "tokens", s.loadTokens, s.listTokens),
		problemLine(s.problem),
	}
	return body
}

func (s *settings) makeToken(field func(string) string) {
	m := s.M
	name := strings.TrimSpace(field("bot-name"))
	s.bot, s.made = "", once{}
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
		s.made = once{value: made.Token}
		app.Window().GetElementByID("bot-name").Set("value", "")
		s.loadTokens()
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
				title: m.T.RevokeTitle(name), lead: m.T.RevokeLead, action: m.T.Revoke, back: DialogSettings, tab: tabTokens,
				do: func(done func(error)) { m.command(wire.CmdRevokeToken, wire.TokenRef{ID: t.ID}, nil, done) },
			})
		}).Class("danger").Attr("aria-label", m.T.Revoke+" "+name)))
	}
	return app.Ul().Class("found-list").Attr("aria-label", m.T.Tokens).Body(list...)
}
