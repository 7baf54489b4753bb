package e2e_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/e2e/axe"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// readTo is how far the server says somebody has read in a room.
func readTo(t *testing.T, u *parley.User, room string) uint64 {
	t.Helper()
	var s wire.Sync
	must(t, u.Get(t.Context(), "/sync", &s))
	return s.Reads[room]
}

// title is what a page's tab is called.
func title(p *chrome.Page) string { return chrome.Eval[string](p, "document.title") }

// away lets a page be one that nobody looks at, or looks at again.
func away(p *chrome.Page, gone bool) {
	chrome.Eval[any](p, fmt.Sprintf(`(() => {
		document.hasFocus = () => %t;
		window.dispatchEvent(new Event(%t ? 'focus' : 'blur'));
	})()`, !gone, !gone))
}

// waitBack waits for a connection after an outage, on whichever rung.
func waitBack(p *chrome.Page) {
	p.Wait("a connection", func() bool { return chrome.Eval[bool](p, "!!document.querySelector('.rung.live')") })
}

// lineAbove is the message above which the line "New" stands, "" for none.
func lineAbove(p *chrome.Page) string {
	return chrome.Eval[string](p, `document.querySelector('.timeline-list .unread')?.closest('[data-seq]').querySelector('.text').textContent ?? ''`)
}

// TestUnreadBySeeing: what is read is what was in sight of somebody who looks.
func TestUnreadBySeeing(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	var last uint64
	tell := func(from, to int) {
		for i := from; i <= to; i++ {
			m, err := ben.Send(t.Context(), wire.Lobby, fmt.Sprintf("line %d", i), fmt.Sprint(i))
			must(t, err)
			last = m.Seq
		}
	}
	tell(1, 200)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	waitRung(ada, "WebSocket")

	// 200 unread: the room opens where reading stopped, not at its end.
	ada.Keep("to-unread-desktop-light")
	ada.Click("button", "200 unread: go to the first")
	ada.Wait("the first unread message", func() bool { return inSight(ada, "line 1") && lineAbove(ada) == "line 1" })
	ada.Wait("what is in sight to be read", func() bool { return readTo(t, owner, wire.Lobby) > 1 })
	inSight := chrome.Eval[uint64](ada, `(() => {
		const end = document.querySelector('[role=log]').getBoundingClientRect().bottom + 1;
		return Number([...document.querySelectorAll('[data-seq]')].filter(r => r.getBoundingClientRect().bottom <= end).at(-1).dataset.seq);
	})()`)
	ada.Wait("all that is in sight to be read", func() bool { return readTo(t, owner, wire.Lobby) >= inSight })
	if got := readTo(t, owner, wire.Lobby); got != inSight {
		t.Errorf("%d messages are read, with %d in sight", got, inSight)
	}
	if lineAbove(ada) != "line 1" {
		t.Errorf("the line has moved to %q", lineAbove(ada))
	}
	if !strings.HasPrefix(title(ada), "• ") {
		t.Errorf("with unread remarks the title is %q", title(ada))
	}
	ada.Click("button", "Newest messages")
	ada.Wait("everything to be read", func() bool { return readTo(t, owner, wire.Lobby) == last })
	ada.Wait("a plain title", func() bool { return !strings.HasPrefix(title(ada), "•") })
	if got := lineAbove(ada); got != "line 1" && got != "" { // it may be too far away to be drawn
		t.Errorf("the line has moved to %q", got)
	}

	// Nobody looks: what comes stays unread, under a line of its own.
	away(ada, true)
	tell(201, 203)
	ada.WaitRow("line 203")
	ada.Wait("the line above what is new", func() bool { return lineAbove(ada) == "line 201" })
	if got := readTo(t, owner, wire.Lobby); got != last-3 {
		t.Errorf("nobody looked, and the marker moved from %d to %d", last-3, got)
	}
	away(ada, false)
	ada.Wait("it to be read", func() bool { return readTo(t, owner, wire.Lobby) == last })
}

// TestUnreadOnPurpose: a message is taken for unread, Escape takes the room for
// read, and the person's other device agrees within a second.
func TestUnreadOnPurpose(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	must(t, ben.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: garden.ID}, nil))
	desk, phone := chrome.Start(t).Person("Ada"), chrome.Start(t).Person("Ada")
	for _, p := range []*chrome.Page{desk, phone} {
		p.TolerateNetwork()
		visitRoom(p, owner, s.URL(), wire.Lobby)
	}
	waitRung(desk, "WebSocket")
	waitRung(phone, "WebSocket")
	for i, text := range []string{"plain", "@Ada come", "@Ada soon", "plain again"} {
		_, err := ben.Send(t.Context(), garden.ID, text, fmt.Sprint(i))
		must(t, err)
	}
	both := func(what string, cond func(p *chrome.Page) bool) {
		t.Helper()
		began := time.Now()
		desk.Wait(what+" on the desk", func() bool { return cond(desk) })
		phone.Wait(what+" on the phone", func() bool { return cond(phone) })
		t.Logf("%s on both after %v", what, time.Since(began))
	}
	has := func(pattern string) func(*chrome.Page) bool {
		re := regexp.MustCompile(pattern)
		return func(p *chrome.Page) bool {
			for _, n := range p.All("link", "") {
				if re.MatchString(n.Name) {
					return true
				}
			}
			return false
		}
	}
	both("two mentions of four", has(`Garden.*2 mentions of you.*4 unread`))
	both("the title", func(p *chrome.Page) bool { return strings.HasPrefix(title(p), "(2) ") })

	desk.Keep("unread-desktop-light")
	phone.Show(chrome.PhoneDark)
	phone.Click("button", "Show rooms")
	phone.Keep("unread-phone-dark")
	axe.Check(t, phone, "unread rooms")
	phone.Show(chrome.Desktop)

	desk.ClickMatch("link", regexp.MustCompile("Garden"))
	desk.WaitRow("plain again")
	both("all read", func(p *chrome.Page) bool {
		return !strings.HasPrefix(title(p), "(") && !strings.HasPrefix(title(p), "•")
	})

	// Unread from the second mention on; it stays so while it is in sight.
	desk.WaitRow("@Ada soon")
	chrome.Eval[any](desk, `document.querySelector('[data-seq="3"]').dispatchEvent(new PointerEvent('pointerover', {bubbles: true}))`)
	desk.Click("button", "Mark unread from here")
	both("one mention of two", has(`Garden.*1 mention of you.*2 unread`))
	desk.Wait("the line", func() bool { return lineAbove(desk) == "@Ada soon" })
	if desk.WaitFor(time.Second, func() bool { return readTo(t, owner, garden.ID) != 2 }) {
		t.Error("what was taken for unread was read by being in sight")
	}

	// Killed, and there again: both still agree, and nothing is unread that is not.
	s.Kill()
	s.Again()
	waitBack(desk)
	waitBack(phone)
	both("the same after a kill", has(`Garden.*1 mention of you.*2 unread`))

	desk.Click("textbox", "Message")
	desk.Press(chrome.Escape)
	both("all read by Escape", func(p *chrome.Page) bool {
		return !strings.HasPrefix(title(p), "(") && !strings.HasPrefix(title(p), "•")
	})
	if lineAbove(desk) != "" {
		t.Errorf("after Escape the line stands above %q", lineAbove(desk))
	}
	s.Kill()
	s.Again()
	waitBack(phone)
	if phone.Reload(); has(`Garden.*unread`)(phone) {
		t.Error("a ghost: what was read is unread again")
	}

	// What one says elsewhere oneself is not unread.
	_, err := owner.Send(t.Context(), garden.ID, "mine", "mine")
	must(t, err)
	phone.ClickMatch("link", regexp.MustCompile("Garden"))
	phone.WaitRow("mine")
	if has(`Garden.*unread`)(desk) || lineAbove(phone) != "" {
		t.Errorf("one's own message is unread, the line stands above %q", lineAbove(phone))
	}
}
