package e2e_test

import (
	"fmt"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// mostRows bounds the rows in the page: a window of 400, and a section that is
// about to be taken away.
const mostRows = 450

// TestHistoryWindow scrolls up through a long room and down again: messages
// appear above and below, others are taken away, and the message that one is
// looking at stays where it is, in every frame that is drawn.
func TestHistoryWindow(t *testing.T) {
	t.Parallel()
	const messages = 930
	s := parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	owner := s.Setup("Olga")
	bots := []*parley.User{s.Bot(owner, "one"), s.Bot(owner, "two")}
	for i := range messages {
		text := fmt.Sprintf("message %d", i+1)
		for range i % 4 { // of different heights
			text += "\nand one more line, so that no two rows are of the same height everywhere"
		}
		_, err := bots[i/3%2].Send(t.Context(), wire.Lobby, text, fmt.Sprint("n", i))
		must(t, err)
	}
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Member(owner, "Ada"), s.URL())
	ada.Wait("the newest messages", func() bool { return newest(ada) == messages })
	tallest := 0.0
	move := func(direction string) {
		t.Helper()
		before := oldest(ada)
		if direction == "down" {
			before = newest(ada)
		}
		jump := scrollTo(ada, direction)
		if jump.Moved > 1.5 || jump.Moved < -1.5 {
			t.Errorf("%s from %d: message %d jumped by %.1f pixels (in %d frames)", direction, before, jump.Seq, jump.Moved, jump.Frames)
		}
		if jump.Rows > mostRows {
			t.Errorf("%s from %d: %d rows in the page", direction, before, jump.Rows)
		}
		tallest = max(tallest, jump.Height)
	}
	for pages := 0; oldest(ada) > 1; pages++ {
		if pages > 40 {
			t.Fatalf("after %d pages the oldest row is still %d", pages, oldest(ada))
		}
		move("up")
	}
	seqsInOrder(t, ada)
	if newest(ada) == messages {
		t.Error("nothing was taken away below")
	}

	t.Run("news do not drag one down", func(t *testing.T) {
		top := chrome.Eval[float64](ada, "document.querySelector('[role=log]').scrollTop = 300")
		_, err := bots[0].Send(t.Context(), wire.Lobby, "breaking news", "news")
		must(t, err)
		ada.Find("button", "1 new message")
		if now := chrome.Eval[float64](ada, "document.querySelector('[role=log]').scrollTop"); now != top {
			t.Errorf("scrolled from %.0f to %.0f by a message that came", top, now)
		}
		if newest(ada) > messages {
			t.Error("drawn far below what one looks at")
		}
	})

	for pages := 0; newest(ada) <= messages; pages++ {
		if pages > 40 {
			t.Fatalf("after %d pages the newest row is still %d", pages, newest(ada))
		}
		move("down")
	}
	seqsInOrder(t, ada)
	if oldest(ada) == 1 {
		t.Error("nothing was taken away above")
	}
	if tallest > mostRows*100 {
		t.Errorf("the list was %.0f pixels high", tallest)
	}
	chrome.Eval[float64](ada, "document.querySelector('[role=log]').scrollTop = 300")
	_, err := bots[0].Send(t.Context(), wire.Lobby, "more news", "news2")
	must(t, err)
	ada.Click("button", "2 new messages") // one has not been quite at the end in between
	ada.WaitRow("more news")
	atEnd(ada)
}

// TestHistoryOnABusyMachine: the browser has no time to draw for half a second
// after older messages were put in, and they stay where they are all the same.
func TestHistoryOnABusyMachine(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	owner := s.Setup("Olga")
	for i := range 400 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("message ", i+1, "\nof two lines"), fmt.Sprint("n", i))
		must(t, err)
	}
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Member(owner, "Ada"), s.URL())
	ada.Wait("the newest messages", func() bool { return newest(ada) == 400 })
	chrome.Eval[bool](ada, `(() => {
		new MutationObserver(() => { for (const end = performance.now() + 500; performance.now() < end;); })
			.observe(document.querySelector('[role=log] section.chunk').parentElement, {childList: true});
		return true;
	})()`)
	for range 4 {
		if jump := scrollTo(ada, "up"); jump.Moved > 1.5 || jump.Moved < -1.5 {
			t.Errorf("message %d jumped by %.1f pixels (in %d frames)", jump.Seq, jump.Moved, jump.Frames)
		}
	}
}

// jump is how far a message has moved while others were put in.
type jump struct {
	Seq    int     `json:"seq"`
	Moved  float64 `json:"moved"`
	Frames int     `json:"frames"`
	Height float64 `json:"height"`
	Rows   int     `json:"rows"`
}

// scrollTo goes to one end of what is there, and watches what happens.
func scrollTo(p *chrome.Page, direction string) jump {
	chrome.Eval[bool](p, fmt.Sprintf(watchAnchor, direction))
	return chrome.Eval[jump](p, "window.stopWatching()")
}

// atEnd waits until the list stands at its end.
func atEnd(p *chrome.Page) {
	p.Wait("the end", func() bool {
		return chrome.Eval[bool](p, `(() => { const l = document.querySelector('[role=log]');
			return l.scrollHeight - l.scrollTop - l.clientHeight < 2 })()`)
	})
}

// TestHistoryFillsATallScreen: where fifty messages are less than a screen there
// is nothing to scroll, and the older ones come by themselves.
func TestHistoryFillsATallScreen(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	owner := s.Setup("Olga")
	for i := range 120 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("message ", i+1), fmt.Sprint("n", i))
		must(t, err)
	}
	ada := chrome.Start(t).Person("Ada")
	ada.Show(chrome.View{Width: 1280, Height: 4000, Scale: 1})
	visit(ada, s.Member(owner, "Ada"), s.URL())
	ada.Wait("all messages", func() bool { return oldest(ada) == 1 && newest(ada) == 120 })
}

// watchAnchor goes near the beginning of what is there, or its end, takes a message
// that is in sight as the anchor, and measures in every frame how far it has
// moved. Everything that scrolls must be done by the page. It is over some frames
// after more has appeared; at the end of the room, at once.
const watchAnchor = `(() => {
	const log = document.querySelector('[role=log]'), up = '%s' === 'up';
	const list = log.querySelector('.timeline-list');
	const end = () => { const rows = list.querySelectorAll('article[data-seq]'); return rows[up ? 0 : rows.length - 1].dataset.seq };
	const was = end();
	log.scrollTop = up ? 40 : log.scrollHeight - log.clientHeight - 60;
	const edge = log.getBoundingClientRect().top;
	const row = [...log.querySelectorAll('article[data-seq]')].find(a => a.getBoundingClientRect().bottom > edge + 60);
	const seq = row.dataset.seq;
	const at = () => log.querySelector('article[data-seq="' + seq + '"]').getBoundingClientRect().bottom;
	const start = at();
	let moved = 0, frames = 0, settle = 3, done, height = 0, rows = 0;
	const finished = new Promise(r => done = r);
	(function look() {
		const d = at() - start;
		if (Math.abs(d) > Math.abs(moved)) moved = d;
		height = Math.max(height, log.scrollHeight);
		rows = Math.max(rows, list.querySelectorAll('article').length);
		frames++;
		if (end() !== was && settle-- === 0) { done(); return }
		requestAnimationFrame(look);
	})();
	window.stopWatching = async () => { await finished; return {seq: Number(seq), moved, frames, height, rows} };
	return true;
})()`

func oldest(p *chrome.Page) uint64 {
	rows := p.Rows()
	if len(rows) == 0 {
		return 0
	}
	return rows[0].Seq
}

func newest(p *chrome.Page) uint64 {
	rows := p.Rows()
	if len(rows) == 0 {
		return 0
	}
	return rows[len(rows)-1].Seq
}
