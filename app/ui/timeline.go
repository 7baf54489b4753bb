package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/parts"
	"parley/shared/wire"
)

const (
	chunkRows  = 50   // rows of one section: enough to skip at a time, few enough to draw at once
	liveRows   = 16   // of one that grows with every message that comes, as all in it are painted anew
	bottomSlop = 40   // pixels from the end at which whoever comes down is there, and is taken along by what comes,
	leaveSlop  = 12   // up to which whoever goes up is still there: a finger trembles,
	markSlop   = 3    // from which the browser tells that the list is not there any more,
	endSlop    = 2    // and that are a matter of rounding
	near       = 800  // pixels from either end at which more messages are drawn, or asked for
	far        = 1600 // pixels out of sight from which on a section may be taken away; above near, else it would come and go
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
	v.timeline.leave()
	v.timeline.out.forget(nil)
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
	jump    app.Value // the button that leads to the newest,
	back    app.Value // and to the first unread
	jumps   jumpLook  // as they were last drawn
	backs   jumpLook
	ways    ways
	day     floatDay
	end     end // of inner

	bar *bar // what can be done to a message

	room    string
	drawn   drawn
	tail    tail
	quoted  map[uint64]wire.Quote // by the replies that show them
	out     outgoing
	sending string // what is drawn of it
	seeing  seeing

	today int // the day as the reader counts them, when days were named last

	live    bool   // the room's newest message is drawn
	counted uint64 // messages up to here have been counted, if they came while reading further up

	going int // counts the messages that were gone to: what an older one loads comes too late

	taken bool    // from the server's page, and not opened yet
	left  float64 // how far that was from its end

	stuck  bool // the newest is in sight, and stays so
	height int  // of inner and root when last looked at: a scroll that comes with a
	view   int  // change of these, and not up from where the list stood, is not the
	rest   int  // person's
	below  int  // messages that came while the person was reading further up
}

func newTimeline(m *Model, ctx app.Context, place app.Value) *timeline {
	t := &timeline{island: island{m: m, ctx: ctx}, bar: newBar()}
	if root := m.page.take(".timeline"); root != nil {
		t.taken = true
		t.left = fromEnd(root)
		move(root, place)
		move(m.page.take(".jump"), place)
	} else {
		place.Set("innerHTML", parts.Timeline{}.HTML(m.T))
	}
	part := func(class string) app.Value { return place.Call("querySelector", class) }
	t.root, t.inner = part(".timeline"), part(".timeline-inner")
	t.top, t.list, t.pending = part(".timeline-top"), part(".timeline-list"), part(".timeline-pending")
	t.jump = part(".jump")
	t.back = element(place, "button", "jump to-unread")
	t.back.Set("type", "button")
	t.back.Set("hidden", true)
	t.ways.draw(t, place)
	t.day.draw(place)

	t.end.draw(t)
	t.listenRows()
	t.listenPictures()
	t.listen(t.jump, "click", func(app.Event) { t.quiet(t.toNewest) })
	t.listen(t.back, "click", func(app.Event) { t.quiet(t.toUnread) })
	t.resized(t.settle, t.root) // what grows inside is ours, or scrolls
	t.watchDays()
	t.off = append(t.off, browser.Wakes(func(string) {
		t.quiet(func() {
			t.nameDays()
			t.markRead()
		})
	}))
	return t
}

// open shows another room.
func (t *timeline) open(room string) {
	t.leave()
	t.out.forget(nil)
	t.room, t.out, t.below, t.counted = room, outgoing{}, 0, 0
	t.see()
	target := t.m.target.take(room)
	if target == 0 {
		target = addressed()
	}
	if target == 0 {
		t.ways.close()
	}
	t.withdraw()
	if t.taken {
		t.taken = false
		if t.adopt() {
			t.goTo(target)
			return
		}
	}
	t.clear()
	t.stuck = true
	t.sync()
	if t.drawn.last == 0 || t.m.session.client.Timeline(room).Stale {
		t.load()
	}
	if target != 0 {
		t.goTo(target)
		return
	}
	t.show()
	if t.drawn.last != 0 { // else load does
		t.reach()
	}
	t.roam()
	t.markRead()
}

// leave tells the client that nobody looks at the room any more.
func (t *timeline) leave() {
	if t.room != "" && t.m.session != nil {
		t.m.session.client.Look(t.room, 0, 0)
	}
}

// show brings the first unread message into sight, else the newest.
func (t *timeline) show() {
	if !t.reached() && t.held(t.seeing.unread) != nil {
		t.drawAround(t.seeing.unread)
	}
	line := t.line()
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
	s, room, going := t.m.session, t.room, t.going
	t.m.async(func(ctx context.Context) { _ = s.client.LoadNewest(ctx, room) }, func() {
		if t.room == room { // the error, if any, is in the client's timeline
			first := t.drawn.last == 0
			t.sync()
			if first && t.going == going {
				t.show()
				t.reach()
			}
			t.roam()
			t.markRead()
		}
	})
}

// older fetches what is in front of the oldest message.
func (t *timeline) older() { t.fetch((*client.Client).LoadOlder) }

// newer fetches what is behind the newest message of those around what is looked at.
func (t *timeline) newer() { t.fetch((*client.Client).LoadNewer) }

func (t *timeline) fetch(load func(*client.Client, context.Context, string) error) {
	s, room := t.m.session, t.room
	t.m.async(func(ctx context.Context) { _ = load(s.client, ctx, room) }, func() {
		if t.room == room {
			t.sync()
			t.roam() // on a tall screen nothing scrolls, so nothing else asks
		}
	})
}

// retry loads again what could not be loaded.
func (t *timeline) retry() {
	if t.m.session == nil {
		return
	}
	tl := t.m.session.client.Timeline(t.room)
	switch {
	case tl.ErrNewer != nil:
		t.newer()
	case tl.Err == nil:
	case t.drawn.last == 0:
		t.load()
	default:
		t.older()
	}
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
		t.append(around(tl.Messages, 0), false)
		t.counted = tl.Head
	default:
		for _, m := range p.change {
			t.change(m)
		}
		t.follow(p.add)
	}
	t.live = t.drawn.ends(tl)
	t.countTo(tl.Head)
	t.requote()
	t.drawTop(tl)
	t.drawPending(tl)
	t.settle()
	t.tell()
}

// add draws messages as they come. It is false when they do not join on, which
// takes a sync.
func (t *timeline) add(ms []wire.Message) bool {
	for i, m := range ms {
		switch {
		case m.Room != t.room:
		case t.drawn.next(m) && t.live:
			if t.live = t.follow(ms[i : i+1]); !t.live {
				t.count(ms[i : i+1])
			}
		case t.drawn.covers(m.Seq):
			t.change(m)
		case t.drawn.last == 0 || m.Seq > t.drawn.last && t.live:
			return false
		default:
			t.count(ms[i : i+1])
		}
	}
	if len(ms) > 0 {
		t.requote()
		t.settle()
		t.tell()
	}
	return true
}

// follow draws messages that come after the newest, unless the person is further
// up and the page holds enough. It tells whether they are drawn.
func (t *timeline) follow(ms []wire.Message) bool {
	switch {
	case len(ms) == 0:
	case t.stuck && len(ms) > firstRows:
		t.clear()
		t.append(ms[len(ms)-firstRows:], false)
	case t.stuck || t.drawn.rows()+len(ms) <= mostRows:
		t.append(ms, true)
		t.count(ms)
		if t.stuck {
			t.fixBar()
		}
		if t.stuck && t.drawn.rows() > mostRows {
			t.settle()
			t.cutTop()
		}
	default:
		return false
	}
	return true
}

// redraw writes all rows again: a name has changed.
func (t *timeline) redraw() {
	if t.drawn.last == 0 {
		return
	}
	t.keep(func() {
		first, last := t.drawn.first, t.drawn.last
		t.clear()
		t.append(between(t.m.session.client.Timeline(t.room).Messages, first, last), false)
		t.sync()
	})
}

// label names the list in the reader's language.
func (t *timeline) label() { t.root.Call("setAttribute", "aria-label", t.m.T.Messages) }

// speak goes on in another language. Nobody is read all messages again.
func (t *timeline) speak() {
	t.label()
	t.drawJump()
	t.drawToUnread()
	t.ways.speak(t)
	t.redraw()
	t.sync() // also where no message is
}

// clicked does what the buttons in the rows say. A finger on a row asks what can
// be done to it.
func (t *timeline) clicked(e app.Event) {
	target := e.Get("target")
	button := target.Call("closest", "[data-do]")
	if t.m.session == nil {
		return
	}
	if !button.Truthy() {
		if e.Get("pointerType").String() == "touch" && !target.Call("closest", "a, button, label, input").Truthy() {
			t.touched(seqAt(target))
		}
		return
	}
	nonce := ""
	if row := button.Call("closest", "[data-nonce]"); row.Truthy() {
		nonce = row.Call("getAttribute", "data-nonce").String()
	}
	switch do := button.Call("getAttribute", "data-do").String(); do {
	case "retry":
		t.m.session.client.Retry(nonce)
	case "discard":
		draft, ok := t.m.session.client.Discard(nonce)
		if !ok {
			return // too late: it is sent, or was given up elsewhere
		}
		t.out.drop(nonce)
		t.sync()
		if t.m.composer != nil {
			t.m.composer.takeBack(draft.Text)
			t.m.composer.attachBack(draft.Files)
			if draft.ReplyTo != 0 {
				t.m.composer.reply(draft.ReplyTo)
			}
		}
	case "picture":
		t.enlarge(button)
	case "unread":
		t.m.markUnread(t.room, seqAt(button))
	case "older":
		t.older()
	case "newer":
		t.newer()
	case "load":
		t.load()
	default:
		t.act(do, button)
	}
}
