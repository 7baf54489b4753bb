package ui

import (
	"slices"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/texts"
	"parley/shared/wire"
)

// community is for those who look after it: people, invites, and what was done.
type community struct {
	app.Compo

	M   *Model
	Rev int

	tab     string
	looked  string
	invites loading
	invited wire.InviteList
	audit   loading
	log     wire.AuditList
	problem string
}

// OnMount opens the dialog.
func (c *community) OnMount(app.Context) { showDialog() }

// Render draws its parts.
func (c *community) Render() app.UI {
	m := c.M
	return frame(m, m.T.Community, tabs(m, c.tab, c.choose,
		tab{"people", m.T.People, c.people},
		tab{"invites", m.T.Invites, func() []app.UI {
			return []app.UI{c.invites.show(m, "invites", c.loadInvites, c.listInvites), problemLine(c.problem)}
		}},
		tab{"audit", m.T.AuditLog, func() []app.UI {
			return []app.UI{c.audit.show(m, "audit", c.loadAudit, c.listAudit)}
		}},
	))
}

func (c *community) choose(id string) {
	c.tab, c.problem = id, ""
	switch id {
	case "invites":
		c.loadInvites()
	case "audit":
		c.log, c.audit.done = wire.AuditList{}, false
		c.loadAudit()
	}
	c.M.Rev.Dialog++
}

func (c *community) people() []app.UI {
	m := c.M
	var list []app.UI
	for _, u := range m.Users {
		if len(list) == maxFound || !matches(u.Name, c.looked) {
			continue
		}
		list = append(list, app.Li().Body(m.personButton(u)))
	}
	return []app.UI{
		m.findPeople(func(looked string) { c.looked = looked }),
		app.Ul().Class("found-list").Attr("aria-label", m.T.People).Body(list...),
	}
}

func (c *community) loadInvites() {
	var list wire.InviteList
	c.invites.get(c.M, "/invites", &list, func() { c.invited = list })
}

func (c *community) listInvites() app.UI {
	m := c.M
	if len(c.invited.Invites) == 0 {
		return app.P().Class("hint").Text(m.T.NoInvites)
	}
	var list []app.UI
	for _, i := range c.invited.Invites {
		line := m.T.Until(m.Times.Full(i.Expires))
		if i.Left > 0 {
			line += " · " + m.T.UsesLeft(m.number(i.Left))
		}
		if i.Creator != "" {
			line += " · " + m.name(i.Creator)
		}
		title := m.role(i.Role)
		if r, ok := m.room(i.Room); ok {
			title += " · " + r.Name
		}
		list = append(list, m.entry(title, line, button(m, "revoke-"+i.ID, m.T.Revoke, func() { c.revoke(i.ID) }).Class("danger")))
	}
	return app.Ul().Class("found-list").Attr("aria-label", m.T.Invites).Body(list...)
}

func (c *community) revoke(id string) {
	m := c.M
	m.command(wire.CmdRevokeInvite, wire.InviteRef{ID: id}, nil, func(err error) {
		if err != nil {
			c.problem = m.T.Error(err)
		} else {
			c.invited.Invites = slices.DeleteFunc(c.invited.Invites, func(i wire.InviteInfo) bool { return i.ID == id })
		}
		m.Rev.Dialog++
	})
}

// entry is a line of a list: what it is, more about it, and what can be done.
func (m *Model) entry(title, line string, action ...app.UI) app.UI {
	return app.Li().Class("found").Body(append([]app.UI{
		app.Div().Class("found-text").Body(app.Span().Class("entry-title").Text(title), app.Span().Class("hint").Text(line)),
	}, action...)...)
}

func (c *community) loadAudit() {
	path := "/audit"
	if n := len(c.log.Entries); n > 0 {
		path += "?before=" + strconv.FormatUint(c.log.Entries[n-1].ID, 10)
	}
	var page wire.AuditList
	c.audit.get(c.M, path, &page, func() {
		c.log.Entries, c.log.More = append(c.log.Entries, page.Entries...), page.More
	})
}

func (c *community) listAudit() app.UI {
	m := c.M
	list := make([]app.UI, 0, len(c.log.Entries))
	room := func(id string) string {
		r, _ := m.room(id)
		return r.Name
	}
	for _, e := range c.log.Entries {
		list = append(list, m.entry(m.T.AuditLine(e, texts.Names{User: m.name, Room: room}), m.Times.Full(e.Time)))
	}
	return app.Div().Class("form").Body(
		app.Ul().Class("found-list").Attr("aria-label", m.T.AuditLog).TabIndex(0).Body(list...),
		app.Div().Hidden(!c.log.More).Body(button(m, "more-audit-"+strconv.Itoa(len(list)), m.T.OlderEntries, c.loadAudit)),
	)
}
