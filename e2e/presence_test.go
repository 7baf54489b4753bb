package e2e_test

import (
	"regexp"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestTyping: one sees who is writing, until he has sent or stops, and again
// with the first keys of the next message.
func TestTyping(t *testing.T) {
	t.Parallel()
	ada, ben := twoPeople(t)
	typing := func() bool { return contains(ada.Text(), "Ben is typing") }
	ben.Click("textbox", "Message")
	ben.Type("he")
	ada.Wait("Ben to be typing", typing)
	ben.Press(chrome.Enter)
	ada.WaitRow("he")
	ada.Wait("Ben to have stopped", func() bool { return !typing() })
	ben.Type("and then he thinks")
	ada.Wait("Ben to be typing again", typing)
	ada.Wait("Ben to be thinking", func() bool { return !typing() })
}

// TestPresence: one sees who is here, through a reload and until his last tab
// is closed.
func TestPresence(t *testing.T) {
	t.Parallel()
	ada, ben := twoPeople(t)
	here := func(count int) bool {
		lists := ada.All("list", "Online")
		return len(lists) == 1 && len(names.FindAllString(lists[0].Text(), -1)) == count
	}
	ada.ClickMatch("button", likeMembers)
	ada.Wait("both to be here", func() bool { return here(2) })
	ben.Reload() // hardly a leaving
	if ada.WaitFor(chrome.Patience/10, func() bool { return !here(2) }) {
		t.Error("a reload shows Ben leaving")
	}
	ben.Find("log", "")
	ben.Close()
	ada.Wait("Ben to have left", func() bool { return here(1) })
}

var names = regexp.MustCompile(`\b(Ada|Ben)\b`)

// twoPeople are in the lobby of a new community.
func twoPeople(t *testing.T) (ada, ben *chrome.Page) {
	t.Helper()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	browser := chrome.Start(t)
	ada, ben = browser.Person("Ada"), browser.Person("Ben")
	visit(ada, owner, s.URL())
	visit(ben, s.Member(owner, "Ben"), s.URL())
	waitRung(ada, "WebSocket")
	waitRung(ben, "WebSocket")
	return ada, ben
}
