package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/wire"
)

// roomSettings is what can be done with the room that is open.
type roomSettings struct {
	app.Compo

	M   *Model
	Rev int

	tab          string
	named, topic string // what is wrong with them
	done         string
	problem      string
	hooks        roomHooks

	file    browser.File // that is to be imported
	authors bool         // names are to be made for those who are not here
	drops   island
}

// OnMount opens the dialog.
func (s *roomSettings) OnMount(ctx app.Context) {
	defer s.M.guard()
	showDialog()
	s.takeDrops(ctx)
	if tab := s.M.backTo(); tab != "" {
		s.choose(tab)
	}
}

// OnDismount stops listening.
func (s *roomSettings) OnDismount() { s.drops.release() }

// Render draws its parts.
func (s *roomSettings) Render() app.UI {
	m := s.M
	r, ok := m.room(m.Current)
	if !ok {
		return frame(m, m.T.RoomSettings, app.P().Class("dialog-lead").Text(m.T.NoSuchRoom))
	}
	list := []tab{{"general", m.T.General, func() []app.UI { return s.general(r) }}}
	if len(r.Members) > 0 {
		list = append(list, tab{"members", m.T.Members, func() []app.UI { return s.members(r) }})
	}
	list = append(list, tab{"messages", m.T.Messages, func() []app.UI { return s.messages(r) }})
	if m.keepsBots() && r.Kind != wire.KindDirect {
		list = append(list, tab{tabWebhooks, m.T.Webhooks, func() []app.UI { return s.hookPart(r) }})
	}
	return frame(m, r.Name, tabs(m, s.tab, s.choose, list...))
}

func (s *roomSettings) choose(id string) {
	s.tab, s.done, s.problem, s.hooks.made = id, "", "", once{}
	if id == tabWebhooks {
		s.loadHooks()
	}
	s.M.Rev.Dialog++
}

func (s *roomSettings) general(r client.RoomState) []app.UI {
	m := s.M
	return []app.UI{
		app.Div().Class("parts").Body(s.naming(r)...),
		choose(m, "notify", m.T.Notifications, string(r.Chosen), func(level string) {
			now, _ := m.room(r.ID)
			m.command(wire.CmdSetNotify, wire.Notify{Room: r.ID, Level: wire.NotifyLevel(level), Muted: now.Muted}, nil, s.finished)
		},
			append([]option{{label: m.T.NotifyDefault}}, m.notifyLevels()...)...),
		problemLine(s.problem),
		doneLine(s.done),
		app.Div().Class("dialog-actions", "apart").Body(s.actions(r)...),
	}
}

func (s *roomSettings) finished(err error) {
	s.problem, s.done = "", ""
	if err != nil {
		s.problem = s.M.T.Error(err)
	}
	s.M.Rev.Dialog++
}

// naming is a form for what one may change of the room's name and topic.
func (s *roomSettings) naming(r client.RoomState) []app.UI {
	m := s.M
	if !m.mayTopic(r) {
		return nil
	}
	var fields []app.UI
	if m.mayName(r) {
		fields = append(fields, input{id: "room-name", label: m.T.RoomName, value: r.Name, autocomplete: "off", problem: s.named}.render())
	}
	fields = append(fields,
		input{id: "topic", label: m.T.Topic, hint: m.T.Optional, value: r.Topic, autocomplete: "off", problem: s.topic}.render(),
		app.Div().Body(app.Button().Type("submit").Class("button").Text(m.T.Save)))
	return []app.UI{app.Form().Class("form").Attr("novalidate", "novalidate").OnSubmit(m.submit("update-room-"+r.ID, func(field func(string) string) {
		now, _ := m.room(r.ID)
		s.save(now, strings.TrimSpace(field("room-name")), strings.TrimSpace(field("topic")))
	})).Body(fields...)}
}

func (s *roomSettings) save(r client.RoomState, name, topic string) {
	m := s.M
	args := wire.UpdateRoom{Room: r.ID}
	s.named, s.topic, s.problem, s.done = "", "", "", ""
	m.Rev.Dialog++
	if m.mayName(r) && name != r.Name {
		if name == "" {
			s.named = m.T.NameNeeded
			return
		}
		args.Name = &name
	}
	if topic != r.Topic {
		args.Topic = &topic
	}
	m.command(wire.CmdUpdateRoom, args, nil, func(err error) {
		switch {
		case err == nil:
			s.done = m.T.Saved
		case args.Name != nil && (args.Topic == nil || !aboutTopic(err)):
			s.named = m.T.Error(err)
		default:
			s.topic = m.T.Error(err)
		}
		m.Rev.Dialog++
	})
}

// aboutTopic tells which of two fields an error is about.
func aboutTopic(err error) bool { return strings.Contains(err.Error(), "topic") }

func (s *roomSettings) actions(r client.RoomState) []app.UI {
	m := s.M
	var actions []app.UI
	if m.runs(r) && r.ID != wire.Lobby {
		label := m.T.Archive
		if r.Archived {
			label = m.T.Unarchive
		}
		actions = append(actions, button(m, "archive-"+r.ID+label, label, func() {
			archived := !r.Archived
			m.command(wire.CmdUpdateRoom, wire.UpdateRoom{Room: r.ID, Archived: &archived}, nil, s.finished)
		}))
	}
	if m.mayLeave(r) {
		actions = append(actions, button(m, "leave-"+r.ID+r.Name, m.T.LeaveRoom, func() { m.askLeave(r) }).Class("danger"))
	}
	return actions
}

// askLeave leaves a room; nobody comes back into a private one alone.
func (m *Model) askLeave(r client.RoomState) {
	if r.Kind != wire.KindPrivate {
		if m.Dialog != DialogNone {
			closeDialog()
		}
		m.leave(r.ID)
		return
	}
	m.sure(question{title: m.T.LeaveTitle(r.Name), lead: m.T.LeaveLead, action: m.T.LeaveRoom, do: func(done func(error)) {
		m.command(wire.CmdLeave, wire.RoomRef{Room: r.ID}, nil, func(err error) {
			done(err)
			if err == nil {
				m.Details = false
				m.navigate(roomPath(wire.Lobby))
			}
		})
	}})
}

func (s *roomSettings) members(r client.RoomState) []app.UI {
	m := s.M
	var list []app.UI
	for _, id := range r.Members {
		u, ok := m.users[id]
		if !ok {
			continue
		}
		item := app.Li().Class("person")
		parts := []app.UI{m.face(u), app.Span().Class("person-name").Text(u.Name), app.Span().Class("extra").Text(m.extra(u))}
		if m.mayRemove(r, u) {
			parts = append(parts, button(m, "out-"+id, m.T.Remove, func() {
				m.command(wire.CmdRemoveMember, wire.MemberRef{Room: r.ID, User: id}, nil, s.finished)
			}).Attr("aria-label", m.T.Remove+" "+u.Name))
		}
		list = append(list, item.Body(parts...))
	}
	body := []app.UI{app.Ul().Class("found-list").Attr("aria-label", m.T.Members).Body(list...), problemLine(s.problem)}
	if m.mayAdd(r) {
		body = append(body, app.Div().Class("dialog-actions", "apart").Body(
			button(m, "add-people-here", m.T.AddPeople, func() { m.open(DialogAddPeople) })))
	}
	return body
}

// messages is about the room's messages as a whole: out as a file, and in.
func (s *roomSettings) messages(r client.RoomState) []app.UI {
	return []app.UI{s.exportPart(r), s.importPart(r)}
}
