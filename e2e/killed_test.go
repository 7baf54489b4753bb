package e2e_test

import (
	"fmt"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestKilledInMidConversation kills the server (kill -9; once it is asked to
// end, SIGTERM) while two people talk, lets both go on writing into the dead
// line, and starts it again: both pages go on by themselves, and every message
// is there once, in the same order on both, as in the server's history.
func TestKilledInMidConversation(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	browser := chrome.Start(t)
	ada, ben := browser.Person("Ada"), browser.Person("Ben")
	ada.TolerateNetwork()
	ben.TolerateNetwork()
	visit(ada, s.Member(owner, "Ada"), s.URL())
	visit(ben, s.Member(owner, "Ben"), s.URL())
	waitRung(ada, "WebSocket")
	waitRung(ben, "WebSocket")

	said := 0
	for round := range 3 {
		talk(t, ada, ben, fmt.Sprint("round ", round))
		said += 2
		say(ada, fmt.Sprintf("round %d: perhaps answered, perhaps not", round)) // on its way while the server dies
		if round == 1 {
			must(t, s.Term())
		} else {
			s.Kill()
		}
		waitRung(ada, "Offline")
		for _, p := range []*chrome.Page{ada, ben} {
			say(p, fmt.Sprintf("round %d: into the dead line", round))
			p.Wait("the message to be shown as on its way", func() bool {
				rows := p.Rows()
				return len(rows) > 0 && rows[len(rows)-1].State == "sending"
			})
		}
		said += 3
		s.Again()
		for _, p := range []*chrome.Page{ada, ben} {
			p.Wait("all messages to be sent", func() bool { return acknowledged(p) == said })
		}
		waitRung(ada, "WebSocket")
		waitRung(ben, "WebSocket")
	}

	var want []string
	for _, m := range historyOf(t, t.Context(), owner, wire.Lobby) {
		want = append(want, m.Text)
	}
	if len(want) != said {
		t.Errorf("%d messages were said, the history has %d: %q", said, len(want), want)
	}
	wantSame(t, want, ada, ben)
	seqsInOrder(t, ada)
	seqsInOrder(t, ben)
	must(t, s.Term())
	must(t, s.Check())
}

// acknowledged is how many rows have their seq.
func acknowledged(p *chrome.Page) int {
	n := 0
	for _, r := range p.Rows() {
		if r.Seq > 0 && r.State != "sending" && r.State != "failed" {
			n++
		}
	}
	return n
}
