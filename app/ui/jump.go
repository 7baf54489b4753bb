package ui

import (
	"context"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// target is a message that is to be shown when its room opens.
type target struct {
	room string
	seq  uint64
}

// take gives the message, once, if it is of this room; else 0.
func (t *target) take(room string) uint64 {
	seq := t.seq
	if t.room != room {
		seq = 0
	}
	*t = target{}
	return seq
}

// jump goes to a message of a room, which is loaded if need be, and shows which
// one it is. A button leads back to where one was.
func (m *Model) jump(room string, seq uint64) {
	if m.session == nil {
		return
	}
	if m.timeline != nil {
		m.timeline.ways.leave(m.timeline)
	}
	m.jumpTo(room, seq)
}

// jumpTo is jump without a way back.
func (m *Model) jumpTo(room string, seq uint64) {
	if room == m.Current && m.timeline != nil {
		m.timeline.goTo(seq)
		return
	}
	m.target = target{room, seq}
	m.navigate(roomPath(room))
}

// goTo shows a message, 0 for none.
func (t *timeline) goTo(seq uint64) {
	if seq == 0 {
		return
	}
	if t.drawn.covers(seq) {
		t.reveal(seq)
		return
	}
	s, room := t.m.session, t.room
	t.going++
	going := t.going
	var err error
	t.m.async(func(ctx context.Context) { err = s.client.LoadAround(ctx, room, seq) }, func() {
		switch {
		case t.room != room || t.going != going:
		case err != nil:
			t.m.fail(err)
		default:
			t.stuck = false
			t.drawAround(seq)
			t.reveal(seq)
		}
	})
}

// foundFor is how long it is shown which message was gone to.
const foundFor = 3 * time.Second

// reveal brings a row into the middle, and shows that it is this one.
func (t *timeline) reveal(seq uint64) {
	row := t.row(seq)
	if !row.Truthy() {
		return
	}
	t.stuck = false
	row.Call("scrollIntoView", map[string]any{"block": "center"})
	t.look()
	t.scrolled()
	toggle(row, "sought", true)
	row.Call("setAttribute", "tabindex", "-1")
	row.Call("focus", map[string]any{"preventScroll": true}) // read out, and where reading goes on
	time.AfterFunc(foundFor, func() { t.quiet(func() { toggle(row, "sought", false) }) })
}

// toNewest goes to the room's newest message.
func (t *timeline) toNewest() {
	t.seeing.held = false
	t.stick()
	t.roam()
	t.markRead()
}

// ways are the buttons that lead to somewhere else in the room.
type ways struct {
	back app.Value // the button to where one was before a jump
	from target    // seq 0: the newest
}

func (w *ways) draw(t *timeline, place app.Value) {
	w.back = element(place, "button", "jump-back")
	w.back.Set("type", "button")
	w.back.Set("hidden", true)
	w.speak(t)
	t.listen(w.back, "click", func(app.Event) { t.quiet(func() { w.goBack(t) }) })
}

// leave remembers where one is.
func (w *ways) leave(t *timeline) {
	w.from = target{room: t.room}
	if !t.stuck {
		seq, _ := t.inSight()
		w.from.seq, _ = strconv.ParseUint(seq, 10, 64)
	}
	w.back.Set("hidden", false)
}

func (w *ways) speak(t *timeline) { w.back.Set("textContent", t.m.T.JumpBack) }

// close takes the way back away: one is back, or has gone elsewhere.
func (w *ways) close() { w.back.Set("hidden", true) }

func (w *ways) goBack(t *timeline) {
	from := w.from
	w.close()
	switch {
	case from.seq != 0:
		t.m.jumpTo(from.room, from.seq)
	case from.room != t.room:
		t.m.navigate(roomPath(from.room))
	default:
		t.toNewest()
	}
}
