package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestDirectRooms: one writes to somebody from the members, and to several from
// the list; the rooms are called by the others in them, on both sides, and
// asking again opens the same one.
func TestDirectRooms(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	browser := chrome.Start(t)
	ada, ben := browser.Person("Ada"), browser.Person("Ben")
	visit(ada, owner, s.URL())
	visit(ben, s.Member(owner, "Ben"), s.URL())
	s.Member(owner, "陈小明")

	ada.ClickMatch("button", likeMembers)
	ada.ClickMatch("button", startsWith("Ben"))
	ada.Find("dialog", "Ben")
	ada.Click("button", "Message")
	ada.Gone("dialog", "Ben")
	ada.Find("heading", "Ben")
	say(ada, "only for you")
	ada.WaitRow("only for you")
	ben.ClickMatch("link", startsWith("Ada"))
	ben.Find("heading", "Ada")
	ben.WaitRow("only for you")
	say(ben, "thank you")
	ada.WaitRow("thank you")
	ada.Find("heading", "Direct messages")
	ada.Wait("the room's address", func() bool {
		return !strings.HasSuffix(ada.URL(), "/"+wire.Lobby) && strings.Contains(ada.URL(), "/rooms/")
	})
	first := ada.URL()
	ada.Wait("Ben to be seen here", func() bool { return chrome.Eval[bool](ada, "!!document.querySelector('.room .presence.online')") })

	ada.Click("link", "lobby")
	ada.Find("heading", "lobby")
	writeTo(ada, "Ben")
	ada.Find("heading", "Ben")
	ada.Wait("the same room, "+first, func() bool { return ada.URL() == first })
	writeTo(ada, "Ben", "陈小明")
	ada.Find("heading", "Ben, 陈小明")
	say(ada, "for the two of you")
	ben.ClickMatch("link", startsWith("Ada, 陈小明"))
	ben.WaitRow("for the two of you")
	ben.Wait("the tab's title", func() bool {
		return strings.HasPrefix(chrome.Eval[string](ben, "document.title"), "Ada, 陈小明")
	})
	must(t, owner.Do(t.Context(), wire.CmdSetName, wire.SetName{User: owner.ID, Name: "Lovelace"}, nil))
	ben.Find("heading", "Lovelace, 陈小明")

	raw := ben.Tab("Ben without the app") // the server's page says the same
	raw.Raw()
	raw.Scripts(false)
	raw.Open(ben.URL())
	raw.Find("heading", "Lovelace, 陈小明")
	raw.Find("heading", "Direct messages")
}

// writeTo opens the direct room with people, by the list.
func writeTo(p *chrome.Page, names ...string) {
	p.Click("button", "New message")
	p.Find("dialog", "New message")
	for _, name := range names {
		p.ClickMatch("checkbox", startsWith(name))
	}
	p.Click("button", "Start")
	p.Gone("dialog", "New message")
}
