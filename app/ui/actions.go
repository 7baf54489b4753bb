package ui

import (
	"context"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/parts"
	"parley/shared/rows"
	"parley/shared/texts"
	"parley/shared/wire"
)

// action is something that can be done to a message.
type action struct {
	do, icon string
	label    func(*texts.Texts) string
	may      func(*Model, client.RoomState, wire.Message) bool
}

func anybody(*Model, client.RoomState, wire.Message) bool { return true }

// hasText is everybody, where there is something to copy.
func hasText(_ *Model, _ client.RoomState, msg wire.Message) bool { return msg.Text != "" }

// whileOpen is everybody in a room that is not archived.
func whileOpen(_ *Model, r client.RoomState, _ wire.Message) bool { return !r.Archived }

// ownOpen is the author, in a room that is not archived.
func ownOpen(m *Model, r client.RoomState, msg wire.Message) bool {
	return !r.Archived && msg.Author == m.Me.ID
}

// mayDelete is the author, and whoever looks after the room.
func mayDelete(m *Model, r client.RoomState, msg wire.Message) bool {
	return !r.Archived && (msg.Author == m.Me.ID || wire.Moderates(m.Me, r.Room))
}

// actions are those of the bar, as they stand in it. What they do is in act.
var actions = []action{
	{"pick", iconReact, func(t *texts.Texts) string { return t.Rows.React }, whileOpen},
	{"reply", iconReply, func(t *texts.Texts) string { return t.Reply }, whileOpen},
	{"edit", iconEdit, func(t *texts.Texts) string { return t.EditMessage }, ownOpen},
	{"copy", iconCopy, func(t *texts.Texts) string { return t.CopyText }, hasText},
	{"link", iconLink, func(t *texts.Texts) string { return t.CopyMessageLink }, anybody},
	{"unread", iconUnread, func(t *texts.Texts) string { return t.MarkUnread }, anybody},
	{"delete", iconBin, func(t *texts.Texts) string { return t.DeleteMessage }, mayDelete},
}

// bar is the row of buttons for what can be done to a message. There is one: it
// goes to the row that the pointer is over, or that has the focus.
type bar struct {
	place app.Value // as high as the row, so that the bar can stay in sight
	root  app.Value
	seq   uint64 // of the message that it is for, 0 while it is away
	fixed bool   // until the mouse moves: one that rests has no say
	mouse app.Func
}

func newBar() *bar {
	place := app.Window().Get("document").Call("createElement", "div")
	place.Set("className", "row-place")
	hush(place, true) // a log reads out what is added to it
	root := element(place, "div", "row-actions")
	root.Call("setAttribute", "role", "toolbar")
	return &bar{place: place, root: root}
}

// offer puts the bar into the row of a message.
func (t *timeline) offer(seq uint64) {
	if t.bar.seq == seq {
		return
	}
	msg, ok := t.message(seq)
	r, in := t.m.room(t.room)
	row := t.row(seq)
	if !ok || !in || msg.Deleted != 0 || !row.Truthy() {
		t.withdraw()
		return
	}
	var b strings.Builder
	for _, a := range actions {
		if a.may(t.m, r, msg) {
			b.WriteString(`<button type="button" class="icon-button" tabindex="-1" data-do="` + a.do + `" aria-label="`)
			rows.Escape(&b, a.label(t.m.T))
			b.WriteString(`" title="`)
			rows.Escape(&b, a.label(t.m.T))
			b.WriteString(`">` + parts.Icon(a.icon) + `</button>`)
		}
	}
	t.bar.seq = seq
	t.bar.root.Call("setAttribute", "aria-label", t.m.T.Actions)
	t.bar.root.Set("innerHTML", b.String())
	row.Call("querySelector", ".line").Call("appendChild", t.bar.place)
}

// elsewhere tells whether a click is for a tab or a window of its own, which is the
// browser's business.
func elsewhere(e app.Event) bool {
	return e.Get("ctrlKey").Truthy() || e.Get("metaKey").Truthy() || e.Get("shiftKey").Truthy()
}

// offerInSight is offer to a finger or a key: the list moves as far as it takes to
// see all of the bar.
func (t *timeline) offerInSight(seq uint64) {
	t.offer(seq)
	if t.bar.seq == 0 {
		return
	}
	if above := edge(t.root, "top") - edge(t.bar.root, "top"); above > 0 {
		t.moveUp(above)
	} else if below := edge(t.bar.root, "bottom") - edge(t.root, "bottom"); below > 0 {
		t.moveUp(-below)
	}
}

// moveUp scrolls the list back by so many pixels.
func (t *timeline) moveUp(by float64) {
	t.stuck = false
	t.root.Set("scrollTop", t.root.Get("scrollTop").Float()-by)
	t.look()
}

// listenRows listens for what is done in the rows.
func (t *timeline) listenRows() {
	t.listen(t.root, "click", func(e app.Event) {
		if elsewhere(e) && e.Get("target").Call("closest", "a").Truthy() {
			return
		}
		if e.Get("target").Call("closest", "a[data-do]").Truthy() { // without the app it leads to a page
			e.PreventDefault()
			e.Call("stopPropagation")
		}
		t.quiet(func() { t.clicked(e) })
	})
	t.listen(t.root, "keydown", t.rowKey)
	t.bar.mouse = app.FuncOf(func(_ app.Value, args []app.Value) any {
		defer t.m.guard()
		t.pointed(app.Event{Value: args[0]})
		return nil
	})
	t.list.Call("addEventListener", "pointerover", t.bar.mouse)
	t.off = append(t.off, func() {
		t.list.Call("removeEventListener", "pointerover", t.bar.mouse)
		t.root.Call("removeEventListener", "pointermove", t.bar.mouse)
		t.bar.mouse.Release()
	})
	t.listen(t.root, "pointerleave", func(e app.Event) {
		if e.Get("pointerType").String() != "touch" {
			t.quiet(t.tidy)
		}
	})
	t.listen(t.list, "focusin", func(e app.Event) {
		if seq := seqAt(e.Get("target")); seq != t.bar.seq && e.Get("target").Call("matches", ":focus-visible").Truthy() {
			t.fixBar()
			t.quiet(func() { t.offerInSight(seq) })
		}
	})
	t.listen(t.root, "focusout", func(app.Event) { t.quiet(t.tidy) })
	t.listen(t.list, "contextmenu", func(e app.Event) {
		if e.Get("pointerType").String() == "touch" && !e.Get("target").Call("closest", "a").Truthy() {
			e.PreventDefault()
			t.quiet(func() { t.offerInSight(seqAt(e.Get("target"))) })
		}
	})
	t.listen(t.list, "change", func(app.Event) { // something unfolds: what is read stays where it is
		t.quiet(func() {
			t.stuck = false
			t.scrolled() // where it is folded again, that may be at the end
		})
	})
}

// pointed offers the row that the mouse is in, which has come there, or moves again.
func (t *timeline) pointed(e app.Event) {
	if t.bar.fixed {
		t.bar.fixed = false
		t.root.Call("removeEventListener", "pointermove", t.bar.mouse)
		t.list.Call("addEventListener", "pointerover", t.bar.mouse)
	}
	if seq := seqAt(e.Get("target")); seq != t.bar.seq && e.Get("pointerType").String() != "touch" {
		t.quiet(func() { t.offer(seq) })
	}
}

// fixBar keeps the bar where it is until the mouse moves: when keys have brought
// the focus there, and when a message comes. What then comes under a mouse that
// rests counts as pointed at, and who is about to click would click at something
// else.
func (t *timeline) fixBar() {
	if !t.bar.fixed {
		t.bar.fixed = true
		t.list.Call("removeEventListener", "pointerover", t.bar.mouse)
		t.root.Call("addEventListener", "pointermove", t.bar.mouse)
	}
}

// touched shows the bar in a row, or takes it away where it is.
func (t *timeline) touched(seq uint64) {
	if seq == t.bar.seq {
		seq = 0
	}
	t.offerInSight(seq)
}

// tidy takes the bar away when its row has neither the pointer nor the focus.
func (t *timeline) tidy() {
	if row := t.row(t.bar.seq); !row.Truthy() || !row.Call("matches", ":hover, :focus-within").Truthy() {
		t.withdraw()
	}
}

// withdraw takes the bar away.
func (t *timeline) withdraw() {
	if t.bar.seq != 0 {
		t.bar.seq = 0
		t.bar.place.Call("remove")
	}
}

// dropBar is withdraw if the bar's row is not in the page any more.
func (t *timeline) dropBar() {
	if !t.drawn.covers(t.bar.seq) {
		t.withdraw()
	}
}

// message is one of those that are drawn.
func (t *timeline) message(seq uint64) (wire.Message, bool) {
	if t.m.session == nil {
		return wire.Message{}, false
	}
	ms := t.m.session.client.Timeline(t.room).Messages
	if len(ms) == 0 || seq < ms[0].Seq || seq > ms[len(ms)-1].Seq {
		return wire.Message{}, false
	}
	return ms[seq-ms[0].Seq], true
}

// seqAt is the message in whose row an element stands, 0 for none.
func seqAt(e app.Value) uint64 {
	if !e.Truthy() || !e.Get("closest").Truthy() {
		return 0
	}
	row := e.Call("closest", "[data-seq]")
	if !row.Truthy() {
		return 0
	}
	seq, _ := strconv.ParseUint(row.Get("dataset").Get("seq").String(), 10, 64)
	return seq
}

// act does what a button of a message says.
func (t *timeline) act(do string, target app.Value) {
	msg, ok := t.message(seqAt(target))
	if !ok || t.m.composer == nil {
		return
	}
	switch do {
	case "react":
		data := target.Get("dataset")
		t.react(msg, data.Get("emoji").String(), target)
	case "jump":
		if to, err := strconv.ParseUint(target.Get("dataset").Get("to").String(), 10, 64); err == nil {
			t.m.jump(t.room, to)
		}
	case "revisions":
		t.m.dispatch(func() { t.m.showRevisions(msg) })
	case "copy-code":
		t.m.copy(target.Get("nextElementSibling").Get("textContent").String())
	case "pick":
		t.m.openPicker(t.ctx, target, func(char string) { t.react(msg, char, app.Null()) })
	case "reply":
		t.m.composer.reply(msg.Seq)
	case "edit":
		t.m.composer.edit(msg)
	case "copy":
		t.m.copy(msg.Text)
	case "link":
		here := app.Window().URL()
		t.m.copy(here.Scheme + "://" + here.Host + messagePath(msg.Room, msg.Seq))
	case "delete":
		t.m.dispatch(func() { t.m.askDelete(msg) })
	}
}

// copy puts a text where it can be pasted from, and says so.
func (m *Model) copy(text string) {
	var err error
	m.async(func(ctx context.Context) { err = browser.Copy(ctx, text, "") }, func() {
		m.Toast, m.Calm = m.T.Copied, true
		if err != nil {
			m.Toast, m.Calm = m.T.CopyFailed, false
		}
		m.Rev.Toast++
	})
}

// react sets one's reaction, or takes it back. A button shows it at once; if it
// cannot be done, it is as before.
func (t *timeline) react(msg wire.Message, char string, button app.Value) {
	now, ok := t.message(msg.Seq)
	if !ok || t.m.session == nil {
		return
	}
	on := true
	for _, r := range now.Reactions {
		for _, user := range r.Users {
			on = on && (r.Emoji != char || user != t.m.Me.ID)
		}
	}
	if button.Truthy() {
		on = button.Call("getAttribute", "aria-pressed").String() != "true"
		button.Call("setAttribute", "aria-pressed", strconv.FormatBool(on))
	}
	if on {
		t.m.usedEmoji(char)
	}
	args := wire.React{Room: msg.Room, Seq: msg.Seq, Emoji: char, On: on}
	t.m.command(wire.CmdReact, args, nil, func(err error) {
		if err == nil {
			return
		}
		t.m.fail(err)
		if now, ok := t.message(msg.Seq); ok && t.room == msg.Room {
			t.change(now)
		}
	})
}
