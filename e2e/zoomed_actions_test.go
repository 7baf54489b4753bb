package e2e_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// low is a window of 1280 by 800 pixels at 200 %, and the same on a small phone
// that is held sideways.
var (
	low      = chrome.View{Name: "low", Width: 640, Height: 400, Scale: 2}
	lowTouch = chrome.View{Name: "low-touch", Width: 640, Height: 400, Scale: 2, Mobile: true}
)

// TestActionsInALowWindow: what can be done to a message is in sight and in reach
// of the mouse, a finger and the keys, also of one that is higher than the window,
// of the newest and of the first.
func TestActionsInALowWindow(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	for i, text := range []string{"the first", strings.Repeat("high ", 400), "one\ntwo", "the newest"} {
		_, err := owner.Send(t.Context(), wire.Lobby, text, strconv.Itoa(i))
		must(t, err)
	}
	browser := chrome.Start(t)
	for _, v := range []chrome.View{low, lowTouch} {
		ada := browser.Person("Ada " + v.Name)
		ada.Show(v)
		visit(ada, s.Login("Ada"), s.URL())
		ada.WaitRow("the newest")
		for seq := 4; seq >= 1; seq-- {
			for _, block := range []string{"start", "center", "end"} {
				x, y := pointAt(ada, seq, block)
				if v.Mobile {
					ada.Tap(x, y)
				} else {
					ada.Hover(x, y)
				}
				wantActions(t, ada, seq, v.Name+" "+block)
				if seq == 2 && block == "center" {
					ada.Keep("actions-high-" + v.Name)
				}
				if v.Mobile {
					x, y := pointAt(ada, seq, block)
					ada.Tap(x, y) // away again
					ada.Wait("no actions", func() bool { return !chrome.Eval[bool](ada, "!!document.querySelector('.row-actions')") })
				}
			}
		}
	}

	ada := browser.Person("Ada by keys")
	ada.Show(low)
	visit(ada, s.Login("Ada"), s.URL())
	ada.WaitRow("the newest")
	chrome.Eval[bool](ada, "document.querySelector('[role=log]').focus(), true")
	for seq := 4; seq >= 1; seq-- {
		ada.Press(chrome.Up)
		wantActions(t, ada, seq, "by keys")
	}
	ada.Press(chrome.Enter)
	for _, do := range []string{"pick", "reply", "edit", "copy", "link", "unread", "delete"} {
		ada.Wait("the focus on "+do, func() bool { return chrome.Eval[bool](ada, "document.activeElement.dataset.do === '"+do+"'") })
		if !ada.Focused().InSight() {
			t.Errorf("%s has the focus and is out of sight", do)
		}
		if do != "delete" {
			ada.Press(chrome.Right)
		}
	}
	ada.Press(chrome.Enter)
	ada.Find("dialog", "Delete this message?")
}

// pointAt scrolls a row there and gives a place on what can be seen of it, at its
// left where no bar is.
func pointAt(p *chrome.Page, seq int, block string) (x, y float64) {
	at := chrome.Eval[[]float64](p, `(async () => {
		const row = document.getElementById('m`+strconv.Itoa(seq)+`');
		row.scrollIntoView({block: '`+block+`'});
		await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
		const r = row.querySelector('.line').getBoundingClientRect(), l = document.querySelector('[role=log]').getBoundingClientRect();
		const top = Math.max(r.top, l.top), bottom = Math.min(r.bottom, l.bottom);
		return [r.left + 90, bottom - Math.min(6, (bottom - top) / 2)];
	})()`)
	return at[0], at[1]
}

// wantActions wants the bar of a row, and all of its buttons where they can be
// pointed at.
func wantActions(t *testing.T, p *chrome.Page, seq int, how string) {
	t.Helper()
	bar := "document.querySelector('#m" + strconv.Itoa(seq) + " .row-actions')"
	p.Wait("what can be done to message "+strconv.Itoa(seq)+", "+how, func() bool { return chrome.Eval[bool](p, "!!"+bar) })
	for _, bad := range chrome.Eval[[]string](p, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
		const bar = `+bar+`, log = document.querySelector('[role=log]').getBoundingClientRect(), bad = [];
		for (const b of bar?.querySelectorAll('button') ?? []) {
			const r = b.getBoundingClientRect(), hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
			if (r.top < log.top - 1 || r.bottom > log.bottom + 1 || r.left < 0 || r.right > innerWidth) bad.push(b.ariaLabel + ' is out of sight: ' + JSON.stringify([r.top, r.bottom, log.top, log.bottom]));
			else if (!b.contains(hit)) bad.push(b.ariaLabel + ' lies under ' + (hit?.className ?? 'nothing'));
		}
		done(bar?.querySelectorAll('button').length === 7 ? bad : ['there are not seven']);
	})))`) {
		t.Errorf("message %d, %s: %s", seq, how, bad)
	}
}

// TestActionsWaitForTheMouse: when a message comes, the rows go up under a mouse
// that rests. What can be done to a message stays with that message until the
// mouse moves, lest a click meets another one.
func TestActionsWaitForTheMouse(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	for i := range 40 {
		_, err := ben.Send(t.Context(), wire.Lobby, fmt.Sprint("message ", i+1), strconv.Itoa(i))
		must(t, err)
	}
	page := chrome.Start(t).Person("Ben") // who has read it all
	visit(page, ben, s.URL())
	page.WaitRow("message 40")
	rest(page)
	at := func(selector string) int {
		return chrome.Eval[int](page, "Number(document.querySelector("+quoted(selector)+")?.closest('[data-seq]')?.dataset.seq ?? 0)")
	}
	x, y := middle(page, "[data-seq='38'] .text")
	page.Hover(x, y)
	page.Wait("what can be done", func() bool { return at(".row-actions") == 38 })
	for i := range 3 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("more ", i), fmt.Sprint("more", i))
		must(t, err)
		page.WaitRow(fmt.Sprint("more ", i))
	}
	page.Wait("another row under the mouse", func() bool { return at(".row .text:hover") > 38 })
	rest(page)
	if n := at(".row-actions"); n != 38 {
		t.Errorf("what can be done has gone to message %d", n)
	}
	page.Hover(x+1, y)
	page.Wait("what can be done where the mouse is", func() bool { return at(".row-actions") == at(".row .text:hover") })
}

// TestActionsOfARowThatWasTakenAway: what can be done to a message can be done again
// when its row has been taken out of the page, as much has come since, and is back.
func TestActionsOfARowThatWasTakenAway(t *testing.T) {
	t.Parallel()
	const before, come = 60, 460
	s := parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	fill(t, wire.Lobby, before, owner)
	page := chrome.Start(t).Person("Ben")
	page.Show(chrome.Phone)
	visit(page, ben, s.URL())
	toNewest(page)
	shows := func() bool { return chrome.Eval[bool](page, "!!document.querySelector('#m60 .row-actions')") }
	tap := func() {
		x, y := pointAt(page, before, "center")
		page.Tap(x, y)
	}
	tap()
	page.Wait("what can be done", shows)
	for i := range come {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("more ", i), fmt.Sprint("more", i))
		must(t, err)
	}
	page.Wait("the newest", func() bool { return chrome.Eval[uint64](page, lastRow) == before+come })
	there := func() bool { return chrome.Eval[bool](page, "!!document.getElementById('m60')") }
	page.Wait("the row to be taken away", func() bool { return !there() })
	page.Wait("the row to be back", func() bool { return chrome.Eval[uint64](page, scrollUp) > 0 && there() })
	tap()
	page.Wait("what can be done, again", shows)
}
