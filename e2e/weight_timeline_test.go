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
	longRoom = 5000 // messages that the timeline holds
	appended = 20   // messages that come one by one
)

// weighTimeline measures what a room of 5,000 messages costs the main thread:
// to be shown, and for each message that comes.
func weighTimeline(t *testing.T, hold func(*testing.T, weight.Row)) {
	s := parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	owner := s.Setup("Olga")
	fill(t, longRoom, owner, s.Bot(owner, "Bea"))
	other := owner.Room(t, wire.KindPublic, "other")

	// Nothing is found by what a screen reader is told here: Chromium would keep a
	// tree for it from then on, which is work that few people's browsers do.
	ada := chrome.Start(t).Person("Ada")
	name, value, _ := strings.Cut(s.MemberOf(owner, "Ada", other.ID).Header().Get("Cookie"), "=")
	ada.Cookie(s.URL(), name, value)
	ada.Open(s.URL())
	for first := uint64(longRoom); first > longRoom-600; { // the window is full, and has moved
		ada.Wait("older messages", func() bool {
			was := first
			first = chrome.Eval[uint64](ada, scrollUp)
			return first > 0 && first < was
		})
	}
	ada.Click("button", "Newest messages")
	ada.Wait("the newest", func() bool { return chrome.Eval[uint64](ada, lastRow) == longRoom })

	idle, come, show := 1e9, 1e9, 1e9
	for i := range appended {
		text := fmt.Sprint("one more, ", i)
		idle = min(idle, busy(ada, "Promise.resolve(true)", func() {}))
		come = min(come, busy(ada, fmt.Sprintf(untilLast, quoted(text)), func() {
			_, err := owner.Send(t.Context(), wire.Lobby, text, fmt.Sprint("append", i))
			must(t, err)
		}))
	}
	for range tries {
		busy(ada, fmt.Sprintf(untilRows, 0, 0), func() { goTo(ada, "/rooms/"+other.ID) })
		show = min(show, busy(ada, fmt.Sprintf(untilRows, 50, mostRows), func() { goTo(ada, "/rooms/"+wire.Lobby) }))
	}
	hold(t, weight.Row{What: "main thread for a message that comes, in a room of 5,000", Got: come - idle, Budget: budgetAppend, Unit: "ms"})
	hold(t, weight.Row{What: "main thread to show a room of 5,000", Got: show - idle, Budget: budgetShow, Unit: "ms"})
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

// fill writes n messages into the lobby, many at once.
func fill(t *testing.T, n int, authors ...*parley.User) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	var writers sync.WaitGroup
	next := make(chan int)
	for range 16 {
		writers.Go(func() {
			for i := range next {
				text := fmt.Sprintf("message %d of many, about nothing in particular, as people write them", i)
				if _, err := authors[i/3%len(authors)].Send(ctx, wire.Lobby, text, fmt.Sprint("fill", i)); err != nil {
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
