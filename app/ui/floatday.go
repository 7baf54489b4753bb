package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dayStays is how long the day is shown after the last scroll.
const dayStays = 1500 * time.Millisecond

// floatDay names the day of what is in sight while the list is scrolled: the line
// with it is often far above.
type floatDay struct {
	label app.Value // static after construction
	shown string
	turns int // counts scrolls
}

func (f *floatDay) draw(place app.Value) {
	f.label = element(place, "div", "float-day")
	f.label.Call("setAttribute", "aria-hidden", "true") // the lines are read out in their place
}

// scrolled shows the day of the first row in sight, where one is reading back.
func (f *floatDay) scrolled(t *timeline) {
	if t.stuck {
		f.hide()
		return
	}
	row, _ := t.inSight()
	m := t.heldRow(row)
	if m == nil {
		return
	}
	if day := t.m.Times.DayName(m.Time); day != f.shown {
		f.shown = day
		f.label.Set("textContent", day)
	}
	toggle(f.label, "shown", true)
	f.turns++
	turns := f.turns
	time.AfterFunc(dayStays, func() {
		t.quiet(func() {
			if f.turns == turns {
				f.hide()
			}
		})
	})
}

func (f *floatDay) hide() { toggle(f.label, "shown", false) }
