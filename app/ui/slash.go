package ui

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/texts"
	"parley/shared/wire"
)

// slash is a command that is typed into the composer.
type slash struct {
	name string
	args string // what follows it, as the help shows it
	help func(*texts.Texts) string
	run  func(c *composer, arg string) // nil: it is sent as it is
	may  func(m *Model, r client.RoomState) bool
}

// always is for commands that are everybody's, in all rooms.
func always(*Model, client.RoomState) bool { return true }

func mayBring(m *Model, r client.RoomState) bool { return m.keepsBots() && r.Kind != wire.KindDirect }

// offeredSlashes are those that make sense in the room that is open, to whoever
// is in it.
func (m *Model) offeredSlashes() []slash {
	r, _ := m.room(m.Current)
	return slices.DeleteFunc(slashes(), func(s slash) bool { return !s.may(m, r) })
}

// slashes are the commands there are. /me is a message like any other, which
// rows show as something that its author does; clients that know nothing of it
// show what was typed.
func slashes() []slash {
	return []slash{
		{"me", "…", func(t *texts.Texts) string { return t.SlashMe }, nil, always},
		{"topic", "…", func(t *texts.Texts) string { return t.SlashTopic }, (*composer).setTopic, (*Model).mayTopic},
		{"invite", "@…", func(t *texts.Texts) string { return t.SlashInvite }, (*composer).invite, mayBring},
		{"leave", "", func(t *texts.Texts) string { return t.SlashLeave }, func(c *composer, _ string) { c.m.leave(c.room) }, (*Model).mayLeave},
		{"mute", "", func(t *texts.Texts) string { return t.SlashMute }, func(c *composer, _ string) { c.m.toggleMute(c.room) }, always},
		{"help", "", func(t *texts.Texts) string { return t.SlashHelp }, func(c *composer, _ string) { c.m.open(DialogSlashes) }, always},
	}
}

// suggestSlash completes a command at the beginning of the text.
func (m *Model) suggestSlash(before string, _ func()) (int, []suggestion) {
	typed, ok := strings.CutPrefix(before, "/")
	if !ok || strings.ContainsAny(typed, " \n/") {
		return -1, nil
	}
	var list []suggestion
	for _, s := range m.offeredSlashes() {
		if strings.HasPrefix(s.name, strings.ToLower(typed)) {
			list = append(list, suggestion{text: "/" + s.name, label: strings.TrimSpace("/" + s.name + " " + s.args), hint: s.help(m.T)})
		}
	}
	return 0, list
}

// readSlash takes a text apart that is about to be sent: what it is as a
// message, "" for none, and the command it is, if any. Two strokes stand for one
// that is meant as it is.
func readSlash(text string) (message, name, arg string) {
	rest, ok := strings.CutPrefix(text, "/")
	if !ok || strings.HasPrefix(rest, "/") {
		return rest, "", ""
	}
	name, arg = rest, ""
	if at := strings.IndexAny(rest, " \n\t"); at >= 0 {
		name, arg = rest[:at], strings.TrimSpace(rest[at:])
	}
	return "", strings.ToLower(name), arg
}

// order is what becomes of a text that is about to be sent.
type order struct {
	message string // that is sent, "" for none
	run     func(c *composer, arg string)
	arg     string
	refused func(*texts.Texts) string // why nothing is done
}

// orderOf takes a text for what it says.
func orderOf(text string) order {
	message, name, arg := readSlash(text)
	if message != "" {
		return order{message: message}
	}
	for _, s := range slashes() {
		switch {
		case s.name != name:
		case s.run == nil && arg != "":
			return order{message: "/" + name + " " + arg}
		case s.run == nil || name == "topic" && arg == "":
			return order{refused: func(t *texts.Texts) string { return "/" + s.name + " " + s.args + "   " + s.help(t) }}
		default:
			return order{run: s.run, arg: arg}
		}
	}
	return order{refused: func(t *texts.Texts) string { return t.NoSlash("/" + name) }}
}

// command does what a text says that is a command, and gives what is to be sent
// as a message, "" for nothing.
func (c *composer) command(text string) string {
	switch o := orderOf(text); {
	case o.refused != nil:
		c.say(o.refused(c.m.T))
	case o.run != nil:
		c.put("")
		c.typed++
		c.keepDraft()
		c.m.dispatch(func() { o.run(c, o.arg) }) // it may draw more than the composer
	default:
		return o.message
	}
	return ""
}

// refused gives a command back that the server did not take, and says why.
func (c *composer) refused(text string, err error) {
	if err != nil {
		c.takeBack(text)
		c.say(c.m.T.Error(err))
	}
}

func (c *composer) setTopic(topic string) {
	c.m.command(wire.CmdUpdateRoom, wire.UpdateRoom{Room: c.room, Topic: &topic}, nil, func(err error) { c.refused("/topic "+topic, err) })
}

// invite adds somebody to the room, or offers a link for somebody new.
func (c *composer) invite(name string) {
	switch {
	case name == "" && !c.m.keepsBots():
		c.takeBack("/invite")
		c.say(c.m.T.NoSlash("/invite"))
		return
	case name == "":
		c.m.open(DialogInvite)
		return
	}
	name = strings.TrimLeft(name, "@＠")
	for _, u := range c.m.Users {
		if strings.EqualFold(u.Name, name) && !u.Deactivated {
			c.m.command(wire.CmdAddMember, wire.MemberRef{Room: c.room, User: u.ID}, nil, func(err error) {
				c.refused("/invite @"+name, err)
				if err == nil {
					c.m.tell(c.m.T.Added(u.Name))
				}
			})
			return
		}
	}
	c.takeBack("/invite @" + name)
	c.say(c.m.T.NobodyCalled(name))
}

// toggleMute lets a room show no more what is unread in it, and tell of nothing,
// or makes it as rooms are.
func (m *Model) toggleMute(room string) {
	r, ok := m.room(room)
	if !ok {
		return
	}
	n := wire.Notify{Room: room, Level: wire.NotifyNothing, Muted: true}
	words := m.T.Muted(r.Name)
	if r.Muted {
		n.Muted, n.Level = false, ""
		words = m.T.Unmuted(r.Name)
	}
	m.command(wire.CmdSetNotify, n, nil, func(err error) {
		if err != nil {
			m.fail(err)
			return
		}
		m.tell(words)
	})
}

// tell says calmly, at the edge of the screen, what has been done.
func (m *Model) tell(words string) {
	m.Toast, m.Calm = words, true
	m.Rev.Toast++
}

// slashHelp lists the commands.
type slashHelp struct {
	app.Compo

	M   *Model
	Rev int
}

// OnMount opens the dialog.
func (h *slashHelp) OnMount(app.Context) { showDialog() }

// Render draws the list.
func (h *slashHelp) Render() app.UI {
	m := h.M
	var list []app.UI
	for _, s := range m.offeredSlashes() {
		list = append(list, app.Dt().Text(strings.TrimSpace("/"+s.name+" "+s.args)), app.Dd().Text(s.help(m.T)))
	}
	return frame(m, m.T.Slashes,
		app.Dl().Class("slashes").Body(list...),
		app.P().Class("hint").Text(m.T.SlashHint))
}
