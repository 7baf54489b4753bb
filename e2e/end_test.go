package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestListStaysAtItsEnd: however much comes at once, the list stays at its end; and
// in whatever way somebody then scrolls up, the way back is there, and what comes
// does not take them down.
func TestListStaysAtItsEnd(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	owner := s.Setup("Olga")
	fill(t, wire.Lobby, 300, owner)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Member(owner, "Ada"), s.URL())
	n := 0
	say := func(many int) {
		t.Helper()
		chrome.Eval[bool](ada, holdPage)
		for range many {
			n++
			_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("more ", n), fmt.Sprint("more ", n))
			must(t, err)
		}
	}
	for _, c := range []struct {
		how string
		up  func()
	}{
		{"the key Home", func() { ada.Press(chrome.Home) }},
		{"the key Page Up", func() { ada.Press(chrome.PageUp) }},
		{"the wheel", func() { ada.Wheel(640, 300, -700) }},
		{"the scroll bar", func() { chrome.Eval[bool](ada, "document.querySelector('[role=log]').scrollTop -= 2000, true") }},
	} {
		toNewest(ada)
		say(70)
		ada.WaitRow(fmt.Sprint("more ", n))
		rest(ada)
		if from := fromEnd(ada); from > 2 {
			t.Errorf("after 70 messages the list is %.0f pixels from its end", from)
		}
		chrome.Eval[bool](ada, "document.querySelector('[role=log]').focus(), true")
		c.up()
		ada.Wait("the way back after "+c.how, func() bool { return fromEnd(ada) > 300 && ada.Has("button", "Newest messages") })
		say(1)
		ada.Wait("the message to be told of", func() bool { return ada.Has("button", "1 new message") })
		if from := fromEnd(ada); from < 300 {
			t.Errorf("after %s a message has taken the list to %.0f pixels from its end", c.how, from)
		}
	}
}

// TestScrollingUpAsAMessageComes: the message that comes in the same moment does
// not take anybody down.
func TestScrollingUpAsAMessageComes(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	for i := range 60 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("message ", i+1), fmt.Sprint(i))
		must(t, err)
	}
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Member(owner, "Ada"), s.URL())
	for i := range 10 {
		toNewest(ada)
		rest(ada)
		chrome.Eval[bool](ada, "setTimeout(() => document.querySelector('[role=log]').scrollTop -= 500), true")
		chrome.Eval[bool](ada, holdPage)
		text := fmt.Sprint("in the same moment ", i)
		_, err := owner.Send(t.Context(), wire.Lobby, text, text)
		must(t, err)
		ada.WaitRow(text)
		ada.Find("button", "1 new message")
		if from := fromEnd(ada); from < 400 {
			t.Errorf("a message has taken the list to %.0f pixels from its end", from)
		}
	}
}

// holdPage keeps the page from doing anything for a while, so that what comes
// meanwhile comes at once.
const holdPage = `setTimeout(() => { for (const end = performance.now() + 400; performance.now() < end;); }), true`

// fromEnd is how far the list is from its end, in pixels.
func fromEnd(p *chrome.Page) float64 {
	return chrome.Eval[float64](p, `(() => { const l = document.querySelector('[role=log]'); return l.scrollHeight - l.clientHeight - l.scrollTop })()`)
}

// TestScrollingUpSlowly: however little somebody scrolls up before the next message
// comes, it does not take them down again; and who has come down again, but for a
// little, is taken along.
func TestScrollingUpSlowly(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	n := 0
	say := func() {
		t.Helper()
		n++
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("message ", n), fmt.Sprint(n))
		must(t, err)
	}
	for range 60 {
		say()
	}
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Member(owner, "Ada"), s.URL())
	toNewest(ada)
	wheel := func(by float64) {
		from := fromEnd(ada)
		ada.Wheel(640, 300, by)
		ada.Wait("the wheel to be turned", func() bool { return from-fromEnd(ada) == by })
		rest(ada)
	}
	for i := range 4 {
		wheel(-16)
		say()
		ada.WaitRow(fmt.Sprint("message ", n))
		rest(ada)
		if from := fromEnd(ada); from < float64(16*(i+1)) {
			t.Fatalf("message %d has taken the list to %.0f pixels from its end", n, from)
		}
	}
	ada.Find("button", "4 new messages")
	wheel(fromEnd(ada) - 30)
	ada.Gone("button", "4 new messages")
	say()
	ada.WaitRow(fmt.Sprint("message ", n))
	atEnd(ada)
}

// TestFoldingAtTheEnd: who unfolds the newest message reads on where they are, and
// who folds it again is at the end as before.
func TestFoldingAtTheEnd(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	for i := range 30 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("message ", i+1), fmt.Sprint(i))
		must(t, err)
	}
	_, err := owner.Send(t.Context(), wire.Lobby, strings.Repeat("line\n", 80), "long")
	must(t, err)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Member(owner, "Ada"), s.URL())
	toNewest(ada)
	fold := func() { chrome.Eval[bool](ada, "document.querySelector('.fold').click(), true") }
	fold()
	ada.Find("button", "Newest messages")
	fold()
	ada.Gone("button", "Newest messages")
	_, err = owner.Send(t.Context(), wire.Lobby, "after it", "after")
	must(t, err)
	ada.WaitRow("after it")
	atEnd(ada)
}
