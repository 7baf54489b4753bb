package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/texts"
	"parley/shared/wire"
)

// stick goes to the newest message and stays with it.
func (t *timeline) stick() {
	t.going++ // wherever one was on the way to
	if t.m.session != nil && !t.live {
		t.m.session.client.ToNewest(t.room)
		t.stuck = true
		t.drawAround(0)
	}
	t.stuck, t.below = true, 0
	t.day.hide()
	t.drawJump()
	t.settle()
}

// settle follows the end if that is where the person is, whatever has grown or
// shrunk: a message came, the keyboard opened, the composer became higher.
func (t *timeline) settle() {
	t.height, t.view = t.sizes()
	if t.stuck {
		t.root.Set("scrollTop", t.height)
		t.rest = t.height - t.view
	}
	t.end.heed(t, !t.stuck)
}

func (t *timeline) sizes() (height, view int) {
	return t.root.Get("scrollHeight").Int(), t.root.Get("clientHeight").Int()
}

// look remembers the sizes, and where the list stands.
func (t *timeline) look() {
	t.height, t.view = t.sizes()
	t.rest = t.root.Get("scrollTop").Int()
	t.end.heed(t, !t.stuck || t.rest < t.height-t.view-endSlop)
}

// notice is scrolled, if the person has scrolled up and the browser has not told
// yet: what comes now must not take them back.
func (t *timeline) notice() {
	if t.stuck && t.root.Get("scrollTop").Int() < t.rest-endSlop {
		t.scrolled()
	}
}

// scrolled is told after every scroll, the person's and others.
func (t *timeline) scrolled() {
	height, view := t.sizes()
	top := t.root.Get("scrollTop").Int()
	if t.stuck && (height != t.height || view != t.view) && top >= t.rest-endSlop {
		t.settle() // the page's doing: the person is still at the end
		return
	}
	slop := bottomSlop
	if top < t.rest {
		slop = leaveSlop
	}
	t.stuck = t.live && height-top-view <= slop
	t.look()
	if t.stuck {
		t.below = 0
	}
	t.glanced()
	t.day.scrolled(t)
	t.drawJump()
	t.roam()
}

// keep runs fn, which changes what is above, and leaves in its place the row
// that the person is looking at. Browsers that anchor scrolling by themselves
// are told not to meanwhile.
func (t *timeline) keep(fn func()) {
	if t.stuck {
		fn()
		return
	}
	toggle(t.root, "still", true)
	defer toggle(t.root, "still", false)
	seq, bottom := t.inSight()
	fn()
	if seq == "" {
		return
	}
	if row := t.list.Call("querySelector", `[data-seq="`+seq+`"]`); row.Truthy() {
		moved := row.Call("getBoundingClientRect").Get("bottom").Float() - bottom
		t.root.Set("scrollTop", t.root.Get("scrollTop").Float()+moved)
	}
	t.look()
}

// inSight is the first row that can be seen, and where it ends. (Its beginning
// moves when it loses its author's name to the row above.) It goes by where
// things lie, not by what is drawn there: chunks that were out of sight until
// this frame are not drawn yet.
func (t *timeline) inSight() (seq string, bottom float64) {
	top := t.root.Call("getBoundingClientRect").Get("top").Float()
	chunk := firstBelow(t.list.Get("children"), top)
	if !chunk.Truthy() {
		return "", 0
	}
	row := firstBelow(chunk.Call("querySelectorAll", "[data-seq]"), top)
	if !row.Truthy() {
		return "", 0
	}
	return row.Call("getAttribute", "data-seq").String(), row.Call("getBoundingClientRect").Get("bottom").Float()
}

// firstBelow is the first of elements that reaches below the line top.
func firstBelow(elements app.Value, top float64) app.Value {
	for i := range elements.Get("length").Int() {
		e := elements.Index(i)
		if e.Call("getBoundingClientRect").Get("bottom").Float() > top+1 {
			return e
		}
	}
	return app.Null()
}

// count notes messages of others that came below what is in sight, once.
func (t *timeline) count(ms []wire.Message) {
	for _, m := range ms {
		if m.Seq <= t.counted {
			continue
		}
		t.counted = m.Seq
		if !t.stuck && m.Author != t.m.Me.ID {
			t.below++
		}
	}
	t.drawJump()
}

// countTo counts what has come, up to the room's newest message, and is not drawn.
func (t *timeline) countTo(head uint64) {
	if t.counted != 0 && head > t.counted && !t.stuck {
		t.below += int(head - t.counted)
		t.drawJump()
	}
	t.counted = max(t.counted, head)
}

// drawJump shows the way back to the newest message when it is out of sight.
func (t *timeline) drawJump() {
	look := jumpLook{hidden: t.stuck, count: t.below, words: t.m.T}
	if look == t.jumps {
		return
	}
	t.jumps = look
	label := t.m.T.ToNewest
	if t.below > 0 {
		label = t.m.T.NewMessages(t.m.number(t.below))
	}
	t.jump.Set("textContent", label)
	toggle(t.jump, "has-new", t.below > 0)
	t.jump.Set("hidden", look.hidden)
}

// jumpLook is how a button that leads elsewhere in the room looks. What looks as
// it did is left alone: to write the same again costs as much as to change it.
type jumpLook struct {
	hidden bool
	count  int // of messages there
	words  *texts.Texts
}
