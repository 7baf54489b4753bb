package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestRowsByKeyboard walks from row to row, and to what can be done there, with
// the arrows, Enter and Escape.
func TestRowsByKeyboard(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Setup("Ada"), s.URL())
	say(ada, "one")
	say(ada, "two")
	ada.WaitRow("two")
	at := func(what, js string) {
		t.Helper()
		ada.Wait(what, func() bool { return chrome.Eval[bool](ada, "("+js+")(document.activeElement)") })
	}
	chrome.Eval[bool](ada, "document.querySelector('[role=log]').focus(), true")
	ada.Press(chrome.Up)
	at("the focus on the newest row", "e => e.dataset.seq === '2'")
	ada.Press(chrome.Up)
	at("the focus on the row above", "e => e.dataset.seq === '1' && !!e.querySelector('.row-actions')")
	if name := ada.Focused().Name; !contains(name, "Ada", "one") || contains(name, "two") {
		t.Errorf("the row is called %q", name)
	}
	ada.Press(chrome.Enter)
	at("the focus on the first action", "e => e.dataset.do === 'pick'")
	ada.Press(chrome.Right)
	at("the focus on the next", "e => e.dataset.do === 'reply'")
	ada.Press(chrome.Escape)
	at("the focus on the row again", "e => e.dataset.seq === '1'")
	ada.Press(chrome.Escape)
	ada.Wait("the focus in the composer", func() bool { return ada.Focused().Name == "Message" })
}

// TestQuoteLeads goes from a reply to a message that is not loaded, and back; an
// address that names a message leads to it too, and without scripts the page of
// the quote has it.
func TestQuoteLeads(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	owner := s.Setup("Olga")
	for i := range 150 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("message ", i+1), fmt.Sprint("n", i))
		must(t, err)
	}
	must(t, owner.Do(t.Context(), wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "the answer", Nonce: "r", ReplyTo: 3}, nil))
	must(t, owner.Do(t.Context(), wire.CmdSend, wire.Send{Room: wire.Lobby, Text: strings.Repeat("long\n", 40) + "end", Nonce: "l"}, nil))
	browser := chrome.Start(t)
	ada := browser.Person("Ada")
	visit(ada, s.Member(owner, "Ada"), s.URL())
	ada.WaitRow("the answer")
	ada.Wait("what is quoted", func() bool {
		return chrome.Eval[bool](ada, "document.querySelector('.quoted')?.textContent === 'message 3'")
	})

	// What is folded unfolds, where it is, and stays so.
	fold := "document.querySelector('.long')"
	top := chrome.Eval[float64](ada, fold+".getBoundingClientRect().top")
	low := chrome.Eval[float64](ada, fold+".offsetHeight")
	chrome.Eval[bool](ada, "document.querySelector('.unfold').click(), true")
	ada.Wait("all of it", func() bool { return chrome.Eval[float64](ada, fold+".offsetHeight") > low })
	must(t, owner.Do(t.Context(), wire.CmdReact, wire.React{Room: wire.Lobby, Seq: 152, Emoji: "👍", On: true}, nil))
	ada.Wait("the reaction", func() bool { return chrome.Eval[bool](ada, "!!document.querySelector('.reaction')") })
	if now := chrome.Eval[float64](ada, fold+".getBoundingClientRect().top"); now < top-2 || now > top+2 {
		t.Errorf("unfolding moved the message from %.0f to %.0f", top, now)
	}
	if h := chrome.Eval[float64](ada, fold+".offsetHeight"); h <= low {
		t.Error("it folded again when somebody reacted")
	}

	chrome.Eval[bool](ada, "document.querySelector('.quote').click(), true")
	shown := func(p *chrome.Page) func() bool {
		return func() bool {
			return chrome.Eval[bool](p, `(() => {
				const row = document.getElementById('m3'), log = document.querySelector('[role=log]').getBoundingClientRect();
				const r = row?.getBoundingClientRect();
				return !!r && r.top >= log.top && r.bottom <= log.bottom;
			})()`)
		}
	}
	ada.Wait("the message that was answered", shown(ada))
	ada.Click("button", "Newest messages")
	ada.WaitRow("the answer")

	ada.Open(s.URL() + "/rooms/lobby#m3")
	ada.Wait("the message that the address names", shown(ada))

	ada.Scripts(false)
	ada.Raw()
	ada.Open(s.URL() + "/rooms/lobby?before=4#m3")
	ada.Wait("the message without scripts", func() bool { return contains(ada.Text(), "message 3") })
	ada.Open(s.URL() + "/rooms/lobby")
	ada.Wait("the quote without scripts", func() bool { return contains(ada.Text(), "the answer") && contains(ada.Text(), "👍") })
}
