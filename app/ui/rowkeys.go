package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// rowKey does what a key does in the list: the arrows walk from row to row, Enter
// goes to what can be done to a message, the arrows walk through that, and
// Escape leads back.
func (t *timeline) rowKey(e app.Event) {
	if e.Get("altKey").Truthy() || e.Get("ctrlKey").Truthy() || e.Get("metaKey").Truthy() || e.Get("isComposing").Truthy() {
		return
	}
	target, name := e.Get("target"), e.Get("key").String()
	inBar := target.Call("closest", ".row-actions").Truthy()
	row := target.Call("closest", "[data-seq]")
	onRow := row.Truthy() && row.Equal(target)
	done := true
	switch {
	case name == "ArrowUp" || name == "ArrowDown":
		t.quiet(func() { t.walk(row, name == "ArrowDown") })
	case inBar && (name == "ArrowRight" || name == "ArrowLeft"):
		t.walkBar(target, name == "ArrowRight")
	case inBar && name == "Escape":
		focusRow(row)
	case onRow && name == "Enter":
		t.quiet(func() {
			t.offerInSight(seqAt(row))
			if first := t.bar.root.Call("querySelector", "button"); first.Truthy() {
				first.Call("focus")
			}
		})
	case onRow && name == "Escape" && t.m.composer != nil:
		t.m.composer.text.Call("focus")
	default:
		done = false
	}
	if done {
		e.PreventDefault()
		e.Call("stopPropagation")
	}
}

// walk gives the focus to the row below another one, or above it; from nowhere,
// to the newest that is in sight.
func (t *timeline) walk(from app.Value, down bool) {
	all := t.list.Call("querySelectorAll", "[data-seq]")
	n := all.Get("length").Int()
	if n == 0 {
		return
	}
	to := t.lastInSight(all, n)
	if seq := seqAt(from); seq != 0 {
		to = n - 1
		for i := range n {
			if seqAt(all.Index(i)) == seq {
				to = i
				break
			}
		}
		if down {
			to++
		} else {
			to--
		}
	}
	if to >= n {
		t.stick()
		return
	}
	row := all.Index(max(to, 0))
	focusRow(row)
	row.Call("scrollIntoView", map[string]any{"block": "nearest"})
	t.offerInSight(seqAt(row))
}

// lastInSight is the place of the lowest of n rows that begins in sight.
func (t *timeline) lastInSight(all app.Value, n int) int {
	bottom := t.root.Call("getBoundingClientRect").Get("bottom").Float()
	for i := n - 1; i > 0; i-- {
		if all.Index(i).Call("getBoundingClientRect").Get("top").Float() < bottom-1 {
			return i
		}
	}
	return 0
}

// spoken are the parts of a row that say, in this order, what it is to somebody who
// comes to it and does not see it.
var spoken = []string{".who .name", ".quote", ".text", ".files img, .files .file-name", "time"}

// nameRow calls a row by what stands in it. Only the rows that the focus comes to
// need that: the others are read.
func nameRow(row app.Value) {
	var ids []string
	for _, part := range spoken {
		all := row.Call("querySelectorAll", part)
		for i := range all.Get("length").Int() {
			id := row.Get("id").String() + "-" + strconv.Itoa(len(ids))
			all.Index(i).Set("id", id)
			ids = append(ids, id)
		}
	}
	row.Call("setAttribute", "aria-labelledby", strings.Join(ids, " "))
}

// focusRow gives a row the focus, which takes no part in the order of Tab.
func focusRow(row app.Value) {
	if row.Truthy() {
		nameRow(row)
		row.Set("tabIndex", -1)
		row.Call("focus", map[string]any{"preventScroll": true})
	}
}

// walkBar goes to the next button of the bar, or the one before.
func (t *timeline) walkBar(from app.Value, right bool) {
	next := from.Get("previousElementSibling")
	if right {
		next = from.Get("nextElementSibling")
	}
	if next.Truthy() {
		next.Call("focus")
	}
}
