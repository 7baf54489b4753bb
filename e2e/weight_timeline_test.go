package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/e2e/weight"
	"parley/shared/wire"
)

const (
	longRoom  = 5000 // messages of a room,
	shortRoom = 100  // and of another
	comeTens  = 5    // times ten messages that come one by one
)

// weighTimeline measures what messages cost the main thread: a room of 5,000 to
// be shown, and each that comes, there, in a short room and elsewhere.
func weighTimeline(t *testing.T, hold func(*testing.T, weight.Row)) {
	s := parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	owner := s.Setup("Olga")
	bea := s.Bot(owner, "Bea")
	fill(t, wire.Lobby, longRoom, owner, bea)
	short := owner.Room(t, wire.KindPublic, "short")
	fill(t, short.ID, shortRoom, owner)
	ada := atNewest(t, s, s.MemberOf(owner, "Ada", short.ID), longRoom)

	n := 0
	come := func(room string) func(text string) {
		return func(text string) {
			n++
			_, err := owner.Send(t.Context(), room, text, fmt.Sprint("append", n))
			must(t, err)
		}
	}
	own := costs(ada, untilLast, func(text string) { keyIn(ada, text) })
	elsewhere := costs(ada, untilTold, come(short.ID))
	show, idle := 1e9, 1e9
	for range tries {
		idle = min(idle, busy(ada, untilNothing, func() {}))
		busy(ada, fmt.Sprintf(untilRows, 0, shortRoom+300), func() { goTo(ada, "/rooms/"+short.ID) })
		show = min(show, busy(ada, fmt.Sprintf(untilRows, 50, mostRows), func() { goTo(ada, "/rooms/"+wire.Lobby) }))
	}
	goTo(ada, "/rooms/"+short.ID)
	toNewest(ada)
	few := costs(ada, untilLast, come(short.ID))
	goTo(ada, "/rooms/"+wire.Lobby)
	toNewest(ada)
	long := costs(ada, untilLast, come(wire.Lobby))
	ada.Hover(640, 300)
	pointed := costs(ada, untilLast, come(wire.Lobby))

	hold(t, weight.Row{What: "main thread for a message that comes, in a room of 5,000", Got: long, Budget: budgetAppend, Unit: "ms"})
	hold(t, weight.Row{What: "the same in a room of 100", Got: few, Budget: budgetAppend, Unit: "ms"})
	hold(t, weight.Row{What: "the same in a room that is not open", Got: elsewhere, Budget: budgetAppend, Unit: "ms"})
	hold(t, weight.Row{What: "main thread to show a room of 5,000", Got: show - idle, Budget: budgetShow, Unit: "ms"})
	t.Logf("main thread for a message that comes while a mouse rests on the list: %.1f ms", pointed)
	t.Logf("main thread to write a message, send it and see it in its place: %.1f ms", own)
}

// TestMessageIsDrawnOnce: for a message that comes, styles are looked up once, and
// everything is laid out once. Nothing asks for either in between.
func TestMessageIsDrawnOnce(t *testing.T) {
	t.Parallel()
	const before, come = 120, 10
	s := parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	owner := s.Setup("Olga")
	fill(t, wire.Lobby, before, owner)
	ada := atNewest(t, s, s.Member(owner, "Ada"), before)
	styles, layouts := ada.Drawn()
	for i := range come {
		text := fmt.Sprint("more, ", i)
		busy(ada, fmt.Sprintf(untilLast, quoted(text)), func() {
			_, err := owner.Send(t.Context(), wire.Lobby, text, text)
			must(t, err)
		})
	}
	s2, l2 := ada.Drawn()
	if styles, layouts = s2-styles, l2-layouts; styles > come*3/2 || layouts > come*3/2 {
		t.Errorf("for %d messages styles were looked up %d times, and the page was laid out %d times", come, styles, layouts)
	}
}

// atNewest shows somebody the newest of a room's n messages. Nothing is found by what a screen reader is told: Chromium would keep a
// tree for it from then on, which is work that few people's browsers do.
func atNewest(t *testing.T, s *parley.Server, u *parley.User, n uint64) *chrome.Page {
	p := chrome.Start(t).Person(u.Name)
	name, value, _ := strings.Cut(u.Header().Get("Cookie"), "=")
	p.Cookie(s.URL(), name, value)
	p.Open(s.URL())
	for first := n; n > mostRows && first > n-600; { // the window is full, and has moved
		p.Wait("older messages", func() bool {
			was := first
			first = chrome.Eval[uint64](p, scrollUp)
			return first > 0 && first < was
		})
	}
	toNewest(p)
	p.Wait("the newest", func() bool { return chrome.Eval[uint64](p, lastRow) == n })
	rest(p)
	return p
}

// toNewest goes to the newest message, if that is out of sight.
func toNewest(p *chrome.Page) {
	p.Wait("a room", func() bool {
		return chrome.Eval[bool](p, `(() => {
			const rows = document.querySelector('[role=log] article'), jump = document.querySelector('.jump:not(.to-unread)');
			if (rows && !jump.hidden) jump.click();
			return !!rows && jump.hidden;
		})()`)
	})
}

// costs is what a message costs the main thread, of ten that come one by one, each
// when all is done that the one before has caused: the best of several tens. What
// the same measurement finds when none comes is taken off.
func costs(p *chrome.Page, until string, send func(text string)) float64 {
	idle, best := 1e9, 1e9
	for ten := range comeTens {
		var none, some float64
		for i := range 10 {
			text := fmt.Sprintf("one more, %d%d", ten, i)
			none += busy(p, untilNothing, func() {})
			some += busy(p, fmt.Sprintf(until, quoted(text)), func() { send(text) })
		}
		idle, best = min(idle, none/10), min(best, some/10)
	}
	return best - idle
}

// keyIn writes a message with the keyboard.
func keyIn(p *chrome.Page, text string) {
	chrome.Eval[bool](p, "document.querySelector('textarea').focus(), true")
	p.Insert(text)
	p.Press(chrome.Enter)
}

// busy is what the main thread works from the moment in which something is done
// until it is there and drawn, in ms of the processor's time. until is a promise
// for that. What the measuring itself costs is in it.
func busy(p *chrome.Page, until string, do func()) float64 {
	chrome.Eval[bool](p, "window.until = "+until+", true")
	rest(p)
	before := p.Busy()
	do()
	chrome.Eval[bool](p, "window.until")
	rest(p)
	return ms(p.Busy() - before)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// rest waits until what has changed is drawn and nothing else is to be done.
func rest(p *chrome.Page) {
	chrome.Eval[bool](p, `new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() => r(true)))))`)
}

// goTo follows the link to a room.
func goTo(p *chrome.Page, path string) {
	chrome.Eval[bool](p, "document.querySelector('a[href="+quoted(path)+"]').click(), true")
}

// scrollUp asks for older messages, and gives the oldest that is there. (To
// scroll to where one is does nothing.)
const scrollUp = `(() => {
	const log = document.querySelector('[role=log]'), row = log?.querySelector('article[data-seq]');
	if (log) log.scrollTop = log.scrollTop > 0 ? 0 : 1;
	return Number(row?.dataset.seq ?? 0);
})()`

// lastRow is the newest message that is in the page.
const lastRow = `(() => {
	const rows = document.querySelectorAll('[role=log] article[data-seq]');
	return Number(rows[rows.length - 1]?.dataset.seq ?? 0);
})()`

// untilNothing is there at once, and costs what looking for something does.
const untilNothing = `new Promise(done => {
	const nothing = document.createElement('i');
	const look = new MutationObserver(() => {
		look.disconnect();
		done(true);
	});
	look.observe(nothing, {childList: true, subtree: true});
	nothing.textContent = 'nothing';
})`

// untilLast is there when the last message says something.
const untilLast = `new Promise(done => {
	const list = document.querySelector('.timeline-list'), text = %s;
	const look = new MutationObserver(() => {
		if (!list.lastElementChild.lastElementChild.textContent.includes(text)) return;
		look.disconnect();
		done(true);
	});
	look.observe(list, {childList: true, subtree: true});
})`

// untilTold is there when the list of rooms has changed.
const untilTold = `new Promise(done => {
	const text = %s;
	const look = new MutationObserver(() => {
		look.disconnect();
		done(!!text);
	});
	look.observe(document.querySelector('.rooms'), {childList: true, subtree: true, characterData: true, attributes: true});
})`

// untilRows is there when there are at least so many messages, and at most so many.
const untilRows = `new Promise(done => {
	const list = document.querySelector('.timeline-list');
	const look = new MutationObserver(() => {
		const n = list.querySelectorAll('article').length;
		if (n < %d || n > %d) return;
		look.disconnect();
		done(true);
	});
	look.observe(list, {childList: true});
})`

// fill writes n messages into a room, many at once.
func fill(t *testing.T, room string, n int, authors ...*parley.User) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var writers sync.WaitGroup
	next := make(chan int)
	for range 16 {
		writers.Go(func() {
			for i := range next {
				text := fmt.Sprintf("message %d of many, about nothing in particular, as people write them", i)
				if _, err := authors[i/3%len(authors)].Send(ctx, room, text, fmt.Sprint("fill ", room, i)); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	writers.Wait()
	must(t, context.Cause(ctx))
}
