package ui

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/shared/wire"
)

// glancePause is how long something must be in sight to count as seen while the
// list moves: whoever scrolls past reads nothing.
const glancePause = 150 * time.Millisecond

// seeing is how far the person has seen of the room that is open.
type seeing struct {
	unread uint64 // the line "New" stands above this message; 0: nowhere
	count  uint64 // how many were unread when the room was opened
	passed bool   // the line has been in sight
	held   bool   // nothing counts as seen: the person said so, or the first unread is not there yet
	read   uint64 // the marker when last looked at
	glance int    // counts scrolls: what is in sight is looked at when none came for a while
}

// see begins with what the client knows of a room.
func (t *timeline) see() {
	t.seeing = seeing{glance: t.seeing.glance}
	if r, ok := t.m.room(t.room); ok {
		t.seeing.read = r.Read
		if r.Unread > 0 {
			t.seeing.unread, t.seeing.count = r.Read+1, r.Unread
		}
	}
}

// looking tells whether the person can see the list, and looks at it.
func (t *timeline) looking() bool {
	return browser.Visible() && browser.Focused() && !t.m.covered()
}

// markRead tells how far the person has seen: to the newest message whose end is
// in sight.
func (t *timeline) markRead() {
	if t.drawn.last == 0 || t.m.session == nil || t.seen() || !t.looking() {
		return
	}
	t.pass()
	if t.seeing.held {
		return
	}
	if seq := t.newestInSight(); seq > 0 {
		t.m.session.client.MarkRead(t.room, seq)
	}
}

// seen tells whether the newest message has been in sight already, and the line
// "New", so that there is nothing to look for.
func (t *timeline) seen() bool {
	r, ok := t.m.room(t.room)
	return ok && t.stuck && r.Read >= t.drawn.last && !t.passes()
}

// expect marks messages that are about to be drawn where the person looks, so
// that the room is not drawn as unread in between.
func (t *timeline) expect(ms []wire.Message) {
	if len(ms) > 0 && t.stuck && t.m.session != nil && !t.seeing.held && t.looking() {
		t.m.session.client.MarkRead(t.room, ms[len(ms)-1].Seq)
	}
}

// glanced looks at what is in sight when the list has come to rest.
func (t *timeline) glanced() {
	t.seeing.glance++
	glance := t.seeing.glance
	time.AfterFunc(glancePause, func() {
		t.quiet(func() {
			if t.seeing.glance == glance {
				t.markRead()
			}
		})
	})
}

// newestInSight is the newest message whose last line can be seen, 0 for none.
func (t *timeline) newestInSight() uint64 {
	if t.stuck {
		return t.drawn.last
	}
	line := t.root.Call("getBoundingClientRect").Get("bottom").Float()
	chunks := t.list.Get("children")
	for i := chunks.Get("length").Int() - 1; i >= 0; i-- {
		chunk := chunks.Index(i)
		if chunk.Call("getBoundingClientRect").Get("top").Float() > line {
			continue
		}
		if seq := lastAbove(chunk.Call("querySelectorAll", "[data-seq]"), line); seq > 0 {
			return seq
		}
	}
	return 0
}

// lastAbove is the last of rows that ends above the line.
func lastAbove(rows app.Value, line float64) uint64 {
	for i := rows.Get("length").Int() - 1; i >= 0; i-- {
		row := rows.Index(i)
		if row.Call("getBoundingClientRect").Get("bottom").Float() <= line+1 {
			return seqOf(row)
		}
	}
	return 0
}

// noteRead follows the marker. It goes back when somebody takes messages for
// unread on purpose, here or on another device: then the line moves there, and
// what is in sight stays unread until the person comes to the room again.
func (t *timeline) noteRead() {
	r, ok := t.m.room(t.room)
	if !ok {
		return
	}
	if r.Read < t.seeing.read {
		t.seeing.held, t.seeing.passed, t.seeing.count = true, true, r.Unread
		t.drawLine(r.Read + 1)
	}
	t.seeing.read = r.Read
	t.drawToUnread()
}

// noteUnseen puts the line above what came while the person was elsewhere, if
// all before it had been read.
func (t *timeline) noteUnseen(ms []wire.Message) {
	if t.seeing.held || t.seeing.unread > t.seeing.read {
		return
	}
	for _, m := range ms {
		if m.Room == t.room && m.Seq > t.seeing.read && m.Author != t.m.Me.ID && m.Rev == 0 {
			if t.looking() {
				return
			}
			t.seeing.passed, t.seeing.count = true, 0
			t.drawLine(m.Seq)
			return
		}
	}
}

// drawLine puts the line "New" above a message, and takes it from where it was.
func (t *timeline) drawLine(seq uint64) {
	was := t.seeing.unread
	t.seeing.unread = seq
	for _, at := range []uint64{was, seq} {
		if at != 0 && (at != seq || was != seq) {
			t.redrawRow(at)
		}
	}
}

// redrawRow writes a message again as it is.
func (t *timeline) redrawRow(seq uint64) {
	if m := t.held(seq); m != nil && t.drawn.covers(seq) {
		t.keep(func() { t.change(*m) })
	}
}

// readAll is told when the person has taken the room for read: nothing is new.
func (t *timeline) readAll() {
	t.seeing.held, t.seeing.passed = false, true
	t.drawLine(0)
	t.stick()
	t.drawToUnread()
}

// reach fetches what lies around the first unread message, and goes there. Until it is there nothing counts as seen: the person came to
// read on, and has not.
func (t *timeline) reach() {
	if t.reached() {
		return
	}
	t.seeing.held = true
	t.drawToUnread()
	t.going++
	s, room, seq, going := t.m.session, t.room, t.seeing.unread, t.going
	var err error
	t.m.async(func(ctx context.Context) { err = s.client.LoadAround(ctx, room, seq) }, func() {
		if err != nil || t.room != room || t.m.session != s || t.going != going || t.seeing.unread != seq {
			return
		}
		t.seeing.held = false
		t.show()
		t.markRead()
	})
}

// reached tells whether the first unread message is drawn, or there is none.
func (t *timeline) reached() bool {
	return t.seeing.unread == 0 || t.drawn.covers(t.seeing.unread)
}

// line is the line "New", not truthy when it is not drawn.
func (t *timeline) line() app.Value { return t.list.Call("querySelector", ".unread") }

// passes tells whether the person may come by the line.
func (t *timeline) passes() bool {
	return !t.seeing.passed && t.seeing.unread != 0 && t.drawn.covers(t.seeing.unread)
}

// pass notes whether the line is in sight, or the person has come by it.
func (t *timeline) pass() {
	if !t.passes() {
		return
	}
	if line := t.line(); line.Truthy() {
		top := t.root.Call("getBoundingClientRect").Get("top").Float()
		if line.Call("getBoundingClientRect").Get("bottom").Float() > top {
			t.seeing.passed = true
			t.drawToUnread()
		}
	}
}

// drawToUnread offers the way to the first unread message while that lies
// further up and has not been seen.
func (t *timeline) drawToUnread() {
	s := &t.seeing
	look := jumpLook{hidden: s.unread == 0 || s.passed || s.count == 0 || t.drawn.last == 0, count: int(s.count), words: t.m.T}
	if look == t.backs {
		return
	}
	t.backs = look
	if !look.hidden {
		t.back.Set("textContent", t.m.T.ToUnread(t.m.number(look.count)))
	}
	t.back.Set("hidden", look.hidden)
}

// toUnread goes to the first unread message.
func (t *timeline) toUnread() {
	if t.reached() {
		t.seeing.held = false
		t.show()
		t.markRead()
		return
	}
	t.reach()
}
