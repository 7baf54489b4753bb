package e2e_test

import (
	"regexp"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestUnfinishedIsKept: an edit and a reply that have been begun are still that
// after a look at another room, and after a reload.
func TestUnfinishedIsKept(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	owner.Room(t, wire.KindPublic, "Garden")
	mine, err := owner.Send(t.Context(), wire.Lobby, "Tea at four", "1")
	must(t, err)
	question, err := ben.Send(t.Context(), wire.Lobby, "Cake?", "2")
	must(t, err)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	value := func() string { return ada.Find("textbox", "Message").Value }
	lookAway := map[string]func(){
		"another room": func() {
			ada.ClickMatch("link", regexp.MustCompile("Garden"))
			ada.Find("heading", "Garden")
			ada.Wait("nothing of it there", func() bool { return value() == "" && !ada.Has("button", "Save") })
			ada.ClickMatch("link", regexp.MustCompile("lobby"))
			ada.Find("heading", "lobby")
		},
		"a reload": ada.Reload,
	}

	ada.Fill("textbox", "Message", "a draft")
	act(ada, "Tea at four", "Edit")
	ada.Insert(" o'clock")
	for what, away := range lookAway {
		away()
		ada.Find("button", "Save")
		if got := value(); got != "Tea at four o'clock" {
			t.Fatalf("after %s the edit says %q", what, got)
		}
	}
	ada.Click("textbox", "Message")
	ada.Press(chrome.Enter)
	ada.WaitRow("Tea at four o'clock")
	ada.Wait("the draft", func() bool { return value() == "a draft" })
	ada.Reload()
	ada.Wait("the draft alone", func() bool { return value() == "a draft" && ada.Has("button", "Send") })
	ada.Fill("textbox", "Message", "")

	act(ada, "Cake?", "Reply")
	ada.Insert("Of course")
	for what, away := range lookAway {
		away()
		ada.Wait("what it answers, after "+what, func() bool { return contains(ada.Text(), "Reply to Ben") && value() == "Of course" })
	}
	ada.Click("textbox", "Message")
	ada.Press(chrome.Enter)
	ada.WaitRow("Of course")
	ms := historyOf(t, t.Context(), owner, wire.Lobby)
	if len(ms) != 3 || ms[0].Seq != mine.Seq || ms[0].Text != "Tea at four o'clock" || ms[2].ReplyTo != question.Seq {
		t.Errorf("the lobby has %+v", ms)
	}
	ada.Reload()
	ada.Wait("nothing to be left", func() bool { return value() == "" && !contains(ada.Text(), "Reply to Ben") })
}
