package e2e_test

import (
	"fmt"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestHistoryLoadsUpwards scrolls up through a long room: older messages appear
// above, and the message that one is looking at stays where it is, in every
// frame that is drawn.
func TestHistoryLoadsUpwards(t *testing.T) {
	t.Parallel()
	const messages = 430
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

	for pages := 0; oldest(ada) > 1; pages++ {
		if pages > 20 {
			t.Fatalf("after %d pages the oldest row is still %d", pages, oldest(ada))
		}
		before := oldest(ada)
		chrome.Eval[bool](ada, watchAnchor)
		ada.Wait("older messages", func() bool { return oldest(ada) < before })
		jump := chrome.Eval[struct {
			Seq    int     `json:"seq"`
			Moved  float64 `json:"moved"`
			Frames int     `json:"frames"`
		}](ada, "window.stopWatching()")
		if jump.Moved > 1.5 || jump.Moved < -1.5 {
			t.Errorf("page %d: message %d jumped by %.1f pixels (in %d frames)", pages, jump.Seq, jump.Moved, jump.Frames)
		}
	}
	seqsInOrder(t, ada)
	if rows := ada.Rows(); len(rows) != messages {
		t.Errorf("%d rows, want %d", len(rows), messages)
	}

	t.Run("news do not drag one down", func(t *testing.T) {
		top := chrome.Eval[float64](ada, "document.querySelector('[role=log]').scrollTop = 300")
		_, err := bots[0].Send(t.Context(), wire.Lobby, "breaking news", "news")
		must(t, err)
		ada.WaitRow("breaking news")
		if now := chrome.Eval[float64](ada, "document.querySelector('[role=log]').scrollTop"); now != top {
			t.Errorf("scrolled from %.0f to %.0f by a message that came", top, now)
		}
		ada.Click("button", "1 new message")
		ada.Wait("the end", func() bool {
			return chrome.Eval[bool](ada, `(() => { const l = document.querySelector('[role=log]');
				return l.scrollHeight - l.scrollTop - l.clientHeight < 2 })()`)
		})
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

// watchAnchor goes to the beginning of what is there, takes the first message
// that is in sight as the anchor, and measures in every frame how far it has
// moved. Everything that scrolls must be done by the page.
const watchAnchor = `(() => {
	const log = document.querySelector('[role=log]');
	log.scrollTop = 40;
	const edge = log.getBoundingClientRect().top;
	const row = [...log.querySelectorAll('article[data-seq]')].find(a => a.getBoundingClientRect().bottom > edge + 60);
	const seq = row.dataset.seq;
	const at = () => log.querySelector('article[data-seq="' + seq + '"]').getBoundingClientRect().bottom;
	const start = at();
	let moved = 0, frames = 0, running = true, settle = 3, done;
	const oldest = log.querySelector('article[data-seq]').dataset.seq;
	const finished = new Promise(r => done = r);
	(function look() {
		const d = at() - start;
		if (Math.abs(d) > Math.abs(moved)) moved = d;
		frames++;
		if (log.querySelector('article[data-seq]').dataset.seq !== oldest && settle-- === 0) { done(); return }
		requestAnimationFrame(look);
	})();
	window.stopWatching = async () => { await finished; return {seq: Number(seq), moved, frames} };
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
