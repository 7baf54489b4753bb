package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestStrangersStory is what somebody does who has just started the server:
// create the community, invite a friend, talk.
func TestStrangersStory(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	browser := chrome.Start(t)
	ada, ben := browser.Person("Ada"), browser.Person("Ben")

	ada.Open(s.URL())
	ada.Fill("textbox", "Community", "Analytical Engine")
	ada.Fill("textbox", "Name", "Ada Lovelace")
	ada.Fill("textbox", "Password", parley.Password)
	ada.Click("button", "Create community")
	ada.Find("log", "")
	waitRung(ada, "WebSocket")
	if !strings.Contains(ada.Find("navigation", "Rooms").Text(), "lobby") {
		t.Errorf("the rooms are %q, want lobby among them", ada.Find("navigation", "Rooms").Text())
	}

	ada.Click("button", "Invite")
	var link string
	ada.Wait("the invite link", func() bool {
		for _, field := range ada.All("textbox", "Invite link") {
			link = field.Value
		}
		return strings.HasPrefix(link, s.URL())
	})
	ada.Find("button", "Copy link")
	ada.Press(chrome.Escape)
	ada.Gone("textbox", "Invite link")

	ben.Open(link)
	ben.Fill("textbox", "Name", "陈小明")
	ben.Fill("textbox", "Password", parley.Password)
	ben.Click("button", "Join")
	ben.Find("log", "")
	waitRung(ben, "WebSocket")

	talk(t, ada, ben, "hello")
	wantSame(t, []string{"hello →", "← hello"}, ada, ben)
	if text := ada.Find("log", "").Text(); !strings.Contains(text, "陈小明") {
		t.Errorf("Ada does not see who talks: %q", text)
	}
	if url := ben.URL(); strings.Contains(url, "invite") {
		t.Errorf("the invite stays in the address: %s", url)
	}
	seqsInOrder(t, ada)
}
