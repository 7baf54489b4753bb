package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/wire"
)

const hookURLID = "hook-url"

// roomHooks are the incoming webhooks of the room that is open.
type roomHooks struct {
	list  loading
	found []wire.HookInfo // of all rooms
	made  once
	wrong string // with the bot's name
}

func (s *roomSettings) loadHooks() {
	var list wire.HookList
	s.hooks.list.get(s.M, "/hooks", &list, func() { s.hooks.found = list.Hooks })
}

// hookPart makes addresses at which programs speak here, and takes them away.
func (s *roomSettings) hookPart(r client.RoomState) []app.UI {
	m, h := s.M, &s.hooks
	body := []app.UI{app.P().Class("dialog-lead").Text(m.T.IncomingLead)}
	if !r.Archived {
		body = append(body,
			app.Form().Class("inline-form").Attr("novalidate", "novalidate").OnSubmit(m.submit("make-hook-"+r.ID, func(field func(string) string) {
				s.makeHook(r.ID, strings.TrimSpace(field("hook-name")))
			})).Body(
				input{id: "hook-name", label: m.T.BotName, autocomplete: "off", problem: h.wrong}.render(),
				app.Button().Type("submit").Class("button").Text(m.T.MakeHook),
			),
			h.made.show(m, hookURLID, m.T.HookURL, m.T.HookOnce))
	}
	return append(body,
		h.list.show(m, "hooks", s.loadHooks, func() app.UI { return s.listHooks(r.ID) }),
		problemLine(s.problem))
}

func (s *roomSettings) makeHook(room, name string) {
	m, h := s.M, &s.hooks
	h.wrong, h.made = "", once{}
	m.Rev.Dialog++
	if name == "" {
		h.wrong = m.T.NameNeeded
		return
	}
	var made wire.Hook
	m.command(wire.CmdCreateHook, wire.CreateHook{Room: room, Name: name}, &made, func(err error) {
		m.Rev.Dialog++
		if err != nil {
			h.wrong = m.T.Error(err)
			return
		}
		h.made = once{value: made.URL}
		app.Window().GetElementByID("hook-name").Set("value", "")
		s.loadHooks()
	})
}

func (s *roomSettings) listHooks(room string) app.UI {
	m := s.M
	var list []app.UI
	for _, k := range s.hooks.found {
		if k.Room != room {
			continue
		}
		list = append(list, m.entry(k.Name, m.T.MadeBy(m.name(k.Creator), m.Times.DayName(k.Created)), button(m, "revoke-hook-"+k.ID, m.T.Revoke, func() {
			m.sure(question{
				title: m.T.RevokeHookTitle(k.Name), lead: m.T.RevokeHookLead, action: m.T.Revoke, back: DialogRoom, tab: tabWebhooks,
				do: func(done func(error)) { m.command(wire.CmdRevokeHook, wire.HookRef{ID: k.ID}, nil, done) },
			})
		}).Class("danger").Attr("aria-label", m.T.Revoke+" "+k.Name)))
	}
	if len(list) == 0 {
		return app.P().Class("hint").Text(m.T.NoHooks)
	}
	return app.Ul().Class("found-list").Attr("aria-label", m.T.Webhooks).Body(list...)
}
