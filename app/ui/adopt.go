package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/wire"
)

// adopt makes the rows that the server wrote the timeline's own, where they
// stand. Those that the app would write otherwise (the server may not know the
// reader's time zone) are written again. It is false when they are not the
// messages that the client has.
func (t *timeline) adopt() bool {
	ms := t.m.session.client.Timeline(t.room).Messages
	section := t.list.Get("firstElementChild")
	toggle(t.root, "plain", false)
	if len(ms) == 0 || len(ms) > chunkRows || !section.Truthy() {
		return false
	}
	hush(section, true)
	theirs := section.Get("children")
	ours := t.write(ms)
	if theirs.Get("length").Int() != ours.Get("length").Int() {
		return false
	}
	for i := range ms {
		mine := ours.Index(i).Call("cloneNode", true)
		if row := theirs.Index(i); !row.Call("isEqualNode", mine).Bool() {
			row.Call("replaceWith", mine)
		}
	}
	t.drawn.append(chunkRows, ms...)
	t.quoted = map[uint64]wire.Quote{}
	for _, m := range ms {
		t.noteQuote(m)
	}
	t.stuck = t.left <= bottomSlop
	t.quiet(t.land)
	t.sync()
	if !t.reached() { // the person decides: the page stays where it was
		t.seeing.held = true
	}
	t.drawToUnread()
	t.markRead()
	return true
}

// write writes messages as rows that stand nowhere yet.
func (t *timeline) write(ms []wire.Message) app.Value {
	w := t.m.writer()
	var b strings.Builder
	for i, m := range ms {
		var prev *wire.Message
		if i > 0 {
			prev = &ms[i-1]
		}
		w.Message(&b, prev, m, m.Seq == t.seeing.unread)
	}
	section := app.Window().Get("document").Call("createElement", "section")
	section.Set("innerHTML", b.String())
	return section.Get("children")
}

// fromEnd is how far a list of the server's page is from its end; where the
// browser cannot begin there otherwise, that is where it counts from.
func fromEnd(root app.Value) float64 {
	top := root.Get("scrollTop").Float()
	if app.Window().Call("getComputedStyle", root).Get("flexDirection").String() == "column-reverse" {
		return -top
	}
	return root.Get("scrollHeight").Float() - root.Get("clientHeight").Float() - top
}

// land puts the list where it was on the server's page. It waits until the
// composer is in its place: before that the list is higher.
func (t *timeline) land() {
	t.root.Set("scrollTop", t.root.Get("scrollHeight").Float()-t.root.Get("clientHeight").Float()-t.left)
	t.look()
	t.drawJump()
	t.roam()
}
