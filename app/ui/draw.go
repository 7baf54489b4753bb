package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/parts"
	"parley/shared/rows"
	"parley/shared/wire"
)

func (t *timeline) clear() {
	t.list.Set("innerHTML", "")
	t.drawn, t.tail = drawn{}, tail{}
	t.quoted = map[uint64]wire.Quote{}
	t.withdraw()
}

// noteQuote remembers what a reply shows of what it replies to.
func (t *timeline) noteQuote(m wire.Message) {
	if m.ReplyTo != 0 && m.Deleted == 0 {
		t.quoted[m.Seq], _ = t.m.quote(m.ReplyTo)
	} else {
		delete(t.quoted, m.Seq)
	}
}

// requote writes the replies again that show what has changed or come since.
func (t *timeline) requote() {
	for seq, shown := range t.quoted {
		m, ok := t.message(seq)
		if !ok || !t.drawn.covers(seq) {
			delete(t.quoted, seq)
			continue
		}
		if q, _ := t.m.quote(m.ReplyTo); q != shown {
			t.change(m)
		}
	}
}

// tail is the newest section, once something has been added to it.
type tail struct {
	section app.Value // nil before
	loud    bool      // what is added is read out
}

// of gives the newest section of list, to which something is added that is read
// out or not.
func (s *tail) of(list app.Value, loud bool) app.Value {
	if s.section == nil || s.loud != loud {
		*s = tail{list.Get("lastElementChild"), loud}
		hush(s.section, !loud)
	}
	return s.section
}

// append writes messages below the newest. Those that have just come are read
// out by screen readers, others only when somebody goes there.
func (t *timeline) append(ms []wire.Message, came bool) {
	w, most := t.m.writer(), chunkRows
	if came {
		most = liveRows
	}
	for len(ms) > 0 {
		n := min(len(ms), t.drawn.tail(most))
		if n == 0 {
			n = min(len(ms), most)
			if was := t.list.Get("lastElementChild"); came && was.Truthy() && browser.Visible() {
				t.measure(was) // of many that come at once no frame may have shown it; where nobody looks there are no frames
			}
			t.tail = tail{}
			element(t.list, "section", "chunk")
		}
		section := t.tail.of(t.list, came)
		var b strings.Builder
		for i := range ms[:n] {
			prev := &t.drawn.newest
			switch {
			case i > 0:
				prev = &ms[i-1]
			case t.drawn.last == 0:
				prev = nil
			}
			w.Message(&b, prev, ms[i], ms[i].Seq == t.seeing.unread)
			t.noteQuote(ms[i])
		}
		section.Call("insertAdjacentHTML", "beforeend", b.String())
		t.drawn.append(most, ms[:n]...)
		t.keepPictures(ms[:n])
		t.out.arrived(ms[:n]...)
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
		t.noteQuote(ms[i])
	}
	if first := t.held(t.drawn.first); first != nil {
		t.replace(&ms[len(ms)-1], *first)
	}
	t.drawn.prepend(ms...)

	section := app.Window().Get("document").Call("createElement", "section")
	section.Set("className", "chunk")
	hush(section, true)
	section.Set("innerHTML", b.String())
	t.list.Call("insertBefore", section, t.list.Get("firstChild"))
	t.measure(section)
}

// measure lets a section be drawn as it is before it may be skipped: what is
// skipped takes the place that it was last seen to take. The browser notes that
// in the frame in which it draws the section, whenever it comes to that: by the
// second frame after this it has.
func (t *timeline) measure(section app.Value) {
	toggle(section, "fresh", true)
	nextFrame(func() {
		nextFrame(func() { t.quiet(func() { toggle(section, "fresh", false) }) })
	})
}

// change writes a message again that has become another.
func (t *timeline) change(m wire.Message) {
	var prev *wire.Message
	if m.Seq > t.drawn.first {
		prev = t.before(m.Seq)
	}
	t.replace(prev, m)
	t.drawn.note(m)
	t.noteQuote(m)
}

// before is the message in front of one that is drawn.
func (t *timeline) before(seq uint64) *wire.Message { return t.held(seq - 1) }

// held is a message that the client has, else nil.
func (t *timeline) held(seq uint64) *wire.Message {
	ms := between(t.m.session.client.Timeline(t.room).Messages, seq, seq)
	if len(ms) == 0 {
		return nil
	}
	return &ms[0]
}

// heldRow is the message of a row, by its data-seq.
func (t *timeline) heldRow(seq string) *wire.Message {
	n, _ := strconv.ParseUint(seq, 10, 64)
	return t.held(n)
}

func (t *timeline) replace(prev *wire.Message, m wire.Message) {
	row := t.row(m.Seq)
	if !row.Truthy() {
		return
	}
	var b strings.Builder
	t.m.writer().Message(&b, prev, m, m.Seq == t.seeing.unread)
	holder := app.Window().Get("document").Call("createElement", "template")
	holder.Set("innerHTML", b.String())
	again := holder.Get("content").Get("firstElementChild")
	hush(again, true)
	if fold := row.Call("querySelector", ".fold"); fold.Truthy() && fold.Get("checked").Bool() {
		if fold = again.Call("querySelector", ".fold"); fold.Truthy() {
			fold.Set("checked", true)
		}
	}
	keepFiles(row, again)
	focus := t.focusIn(row)
	offered := t.bar.seq == m.Seq
	if offered {
		t.withdraw()
	}
	row.Call("replaceWith", again)
	if offered {
		t.offer(m.Seq)
	}
	focus(again)
}

// focusIn remembers what has the focus in a row, and gives it to the same thing
// in the row that takes its place.
func (t *timeline) focusIn(row app.Value) func(again app.Value) {
	at := focused()
	if !at.Truthy() || !row.Call("contains", at).Bool() {
		return func(app.Value) {}
	}
	selector := ""
	if data := at.Get("dataset"); data.Get("do").Truthy() {
		selector = `[data-do="` + data.Get("do").String() + `"]`
		if data.Get("emoji").Truthy() {
			selector += `[data-emoji="` + data.Get("emoji").String() + `"]`
		}
	}
	return func(again app.Value) {
		if selector != "" {
			if same := again.Call("querySelector", selector); same.Truthy() {
				same.Call("focus", map[string]any{"preventScroll": true})
				return
			}
		}
		focusRow(again)
	}
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

// drawPending writes one's own messages on their way below all others. Where more
// messages come, it says how these are coming along.
func (t *timeline) drawPending(tl client.Timeline) {
	pending := t.out.update(tl.Outgoing, t.m.T.Error)
	if !t.live && t.drawn.last != 0 {
		t.sending = t.bottom(tl)
		t.pending.Set("innerHTML", t.sending)
		return
	}
	w := t.m.writer()
	var b strings.Builder
	var prev *wire.Message
	if t.drawn.last != 0 {
		prev = &t.drawn.newest
	}
	for _, p := range pending {
		w.Pending(&b, prev, p)
		prev = &wire.Message{Author: t.m.Me.ID, Time: p.Time}
	}
	if html := b.String(); html != t.sending { // drawn again, pictures would be gone for a moment
		t.sending = html
		t.pending.Set("innerHTML", html)
	}
	t.drawProgress(tl.Outgoing)
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
		t.failed(&b, do, words, tl.Err)
	case tl.AtStart && (len(tl.Messages) == 0 || tl.Messages[0].Seq >= t.drawn.first):
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

// bottom says what is behind the newest message that is drawn, when it is not the
// room's newest.
func (t *timeline) bottom(tl client.Timeline) string {
	var b strings.Builder
	switch {
	case tl.ErrNewer != nil && !tl.LoadingNewer:
		t.failed(&b, "newer", t.m.T.NewerFailed, tl.ErrNewer)
	case !tl.AtEnd:
		b.WriteString(`<div class="top-loading">`)
		rows.Escape(&b, t.m.T.LoadingNewer)
		b.WriteString(`</div>`)
	}
	return b.String()
}

// failed writes that messages could not be loaded, and why, with a way to try again.
func (t *timeline) failed(b *strings.Builder, do, words string, err error) {
	b.WriteString(`<div class="top-failed"><p>`)
	rows.Escape(b, t.m.T.Sentences(words, t.m.T.Error(err)))
	b.WriteString(`</p><button type="button" class="button" data-do="` + do + `">`)
	rows.Escape(b, t.m.T.TryAgain)
	b.WriteString(`</button></div>`)
}

// skeleton stands for messages that are being fetched.
const skeleton = `<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div>`
