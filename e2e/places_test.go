package e2e_test

import (
	"fmt"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestRoomsToJoin: whatever leads to a public room that one is not in (a link, what
// a search finds, the list of archived rooms) ends where one can join it, and then
// goes where it led. To a guest and of a private room nothing is told.
func TestRoomsToJoin(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	owner := s.Setup("Ada")
	benUser := s.Member(owner, "Ben")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	topic := "What grows"
	must(t, owner.Do(t.Context(), wire.CmdUpdateRoom, wire.UpdateRoom{Room: garden.ID, Topic: &topic}, nil))
	shed := owner.Room(t, wire.KindPublic, "Shed")
	attic := owner.Room(t, wire.KindPrivate, "Attic")
	for i := range 90 { // more than are loaded at once
		_, err := owner.Send(t.Context(), garden.ID, fmt.Sprintf("plant %d", i+1), fmt.Sprint(i))
		must(t, err)
	}
	_, err := owner.Send(t.Context(), shed.ID, "the old rake", "r")
	must(t, err)
	archived := true
	must(t, owner.Do(t.Context(), wire.CmdUpdateRoom, wire.UpdateRoom{Room: shed.ID, Archived: &archived}, nil))
	browser := chrome.Start(t)
	ben := browser.Person("Ben")
	ben.Tolerate("404")
	visit(ben, benUser, s.URL())

	// What a search finds in a room that one is not in.
	ben.Click("button", "Search")
	ben.Fill("searchbox", "Search messages", "in:gar")
	ben.Click("option", "Garden")
	ben.Insert(`"plant 7"`)
	ben.Wait("what is found", func() bool { return len(results(ben)) == 1 && contains(ben.Text(), "Garden") })
	ben.ClickMatch("button", startsWith("Ada Garden"))
	ben.Find("heading", "Garden")
	ben.Wait("what joining is for", func() bool {
		return contains(ben.Text(), "What grows", "You are not in this room. Join to read and write.")
	})
	ben.Keep("join-desktop-light")
	ben.Click("button", "Join")
	ben.Wait("the message that was looked for", func() bool { return inSight(ben, "plant 7") })
	ben.Find("textbox", "Message")
	ben.Press(chrome.Escape)

	// The archived rooms are a list, and are joined to be read.
	ben.Click("button", "Browse rooms")
	ben.Find("dialog", "Browse rooms")
	if ben.Has("button", "Join Shed") {
		t.Error("an archived room stands among those where people talk")
	}
	ben.Click("tab", "Archived")
	ben.Keep("browse-archived-desktop-light")
	ben.Click("button", "Join Shed")
	ben.WaitRow("the old rake")
	ben.Find("heading", "Archived")
	if ben.Has("textbox", "Message") {
		t.Error("one can write in an archived room")
	}
	ben.Click("button", "Room settings")
	ben.Click("button", "Leave room")
	ben.Gone("link", "Shed")

	// By its address, with and without the app.
	ben.Open(s.URL() + "/rooms/" + shed.ID)
	ben.Wait("what joining is for", func() bool { return contains(ben.Text(), "This room is archived. Join to read it.") })
	ben.Show(chrome.PhoneDark)
	ben.Keep("join-phone-dark")
	ben.Show(chrome.Desktop)
	ben.Open(s.URL() + "/rooms/" + attic.ID)
	ben.Wait("no room", func() bool { return contains(ben.Text(), "There is no such room, or you are not in it.") })
	gus := browser.Person("Gus")
	gus.Tolerate("404")
	visitRoom(gus, s.Guest(owner, "Gus", ""), s.URL(), wire.Lobby)
	gus.Open(s.URL() + "/rooms/" + shed.ID)
	gus.Wait("no room", func() bool { return contains(gus.Text(), "There is no such room, or you are not in it.") })
	if gus.Has("button", "Join") {
		t.Error("a guest is offered to join")
	}
	plain := browser.Person("without scripts")
	plain.Scripts(false)
	enter(plain, benUser, s.URL())
	plain.Open(s.URL() + "/rooms/" + shed.ID)
	plain.Click("button", "Join")
	plain.Wait("the room", func() bool { return contains(plain.Text(), "the old rake") })
}
