package ui

import (
	"context"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// webhookLook is how often the states of webhooks are asked for while one looks at
// them: who has just set one up waits for the first delivery.
const webhookLook = 5 * time.Second

const (
	webhookSecretID = "webhook-secret"
	webhookURLID    = "webhook-url"
)

// webhooks are the addresses at which the programs of bots are told what is said
// to these.
type webhooks struct {
	list   loading
	found  wire.WebhookList
	bots   loading
	made   []string // bots of one's own
	chosen string   // the bot in the form
	secret once
	wrong  string // with the address
	gone   bool   // nobody looks any more
	looks  int
}

// lookAtWebhooks asks for what there is, now and from time to time.
func (s *settings) lookAtWebhooks() {
	m, h := s.M, &s.hooks
	var list wire.WebhookList
	h.list.get(m, "/webhooks", &list, func() { h.found = list })
	if !h.bots.done {
		s.loadBots()
	}
	h.looks++
	looks := h.looks
	time.AfterFunc(webhookLook, func() {
		m.dispatch(func() {
			if !h.gone && s.tab == tabWebhooks && h.looks == looks {
				s.lookAtWebhooks()
			}
		})
	})
}

// loadBots finds out which bots are one's own.
func (s *settings) loadBots() {
	m, h := s.M, &s.hooks
	var tokens wire.TokenList
	var hooks wire.HookList
	h.bots.get(m, "/tokens", &tokens, func() {
		h.bots.done = false
		h.bots.get(m, "/hooks", &hooks, func() { h.made = botsOf(tokens, hooks) })
	})
}

// ownBots gives the bots of one's own, as far as the server can be asked.
func (m *Model) ownBots(done func(ids []string)) {
	s := m.session
	if s == nil {
		return
	}
	var tokens wire.TokenList
	var hooks wire.HookList
	m.async(func(ctx context.Context) {
		_ = s.client.Get(ctx, "/tokens", &tokens) // who cannot be asked offers nothing
		_ = s.client.Get(ctx, "/hooks", &hooks)
	}, func() { done(botsOf(tokens, hooks)) })
}

// botsOf are the bots of tokens and of incoming webhooks.
func botsOf(tokens wire.TokenList, hooks wire.HookList) []string {
	var ids []string
	for _, t := range tokens.Tokens {
		ids = append(ids, t.User)
	}
	for _, k := range hooks.Hooks {
		ids = append(ids, k.User)
	}
	return ids
}

// choiceOfBots are the bots that one decides about.
func (s *settings) choiceOfBots() []wire.User {
	m := s.M
	own := map[string]bool{}
	for _, id := range s.hooks.made {
		own[id] = true
	}
	var list []wire.User
	for _, u := range m.Users {
		if u.Role == wire.RoleBot && !u.Deactivated && (own[u.ID] || m.moderates()) {
			list = append(list, u)
		}
	}
	return list
}

// webhookPart is where addresses are set, looked at and taken away.
func (s *settings) webhookPart() []app.UI {
	m, h := s.M, &s.hooks
	return []app.UI{
		app.P().Class("dialog-lead").Text(m.T.OutgoingLead),
		h.list.show(m, "webhooks", s.lookAtWebhooks, s.listWebhooks),
		h.bots.show(m, "bots", s.loadBots, s.webhookForm),
		h.secret.show(m, webhookSecretID, m.T.Secret, m.T.SecretOnce),
		problemLine(s.problem),
	}
}

func (s *settings) webhookForm() app.UI {
	m, h := s.M, &s.hooks
	bots := s.choiceOfBots()
	if len(bots) == 0 {
		return app.P().Class("hint").Text(m.T.NoBots)
	}
	var options []app.UI
	for _, u := range bots {
		options = append(options, app.Option().Value(u.ID).Selected(u.ID == h.chosen).Text(u.Name))
	}
	return app.Form().Class("form").Attr("novalidate", "novalidate").OnSubmit(m.submit("set-webhook", s.setWebhook)).Body(
		app.Div().Class("field").Body(
			app.Label().For("webhook-bot").Text(m.T.WhichBot),
			app.Select().ID("webhook-bot").Name("webhook-bot").Body(options...).
				OnChange(m.on("webhook-bot", func(e app.Event) { h.chosen = e.Get("target").Get("value").String() })),
		),
		input{id: webhookURLID, label: m.T.WebhookURL, hint: m.T.WebhookHint, kind: "url", autocomplete: "off", problem: h.wrong, max: wire.MaxWebhookURL}.render(),
		app.Div().Body(app.Button().Type("submit").Class("button").Text(m.T.Save)),
	)
}

func (s *settings) setWebhook(field func(string) string) {
	m, h := s.M, &s.hooks
	args := wire.SetWebhook{Bot: field("webhook-bot"), URL: strings.TrimSpace(field(webhookURLID))}
	h.secret, h.wrong, s.problem = once{}, "", ""
	m.Rev.Dialog++
	if args.URL == "" {
		args.URL = "-" // an empty one would end it: the server says what an address is
	}
	var made wire.Webhook
	m.command(wire.CmdSetWebhook, args, &made, func(err error) {
		m.Rev.Dialog++
		if err != nil {
			h.wrong = m.T.Error(err)
			return
		}
		h.secret = once{value: made.Secret}
		app.Window().GetElementByID(webhookURLID).Set("value", "")
		s.lookAtWebhooks()
	})
}

func (s *settings) listWebhooks() app.UI {
	m, h := s.M, &s.hooks
	if len(h.found.Webhooks) == 0 {
		return app.P().Class("hint").Text(m.T.NoWebhooks)
	}
	var list []app.UI
	for _, w := range h.found.Webhooks {
		list = append(list, s.webhook(w))
	}
	return app.Ul().Class("found-list").Attr("aria-label", m.T.Webhooks).Body(list...)
}

// webhook is a line of the list: whose it is, where it leads and how that goes.
func (s *settings) webhook(w wire.WebhookInfo) app.UI {
	m := s.M
	state, class := m.T.WebhookStatus(nil, "", m.number(0)), "hint"
	if w.Status != nil {
		state = m.T.WebhookStatus(w.Status, m.Times.Full(w.Status.Time), m.number(w.Status.Attempts))
		if w.Status.State != wire.WebhookDelivered {
			class = "hint failing"
		}
	}
	return app.Li().Class("found").Body(
		app.Div().Class("found-text").Body(
			app.Span().Class("entry-title").Text(w.Name),
			app.Span().Class("hint", "entry-url").Text(w.URL),
			app.Span().Class(class).Text(state),
		),
		button(m, "edit-webhook-"+w.Bot+w.URL, m.T.EditMessage, func() { s.editWebhook(w) }).Attr("aria-label", m.T.EditMessage+" "+w.Name),
		button(m, "remove-webhook-"+w.Bot, m.T.Remove, func() {
			m.sure(question{
				title: m.T.RemoveWebhookTitle(w.Name), lead: m.T.RemoveWebhookLead, action: m.T.Remove, back: DialogSettings, tab: tabWebhooks,
				do: func(done func(error)) { m.command(wire.CmdSetWebhook, wire.SetWebhook{Bot: w.Bot}, nil, done) },
			})
		}).Class("danger").Attr("aria-label", m.T.Remove+" "+w.Name),
	)
}

// editWebhook puts an address into the form.
func (s *settings) editWebhook(w wire.WebhookInfo) {
	s.hooks.chosen, s.hooks.secret = w.Bot, once{}
	s.M.Rev.Dialog++
	if bot, url := app.Window().GetElementByID("webhook-bot"), app.Window().GetElementByID(webhookURLID); bot.Truthy() {
		bot.Set("value", w.Bot)
		url.Set("value", w.URL)
		url.Call("focus")
	}
}
