package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/shared/wire"
)

const inviteLinkID = "invite-link"

// invite makes a link that lets somebody in. The link is there at once; choosing
// another role makes another.
type invite struct {
	app.Compo

	M   *Model
	Rev int

	role    wire.Role
	url     string
	problem string
	copied  bool
}

// OnMount opens the dialog and asks for a link.
func (i *invite) OnMount(app.Context) {
	defer i.M.guard()
	showDialog()
	i.ask(wire.RoleMember)
}

func (i *invite) ask(role wire.Role) {
	m := i.M
	i.role, i.url, i.problem, i.copied = role, "", "", false
	var made wire.Invite
	args := wire.CreateInvite{Role: role, Room: m.Current}
	if r, _ := m.room(m.Current); r.Kind == wire.KindDirect { // it stays between those who are in it
		args.Room = ""
	}
	m.command(wire.CmdCreateInvite, args, &made, func(err error) {
		if i.role != role {
			return
		}
		if err != nil {
			i.problem = m.T.Error(err)
		}
		i.url = made.URL
		m.Rev.Dialog++
	})
}

// Render draws the dialog.
func (i *invite) Render() app.UI {
	m := i.M
	copyLabel := m.T.CopyLink
	if i.copied {
		copyLabel = m.T.Copied
	}
	return frame(m, m.T.Invite,
		app.P().Class("dialog-lead").Text(m.T.InviteLead),
		app.Div().Class("choices").Attr("role", "radiogroup").Attr("aria-label", m.T.Invite).Body(
			i.choice(wire.RoleMember, m.T.AsMember, m.T.AsMemberHint),
			i.choice(wire.RoleGuest, m.T.AsGuest, m.T.AsGuestHint),
		),
		app.Div().Class("copy").Body(
			app.Input().ID(inviteLinkID).Type("text").ReadOnly(true).Attr("aria-label", m.T.InviteLink).Value(i.url),
			app.Button().Type("button").Class("button", "primary").Disabled(i.url == "").
				OnClick(m.on("copy-link", func(app.Event) { i.copy() })).Text(copyLabel),
		),
		app.P().Class("problem").Attr("role", "alert").Text(i.problem),
	)
}

func (i *invite) choice(role wire.Role, label, hint string) app.UI {
	id := "invite-" + string(role)
	return app.Label().Class("choice").Body(
		app.Input().ID("%s", id).Type("radio").Name("role").Checked(i.role == role).
			OnChange(i.M.on(id, func(app.Event) { i.ask(role) })),
		app.Span().Class("choice-label").Text(label),
		app.Span().Class("choice-hint").Text(hint),
	)
}

func (i *invite) copy() {
	m, url := i.M, i.url
	var err error
	m.async(func(ctx context.Context) { err = browser.Copy(ctx, url, inviteLinkID) }, func() {
		i.copied, i.problem = err == nil, ""
		if err != nil {
			i.problem = m.T.CopyFailed
		}
		m.Rev.Dialog++
	})
}
