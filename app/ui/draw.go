package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/client"
	"parley/shared/parts"
	"parley/shared/rows"
	"parley/shared/wire"
)

func (t *timeline) clear() {
	t.list.Set("innerHTML", "")
	t.drawn, t.tail, t.rows = drawn{}, nil, 0
}

// append writes messages below the newest. Those that have just come are read
// out by screen readers, others only when somebody goes there.
func (t *timeline) append(ms []wire.Message, came bool) {
	w := t.m.writer()
	for len(ms) > 0 {
		if t.tail == nil || t.rows >= chunkRows {
			t.tail, t.rows = element(t.list, "section", "chunk"), 0
		}
		hush(t.tail, !came)
		n := min(len(ms), chunkRows-t.rows)
		var b strings.Builder
		for _, m := range ms[:n] {
			var prev *wire.Message
			if t.drawn.last != 0 {
				prev = &t.drawn.newest
			}
			w.Message(&b, prev, m, m.Seq == t.seeing.unread)
			t.drawn.note(m)
		}
		t.tail.Call("insertAdjacentHTML", "beforeend", b.String())
		t.out.arrived(ms[:n]...)
		t.rows += n
		ms = ms[n:]
	}
}

// prepend writes messages above the oldest, which then may go on where another
// one stops.
func (t *timeline) prepend(ms []wire.Message) {
	w := t.m.writer()
	var b strings.Builder
	for i := range ms {
		var prev *wire.Message
		if i > 0 {
			prev = &ms[i-1]
		}
		w.Message(&b, prev, ms[i], ms[i].Seq == t.seeing.unread)
	}
	oldest := t.drawn.oldest
	t.drawn.note(ms...)
	t.drawn.first, t.drawn.oldest = ms[0].Seq, ms[0]
	t.replace(&ms[len(ms)-1], oldest)

	section := app.Window().Get("document").Call("createElement", "section")
	section.Set("className", "chunk fresh") // measured as it is, before it may be skipped
	hush(section, true)
	section.Set("innerHTML", b.String())
	t.list.Call("insertBefore", section, t.list.Get("firstChild"))
	time.AfterFunc(300*time.Millisecond, func() { t.quiet(func() { toggle(section, "fresh", false) }) })
}

// change writes a message again that has become another.
func (t *timeline) change(m wire.Message) {
	var prev *wire.Message
	if m.Seq > t.drawn.first {
		prev = t.before(m.Seq)
	}
	t.replace(prev, m)
	t.drawn.note(m)
}

// before is the message in front of one that is drawn.
func (t *timeline) before(seq uint64) *wire.Message {
	ms := t.m.session.client.Timeline(t.room).Messages
	if len(ms) == 0 || seq <= ms[0].Seq || seq > ms[len(ms)-1].Seq {
		return nil
	}
	return &ms[seq-ms[0].Seq-1]
}

func (t *timeline) replace(prev *wire.Message, m wire.Message) {
	row := t.row(m.Seq)
	if !row.Truthy() {
		return
	}
	var b strings.Builder
	t.m.writer().Message(&b, prev, m, m.Seq == t.seeing.unread)
	place := app.Window().Get("document").Call("createElement", "template")
	place.Set("innerHTML", b.String())
	again := place.Get("content").Get("firstElementChild")
	hush(again, true)
	row.Call("replaceWith", again)
}

// hush keeps screen readers from reading out what is added to a part of the log,
// or the part itself when it is added.
func hush(part app.Value, quiet bool) {
	if quiet {
		part.Call("setAttribute", "aria-live", "off")
		return
	}
	part.Call("removeAttribute", "aria-live")
}

func (t *timeline) row(seq uint64) app.Value {
	return t.list.Call("querySelector", `[data-seq="`+strconv.FormatUint(seq, 10)+`"]`)
}

// drawPending writes one's own messages on their way below all others.
func (t *timeline) drawPending(outbox []client.Outgoing) {
	w := t.m.writer()
	var b strings.Builder
	var prev *wire.Message
	if t.drawn.last != 0 {
		prev = &t.drawn.newest
	}
	for _, p := range t.out.update(outbox, t.m.T.Error) {
		w.Pending(&b, prev, p)
		prev = &wire.Message{Author: t.m.Me.ID, Time: p.Time}
	}
	t.pending.Set("innerHTML", b.String())
}

// drawTop says what is in front of the oldest message: more, an error, or the
// beginning of the room.
func (t *timeline) drawTop(tl client.Timeline) {
	var b strings.Builder
	r, _ := t.m.room(t.room)
	switch {
	case tl.Err != nil && !tl.Loading:
		words, do := t.m.T.OlderFailed, "older"
		if t.drawn.last == 0 {
			words, do = t.m.T.LoadFailed, "load"
		}
		b.WriteString(`<div class="top-failed"><p>`)
		rows.Escape(&b, t.m.T.Sentences(words, t.m.T.Error(tl.Err)))
		b.WriteString(`</p><button type="button" class="button" data-do="` + do + `">`)
		rows.Escape(&b, t.m.T.TryAgain)
		b.WriteString(`</button></div>`)
	case tl.AtStart:
		b.WriteString(parts.Beginning(t.m.T, r.Name, t.drawn.last == 0 && len(tl.Outgoing) == 0))
	case t.drawn.last == 0:
		b.WriteString(skeleton)
	default:
		b.WriteString(parts.Older(t.m.T, ""))
	}
	t.root.Call("setAttribute", "aria-busy", strconv.FormatBool(tl.Loading))
	if html := b.String(); t.top.Get("innerHTML").String() != html {
		t.top.Set("innerHTML", html)
	}
}

// skeleton stands for messages that are being fetched.
const skeleton = `<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div>`
