package e2e_test

import (
	"regexp"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestOpenedWithoutServer: a page that is opened while the server is away, in a
// browser that has kept nothing, says so, and shows the room of its address as soon as the server is back, unasked.
func TestOpenedWithoutServer(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	room := owner.Room(t, wire.KindPublic, "Garden")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	ada.Tolerate("parley: the outbox cannot be kept", "parley: the state cannot be kept")
	ada.BeforeLoad(databases["refused"])
	visitRoom(ada, owner, s.URL(), room.ID)
	say(ada, "before")
	ada.WaitRow("before")
	ada.Wait("the service worker", func() bool {
		return chrome.Eval[bool](ada, "navigator.serviceWorker.getRegistration().then(r => !!(r && r.active))")
	})
	ada.Reload()
	ada.WaitRow("before")
	s.Kill()
	ada.Reload()
	ada.Wait("words about the server", func() bool { return contains(ada.Text(), "Parley", "reach") })
	ada.Keep("opened-without-server")
	s.Again()
	ada.WaitRow("before")
	ada.Wait("the community's name", func() bool { return contains(ada.Text(), "Analytical Society") })
}

// TestRoomOpenedWithoutServer: what could not be loaded without the server is
// loaded when it is back; an error that is over is not left standing.
func TestRoomOpenedWithoutServer(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	room := owner.Room(t, wire.KindPublic, "Garden")
	_, err := owner.Send(t.Context(), room.ID, "in the garden", "n1")
	must(t, err)
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, s.URL())
	waitRung(ada, "WebSocket")
	s.Kill()
	waitRung(ada, "Offline")
	ada.ClickMatch("link", regexp.MustCompile("Garden"))
	ada.Find("button", "Try again")
	s.Again()
	ada.WaitRow("in the garden")
	ada.Gone("button", "Try again")
}

// TestFormsTakeTheFocus: whoever has signed out can type at once.
func TestFormsTakeTheFocus(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.Tolerate("401")
	visit(ada, owner, s.URL())
	ada.Click("button", "Sign out")
	ada.Find("dialog", "Sign out?")
	all := ada.All("button", "Sign out")
	all[len(all)-1].Click()
	ada.Find("button", "Sign in")
	ada.Wait("the name to have the focus", func() bool { return ada.Find("textbox", "Name").Props["focused"] == "true" })
}
