package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
)

// The window is the part of a room that stands in the page. It moves with what
// one looks at: near its ends more is drawn, what is far away is taken away, and
// what one looks at stays where it is.

// mostSections bounds how many sections are drawn at a time: on the tallest
// screen, those that fill it.
const mostSections = 8

// roam draws more where the end of the window is near, or asks for it, unless it
// is on its way, there is none, or the last try failed: then the person decides.
func (t *timeline) roam() {
	if t.m.session == nil || t.drawn.last == 0 || t.view == 0 {
		return
	}
	for range mostSections {
		tl := t.m.session.client.Timeline(t.room)
		if !t.up(tl) && !t.down(tl) {
			break
		}
		t.tell()
	}
}

// up draws a section in front of the oldest row when that is near. It tells
// whether it has.
func (t *timeline) up(tl client.Timeline) bool {
	if t.root.Get("scrollTop").Int() >= near {
		return false
	}
	ms := between(tl.Messages, t.drawn.first-min(t.drawn.first, chunkRows), t.drawn.first-1)
	if len(ms) == 0 {
		if !tl.Loading && !tl.AtStart && tl.Err == nil {
			t.older()
		}
		return false
	}
	t.keep(func() {
		t.prepend(ms)
		t.drawTop(tl)
	})
	t.settle()
	t.cutBottom(tl)
	return true
}

// down draws a section behind the newest row when that is near.
func (t *timeline) down(tl client.Timeline) bool {
	if t.live || t.root.Get("scrollHeight").Int()-t.root.Get("scrollTop").Int()-t.root.Get("clientHeight").Int() >= near {
		return false
	}
	ms := between(tl.Messages, t.drawn.last+1, t.drawn.last+chunkRows)
	if len(ms) == 0 {
		if !tl.AtEnd && !tl.LoadingNewer && tl.ErrNewer == nil {
			t.newer()
		}
		return false
	}
	t.keep(func() {
		t.append(ms, false)
		t.live = t.drawn.ends(tl)
		t.drawPending(tl)
	})
	t.cutTop()
	t.look()
	return true
}

// cutTop takes sections away that are far above.
func (t *timeline) cutTop() {
	for t.drawn.rows() > mostRows && len(t.drawn.chunks) > 1 {
		section := t.list.Get("firstElementChild")
		if edge(t.root, "top")-edge(section, "bottom") < far {
			return
		}
		t.keep(func() {
			section.Call("remove")
			t.drawn.dropOldest()
			t.dropBar()
			if m := t.held(t.drawn.first); m != nil {
				t.replace(nil, *m)
			}
			t.drawTop(t.m.session.client.Timeline(t.room))
		})
		t.settle()
	}
}

// cutBottom takes sections away that are far below.
func (t *timeline) cutBottom(tl client.Timeline) {
	for t.drawn.rows() > mostRows && len(t.drawn.chunks) > 1 && !t.stuck {
		section := t.list.Get("lastElementChild")
		if edge(section, "top")-edge(t.root, "bottom") < far {
			return
		}
		section.Call("remove")
		t.drawn.dropNewest()
		t.dropBar()
		t.tail = tail{}
		t.live = false
		t.drawPending(tl)
		t.look()
		t.drawJump()
	}
}

// edge is where one of an element's edges lies, in pixels of the window.
func edge(e app.Value, side string) float64 {
	return e.Call("getBoundingClientRect").Get(side).Float()
}

// drawAround draws the window anew around a message, 0 for the newest.
func (t *timeline) drawAround(seq uint64) {
	tl := t.m.session.client.Timeline(t.room)
	t.clear()
	t.append(around(tl.Messages, seq), false)
	sections := t.list.Get("children")
	for i := range sections.Get("length").Int() {
		t.measure(sections.Index(i))
	}
	t.sync()
}

// tell tells the client what is in the page, so that it keeps that.
func (t *timeline) tell() {
	if t.m.session != nil && t.drawn.last != 0 {
		t.m.session.client.Look(t.room, t.drawn.first, t.drawn.last)
	}
}
