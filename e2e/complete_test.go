package e2e_test

import (
	"strings"
	"testing"
	"time"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestCompletion completes emoji in the composer by keyboard and by hand, finds
// them in Chinese, and keeps out of an input method's way.
func TestCompletion(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Setup("Ada"), s.URL())
	waitRung(ada, "WebSocket")
	composer := func() string { return ada.Find("textbox", "Message").Value }
	offered := func() bool { return len(ada.All("option", "")) > 0 }
	ada.Click("textbox", "Message")

	ada.Type("well :tad")
	ada.Wait("an offer", offered)
	ada.Press(chrome.Enter) // takes it, and sends nothing
	ada.Wait("the emoji", func() bool { return composer() == "well 🎉 " })
	ada.Press(chrome.Enter)
	ada.WaitRow("well 🎉")

	ada.Type("at 10:30 :hear")
	ada.Wait("an offer", offered)
	first := ada.All("option", "")[0].Name
	ada.Press(chrome.Down)
	ada.Press(chrome.TabKey)
	ada.Wait("another than the first", func() bool {
		got := composer()
		return !offered() && strings.HasPrefix(got, "at 10:30 ") && !strings.Contains(got, ":hear") && got != "at 10:30 "+first+" "
	})
	ada.Fill("textbox", "Message", "")
	ada.Type(":hear")
	ada.Wait("an offer", offered)
	ada.Press(chrome.Escape)
	ada.Wait("no offer", func() bool { return !offered() })
	ada.Press(chrome.Enter) // as it was typed: the server knows only whole names
	ada.WaitRow(":hear")

	ada.Compose(":笑")
	if ada.WaitFor(300*time.Millisecond, offered) {
		t.Error("something is offered in the middle of a composition")
	}
	ada.Insert(":笑脸")
	ada.Wait("an offer", offered)
	ada.All("option", "")[0].Click()
	ada.Wait("the emoji", func() bool { return composer() == "😁 " })
}
