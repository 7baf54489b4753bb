package ui

import (
	"time"

	"parley/shared/wire"
)

// dayEvery is how often an open page looks whether it is another day: pages stay
// open for weeks, and yesterday's messages are not of today.
const dayEvery = time.Minute

// watchDays looks by itself, and when the page has slept.
func (t *timeline) watchDays() {
	t.today = t.m.Times.Day(wire.TimeOf(time.Now()))
	ticker := time.NewTicker(dayEvery)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				t.quiet(t.nameDays)
			case <-done:
				return
			}
		}
	}()
	t.off = append(t.off, func() { ticker.Stop(); close(done) })
}

// nameDays calls the days above the messages as they are called today.
func (t *timeline) nameDays() {
	today := t.m.Times.Day(wire.TimeOf(time.Now()))
	if today == t.today || t.m.session == nil {
		return
	}
	t.today = today
	lines := t.list.Call("querySelectorAll", ".day")
	for i := range lines.Get("length").Int() {
		line := lines.Index(i)
		if m := t.held(seqAt(line)); m != nil {
			line.Get("firstElementChild").Set("textContent", t.m.Times.DayName(m.Time))
		}
	}
	t.m.dispatch(func() { t.m.Rev.Search++ }) // what is found says its day, too
}
