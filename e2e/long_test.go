package e2e_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

const (
	// longLines is how many messages TestLongRoom has.
	longLines = 100_000
	// longWay is how many of them it scrolls through at a stretch; all of them with
	// PARLEY_WHOLE=1, which takes minutes.
	longWay = 6000

	// What a page may hold more of after thousands of messages, than with its first
	// windows: much less than those have.
	moreNodes   = 8000    // another window of rows
	moreScripts = 2 << 20 // bytes
	moreMemory  = 4 << 20 // bytes, of the app's own
)

// TestLongRoom goes through a room of 100,000 messages: it scrolls up and down,
// goes to a message in the middle, to the first and to the newest, and comes back
// after a reload. The page holds a window of them all the time, and no more memory
// than for that; and it says which day one looks at.
func TestLongRoom(t *testing.T) {
	t.Parallel()
	way := longWay
	if os.Getenv("PARLEY_WHOLE") != "" {
		way = longLines
	}
	var file strings.Builder
	began := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range longLines { // eighty a day
		at := began.Add(time.Duration(i) * 18 * time.Minute).Format(time.RFC3339)
		fmt.Fprintf(&file, `{"seq":%d,"text":"line %d","nonce":"n%d","time":%q}`+"\n", i+1, i+1, i, at)
	}
	s := parley.Start(t)
	owner := s.Setup("Ada")
	for events := importing(t.Context(), t, owner, file.String()); events.Scan(); {
	}
	ada := chrome.Start(t).Person("Ada")
	ada.Early(keepMemory)
	visit(ada, owner, s.URL())
	newest := func() { ada.Wait("the newest", func() bool { return chrome.Eval[int](ada, lastRow) == longLines }) }
	newest()
	w := &longWindow{t: t, p: ada}

	w.through("up", longLines-min(way, 2000)) // a window, the emoji, whatever comes once
	w.before()
	w.through("up", max(longLines-way, 1))
	w.grown("scrolling up")
	if s := w.look(); s.Day == "" {
		t.Errorf("no day is shown: %+v", s)
	}
	w.through("down", longLines-500)
	w.grown("scrolling down again")

	for _, seq := range []int{longLines / 2, 1, longLines - 70, longLines / 3} {
		w.goTo(s.URL(), seq)
	}
	w.through("up", longLines/3-1000)
	w.through("down", longLines/3+1000)
	w.grown("scrolling in the middle")
	w.goTo(s.URL(), longLines/2)
	ada.Reload()
	w.shows(longLines / 2)
	w.through("up", longLines/2-500)
	w.goTo(s.URL(), 60)
	w.through("up", 1)
	w.hold(w.look())

	ada.Click("button", "Newest messages")
	newest()
	atEnd(ada)
	w.hold(w.look())
	t.Logf("%d rows at most", w.most)
}

// longWindow looks at the rows that stand in a page.
type longWindow struct {
	t    *testing.T
	p    *chrome.Page
	most int // rows at a time so far

	held   chrome.Held
	memory int // of the app, bytes
}

type windowState struct {
	First, Last, Rows int
	Most              int // rows at a time, while it scrolled
	Height            float64
	Day               string
}

func (w *longWindow) look() windowState { return chrome.Eval[windowState](w.p, windowNow) }

func (w *longWindow) hold(s windowState) {
	w.t.Helper()
	w.most = max(w.most, s.Rows, s.Most)
	if w.most > mostRows || s.Height > mostRows*100 || s.Last-s.First+1 != s.Rows {
		w.t.Fatalf("%+v", s)
	}
}

// before notes what the page holds.
func (w *longWindow) before() { w.held, w.memory = w.p.Held(), chrome.Eval[int](w.p, memoryNow) }

// grown looks whether it holds more.
func (w *longWindow) grown(by string) {
	w.t.Helper()
	held, memory := w.p.Held(), chrome.Eval[int](w.p, memoryNow)
	w.t.Logf("%s: %+v and %d MB of the app", by, held, memory>>20)
	if held.Nodes > w.held.Nodes+moreNodes || held.Listeners > w.held.Listeners+20 || held.Scripts > w.held.Scripts+moreScripts || memory > w.memory+moreMemory {
		w.t.Errorf("%s, and the page holds %+v, with %d bytes of the app, before that %+v and %d", by, held, memory, w.held, w.memory)
	}
}

// through scrolls until a message stands in the page.
func (w *longWindow) through(direction string, seq int) {
	w.t.Helper()
	for last, still := 0, time.Now(); ; {
		s := chrome.Eval[windowState](w.p, fmt.Sprintf(scrollOn, direction, seq))
		w.hold(s)
		if s.First <= seq && direction == "up" || s.Last >= seq && direction == "down" {
			return
		}
		if s.First != last {
			last, still = s.First, time.Now()
		}
		if time.Since(still) > chrome.Patience {
			w.t.Fatalf("%s to %d: it stays at %+v", direction, seq, s)
		}
	}
}

// goTo follows a message's address.
func (w *longWindow) goTo(origin string, seq int) {
	w.t.Helper()
	w.p.Open(fmt.Sprintf("%s/rooms/lobby#m%d", origin, seq))
	w.shows(seq)
}

func (w *longWindow) shows(seq int) {
	w.t.Helper()
	w.p.Wait(fmt.Sprint("line ", seq), func() bool { return inSight(w.p, fmt.Sprint("line ", seq)) })
	w.hold(w.look())
}

const windowNow = `(() => {
	const log = document.querySelector('[role=log]'), rows = log.querySelectorAll('article[data-seq]');
	return {First: Number(rows[0].dataset.seq), Last: Number(rows[rows.length - 1].dataset.seq), Rows: rows.length,
		Height: log.scrollHeight, Day: document.querySelector('.float-day.shown')?.textContent ?? ''};
})()`

// scrollOn goes to an end of what stands in the page again and again, for a second
// or until a message is there, and lets every step be drawn.
const scrollOn = `(async () => {
	const log = document.querySelector('[role=log]'), up = '%s' === 'up', seq = %d, until = performance.now() + 1000;
	let most = 0, now;
	for (;;) {
		now = ` + windowNow + `;
		most = Math.max(most, now.Rows);
		if ((up ? now.First <= seq : now.Last >= seq) || performance.now() > until) return {...now, Most: most};
		log.scrollTop = up ? (log.scrollTop > 0 ? 0 : 1) : log.scrollHeight - (log.scrollHeight - log.scrollTop - log.clientHeight > 1 ? 0 : log.clientHeight + 2);
		await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
	}
})()`

// keepMemory lets one look at the app's own memory.
const keepMemory = `for (const how of ['instantiate', 'instantiateStreaming']) {
	const start = WebAssembly[how];
	WebAssembly[how] = async (...args) => {
		const made = await start.apply(WebAssembly, args);
		window.appMemory = (made.instance ?? made).exports.mem;
		return made;
	};
}`

const memoryNow = "window.appMemory.buffer.byteLength"
