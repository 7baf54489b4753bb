package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/rows"
	"parley/shared/wire"
)

const (
	chunkRows  = 50  // rows of one section: enough to skip at a time, few enough to draw at once
	bottomSlop = 40  // pixels from the end that still count as being there
	olderAhead = 800 // pixels from the beginning at which older messages are asked for
)

// timelineView is the place in which the timeline lives.
type timelineView struct {
	app.Compo

	M *Model

	timeline *timeline
}

// Render gives the empty place: the rest is not go-app's.
func (v *timelineView) Render() app.UI { return app.Div().Class("timeline-place") }

// OnMount builds the timeline.
func (v *timelineView) OnMount(ctx app.Context) {
	defer v.M.guard()
	v.timeline = newTimeline(v.M, ctx, ctx.JSSrc())
	v.M.timeline = v.timeline
	if _, ok := v.M.room(v.M.Current); ok {
		v.timeline.open(v.M.Current)
	}
}

// OnDismount takes it down.
func (v *timelineView) OnDismount() {
	v.timeline.release()
	if v.M.timeline == v.timeline {
		v.M.timeline = nil
	}
}

// timeline is the list of a room's messages in plain DOM.
type timeline struct {
	island

	// Elements, static after construction.
	root    app.Value // scrolls; role log
	inner   app.Value // grows
	top     app.Value // what is in front of the oldest message
	list    app.Value // the sections of rows
	pending app.Value // one's own messages on their way
	jump    app.Value // the button that leads to the newest

	room   string
	drawn  drawn
	out    outgoing
	tail   app.Value // the section that new rows go into
	rows   int       // in tail
	unread uint64    // the line "New" stands above this message; 0: nowhere

	stuck  bool // the newest is in sight, and stays so
	height int  // of inner and root when last looked at: a scroll that comes
	view   int  // with a change of these is not the person's
	below  int  // messages that came while the person was reading further up
}

func newTimeline(m *Model, ctx app.Context, place app.Value) *timeline {
	t := &timeline{island: island{m: m, ctx: ctx}}
	t.root = element(place, "div", "timeline")
	for name, value := range map[string]any{"role": "log", "aria-label": m.T.Messages, "aria-relevant": "additions", "tabindex": 0} {
		t.root.Call("setAttribute", name, value)
	}
	t.inner = element(t.root, "div", "timeline-inner")
	t.top = element(t.inner, "div", "timeline-top")
	t.list = element(t.inner, "div", "timeline-list")
	t.pending = element(t.inner, "div", "timeline-pending")
	t.pending.Call("setAttribute", "aria-live", "off") // read out once, when it has its place
	t.jump = element(place, "button", "jump")
	t.jump.Set("type", "button")
	t.jump.Set("hidden", true)

	t.listen(t.root, "scroll", func(app.Event) { t.quiet(t.scrolled) })
	t.listen(t.root, "click", func(e app.Event) { t.quiet(func() { t.clicked(e) }) })
	t.listen(t.jump, "click", func(app.Event) {
		t.quiet(func() {
			t.stick()
			t.markRead()
		})
	})
	t.resized(t.settle, t.root, t.inner)
	t.off = append(t.off, browser.Wakes(func(string) { t.quiet(t.markRead) }))
	return t
}

// open shows another room.
func (t *timeline) open(room string) {
	t.room, t.out, t.unread, t.below = room, outgoing{}, 0, 0
	if r, ok := t.m.room(room); ok && r.Unread > 0 {
		t.unread = r.Read + 1
	}
	t.clear()
	t.stuck = true
	t.sync()
	if t.drawn.last == 0 {
		t.load()
	}
	t.show()
	t.markRead()
}

// show brings the first unread message into sight, else the newest.
func (t *timeline) show() {
	line := t.list.Call("querySelector", ".unread")
	if !line.Truthy() {
		t.stick()
		return
	}
	t.stuck = false
	line.Call("scrollIntoView", map[string]any{"block": "center"})
	t.look()
	t.scrolled()
}

// load fetches the newest messages.
func (t *timeline) load() {
	s, room := t.m.session, t.room
	t.m.async(func(ctx context.Context) { _ = s.client.LoadNewest(ctx, room) }, func() {
		if t.room == room { // the error, if any, is in the client's timeline
			first := t.drawn.last == 0
			t.sync()
			if first {
				t.show()
			}
			t.markRead()
		}
	})
}

// older fetches what is in front of the oldest message.
func (t *timeline) older() {
	s, room := t.m.session, t.room
	t.m.async(func(ctx context.Context) { _ = s.client.LoadOlder(ctx, room) }, func() {
		if t.room == room {
			t.sync()
		}
	})
}

// sync makes what is drawn equal to what the client has.
func (t *timeline) sync() {
	if t.m.session == nil || t.room == "" {
		return
	}
	tl := t.m.session.client.Timeline(t.room)
	p := t.drawn.plan(tl.Messages)
	switch {
	case p.redraw:
		t.clear()
		t.append(tl.Messages)
	default:
		if len(p.prepend) > 0 {
			t.keep(func() { t.prepend(p.prepend) })
		}
		for _, m := range p.change {
			t.change(m)
		}
		t.append(p.add)
		t.count(p.add)
	}
	t.drawTop(tl)
	t.drawPending(tl.Outgoing)
	t.settle()
}

// add draws messages as they come. It is false when they do not join on, which
// takes a sync.
func (t *timeline) add(ms []wire.Message) bool {
	for i, m := range ms {
		switch {
		case m.Room != t.room:
		case t.drawn.next(m):
			t.append(ms[i : i+1])
			t.count(ms[i : i+1])
		case t.drawn.has(m):
			t.change(m)
		default:
			return false
		}
	}
	if len(ms) > 0 {
		t.settle()
	}
	return true
}

// redraw writes all rows again: a name has changed.
func (t *timeline) redraw() {
	if t.drawn.last == 0 {
		return
	}
	t.keep(func() {
		t.clear()
		t.sync()
	})
}

func (t *timeline) clear() {
	t.list.Set("innerHTML", "")
	t.drawn, t.tail, t.rows = drawn{}, nil, 0
}

// append writes messages below the newest.
func (t *timeline) append(ms []wire.Message) {
	w := t.m.writer()
	for len(ms) > 0 {
		if t.tail == nil || t.rows >= chunkRows {
			t.tail, t.rows = element(t.list, "section", "chunk"), 0
		}
		n := min(len(ms), chunkRows-t.rows)
		var b strings.Builder
		for _, m := range ms[:n] {
			var prev *wire.Message
			if t.drawn.last != 0 {
				prev = &t.drawn.newest
			}
			w.Message(&b, prev, m, m.Seq == t.unread)
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
		w.Message(&b, prev, ms[i], ms[i].Seq == t.unread)
	}
	oldest := t.drawn.oldest
	t.drawn.note(ms...)
	t.drawn.first, t.drawn.oldest = ms[0].Seq, ms[0]
	t.replace(&ms[len(ms)-1], oldest)

	section := app.Window().Get("document").Call("createElement", "section")
	section.Set("className", "chunk fresh") // measured as it is, before it may be skipped
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
	t.m.writer().Message(&b, prev, m, m.Seq == t.unread)
	row.Set("outerHTML", b.String())
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
		rows.Escape(&b, words+" "+t.m.T.Error(tl.Err))
		b.WriteString(`</p><button type="button" class="button" data-do="` + do + `">`)
		rows.Escape(&b, t.m.T.TryAgain)
		b.WriteString(`</button></div>`)
	case tl.AtStart:
		b.WriteString(`<div class="beginning"><p class="beginning-title">`)
		rows.Escape(&b, t.m.T.Beginning(r.Name))
		b.WriteString(`</p>`)
		if t.drawn.last == 0 && len(tl.Outgoing) == 0 {
			b.WriteString(`<p>`)
			rows.Escape(&b, t.m.T.Nothing)
			b.WriteString(`</p>`)
		}
		b.WriteString(`</div>`)
	case t.drawn.last == 0:
		b.WriteString(skeleton)
	default:
		b.WriteString(`<div class="top-loading">`)
		rows.Escape(&b, t.m.T.LoadingOlder)
		b.WriteString(`</div>`)
	}
	t.root.Call("setAttribute", "aria-busy", strconv.FormatBool(tl.Loading))
	if html := b.String(); t.top.Get("innerHTML").String() != html {
		t.top.Set("innerHTML", html)
	}
}

// skeleton stands for messages that are being fetched.
const skeleton = `<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></div>`

// clicked does what the buttons in the rows say.
func (t *timeline) clicked(e app.Event) {
	target := e.Get("target").Call("closest", "[data-do]")
	if !target.Truthy() || t.m.session == nil {
		return
	}
	nonce := ""
	if row := target.Call("closest", "[data-nonce]"); row.Truthy() {
		nonce = row.Call("getAttribute", "data-nonce").String()
	}
	switch target.Call("getAttribute", "data-do").String() {
	case "retry":
		t.m.session.client.Retry(nonce)
	case "discard":
		text := t.m.session.client.Discard(nonce)
		t.out.drop(nonce)
		t.sync()
		if t.m.composer != nil {
			t.m.composer.takeBack(text)
		}
	case "older":
		t.older()
	case "load":
		t.load()
	}
}
