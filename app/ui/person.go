package ui

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// showPerson opens what there is to know of somebody, and to do.
func (m *Model) showPerson(id string) {
	m.Person = id
	m.open(DialogPerson)
}

// personDialog is about one person.
type personDialog struct {
	app.Compo

	M   *Model
	Rev int

	done    string
	problem string
	named   string // what is wrong with the name
	own     bool   // it is a bot of one's own
}

// OnMount opens the dialog. Of a bot it asks whether it is one's own.
func (p *personDialog) OnMount(app.Context) {
	m := p.M
	defer m.guard()
	showDialog()
	if u := m.users[m.Person]; u.Role == wire.RoleBot && !u.Deactivated && m.keepsBots() && !m.manages(u) {
		m.ownBots(func(ids []string) {
			p.own = slices.Contains(ids, u.ID)
			m.Rev.Dialog++
		})
	}
}

// Render draws who it is, and what one may do.
func (p *personDialog) Render() app.UI {
	m := p.M
	u := m.users[m.Person]
	state := m.T.Offline
	switch {
	case u.Deactivated:
		state = m.T.Deactivated
	case m.online[u.ID]:
		state = m.T.Online
	}
	return frame(m, u.Name,
		app.Div().Class("card").Body(
			m.face(u),
			app.Div().Body(app.P().Class("card-role").Text(m.role(u.Role)), app.P().Class("hint").Text(state)),
			app.If(u.ID != m.Me.ID && !u.Deactivated && m.mayWriteTo(u.ID), func() app.UI {
				return button(m, "write-"+u.ID, m.T.WriteTo, func() { m.write([]string{u.ID}, p.failed) }).Class("primary")
			}),
		),
		app.Div().Class("parts").Body(p.roles(u)...),
		app.Div().Class("parts").Body(p.naming(u)...),
		problemLine(p.problem),
		doneLine(p.done),
		app.Div().Class("dialog-actions", "apart").Body(p.actions(u)...),
	)
}

func (p *personDialog) failed(err error) {
	p.done, p.problem = "", ""
	if err != nil {
		p.problem = p.M.T.Error(err)
	}
	p.M.Rev.Dialog++
}

func (p *personDialog) roles(u wire.User) []app.UI {
	m := p.M
	roles := m.rolesFor(u)
	if len(roles) == 0 {
		return nil
	}
	var options []option
	for _, r := range roles {
		options = append(options, option{value: string(r), label: m.role(r)})
	}
	return []app.UI{choose(m, "role", m.T.Role, string(u.Role), func(r string) { p.give(wire.Role(r)) }, options...)}
}

// give changes a role; what one could not take back oneself is asked about.
func (p *personDialog) give(role wire.Role) {
	m := p.M
	u := m.users[m.Person]
	do := func(done func(error)) {
		m.command(wire.CmdSetRole, wire.SetRole{User: u.ID, Role: role}, nil, done)
	}
	q := question{action: m.T.ChangeRole, do: do, back: DialogPerson}
	switch {
	case u.ID == m.Me.ID && role != u.Role:
		q.title, q.lead = m.T.StepDown, m.T.StepDownLead
	case role == wire.RoleOwner:
		q.title, q.lead = m.T.MakeOwner(u.Name), m.T.MakeOwnerLead
	default:
		do(p.failed)
		return
	}
	m.sure(q)
}

func (p *personDialog) naming(u wire.User) []app.UI {
	m := p.M
	if !m.manages(u) && !p.own {
		return nil
	}
	return []app.UI{m.nameForm(u, p.named, func(err error) {
		p.named, p.done = "", ""
		if err != nil {
			p.named = m.T.Error(err)
		} else {
			p.done = m.T.Saved
		}
		m.Rev.Dialog++
	})}
}

// nameForm gives somebody another name.
func (m *Model) nameForm(u wire.User, problem string, done func(error)) app.UI {
	return app.Form().Class("inline-form").Attr("novalidate", "novalidate").OnSubmit(m.submit("rename-"+u.ID, func(field func(string) string) {
		m.command(wire.CmdSetName, wire.SetName{User: u.ID, Name: strings.TrimSpace(field("person-name"))}, nil, done)
	})).Body(
		input{id: "person-name", label: m.T.Name, value: u.Name, autocomplete: "off", problem: problem}.render(),
		app.Button().Type("submit").Class("button").Text(m.T.Save),
	)
}

func (p *personDialog) actions(u wire.User) []app.UI {
	m := p.M
	var actions []app.UI
	if r, ok := m.room(m.Current); ok && m.mayRemove(r, u) && slices.Contains(r.Members, u.ID) {
		actions = append(actions, button(m, "remove-"+u.ID+u.Name+r.Name, m.T.RemoveFromRoom, func() {
			m.sure(question{
				title: m.T.RemoveTitle(u.Name, r.Name), lead: m.T.RemoveLead, action: m.T.Remove,
				do: func(done func(error)) {
					m.command(wire.CmdRemoveMember, wire.MemberRef{Room: r.ID, User: u.ID}, nil, done)
				},
			})
		}))
	}
	switch {
	case !m.manages(u):
	case u.Deactivated && u.Role != wire.RoleBot:
		actions = append(actions, button(m, "reactivate-"+u.ID, m.T.Reactivate, func() {
			m.command(wire.CmdReactivate, wire.UserRef{User: u.ID}, nil, p.failed)
		}))
	case !u.Deactivated:
		actions = append(actions, button(m, "deactivate-"+u.ID+u.Name, m.T.Deactivate, func() {
			m.sure(question{
				title: m.T.DeactivateTitle(u.Name), lead: m.T.DeactivateLead, action: m.T.Deactivate, back: DialogPerson,
				do: func(done func(error)) { m.command(wire.CmdDeactivate, wire.UserRef{User: u.ID}, nil, done) },
			})
		}).Class("danger"))
	}
	return actions
}
