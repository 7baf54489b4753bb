package e2e_test

import (
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestGuestIsOfferedWhatGuestsMay: on every screen a guest finds what guests may
// do, and nothing that would be refused: the page reports an error otherwise.
func TestGuestIsOfferedWhatGuestsMay(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	must(t, ben.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: garden.ID}, nil))
	_, err := ben.Send(t.Context(), garden.ID, "hello Gus", "1")
	must(t, err)
	gusUser := s.Guest(owner, "Gus", garden.ID)
	gus := chrome.Start(t).Person("Gus")
	visitRoom(gus, gusUser, s.URL(), garden.ID)
	gus.WaitRow("hello Gus")
	lacks := func(where string, list ...[2]string) {
		t.Helper()
		for _, l := range list {
			if gus.Has(l[0], l[1]) {
				t.Errorf("%s: a guest is offered the %s %q", where, l[0], l[1])
			}
		}
	}
	close := func(role, name string) {
		gus.Press(chrome.Escape)
		gus.Gone(role, name)
	}
	lacks("the chat", [2]string{"button", "New message"}, [2]string{"button", "Browse rooms"}, [2]string{"button", "New room"},
		[2]string{"button", "Community"}, [2]string{"button", "Invite"})

	// Messages: to others' and to one's own.
	say(gus, "mine")
	gus.WaitRow("mine")
	open(gus, "hello Gus")
	lacks("another's message", [2]string{"button", "Edit"}, [2]string{"button", "Delete"})
	act(gus, "hello Gus", "Reply")
	gus.Press(chrome.Escape)
	act(gus, "mine", "Delete")
	gus.Click("button", "Delete")
	gus.Gone("dialog", "Delete this message?")

	// What is completed.
	gus.Fill("textbox", "Message", "/")
	gus.Wait("the commands", func() bool { return contains(offered(gus), "/me", "/leave", "/mute", "/help") })
	if list := offered(gus); contains(list, "/topic") || contains(list, "/invite") {
		t.Errorf("a guest is offered %s", list)
	}
	gus.Fill("textbox", "Message", "@")
	gus.Wait("the people", func() bool { return contains(offered(gus), "Ben") && !contains(offered(gus), "room") })
	gus.Fill("textbox", "Message", "/invite ")
	gus.Press(chrome.Enter)
	gus.Wait("that there is no such command", func() bool { return contains(gus.Text(), "There is no command /invite") })
	gus.Fill("textbox", "Message", "")

	// People.
	gus.ClickMatch("button", likeMembers)
	gus.Find("complementary", "Room details")
	lacks("the members", [2]string{"button", "Add people"})
	gus.Find("button", "Leave room")
	gus.ClickMatch("button", startsWith("Ben"))
	gus.Find("dialog", "Ben")
	lacks("a person", [2]string{"button", "Message"}, [2]string{"button", "Deactivate"}, [2]string{"button", "Remove from this room"}, [2]string{"textbox", "Name"}, [2]string{"radio", "admin"})
	gus.Keep("guest-person-desktop-light")
	close("dialog", "Ben")
	gus.Press(chrome.Escape)

	// The room.
	gus.Click("button", "Room settings")
	gus.Find("dialog", "Garden")
	lacks("the room", [2]string{"textbox", "Room name"}, [2]string{"textbox", "Topic"}, [2]string{"button", "Archive room"}, [2]string{"tab", "Webhooks"})
	gus.Find("button", "Leave room")
	gus.Click("radio", "Nothing")
	wantChosen(gus, "Nothing")
	gus.Keep("guest-room-desktop-light")
	gus.Click("tab", "Members")
	lacks("the room's members", [2]string{"button", "Add people"}, [2]string{"button", "Remove Ben"})
	gus.Click("tab", "Messages")
	gus.Find("heading", "Export")
	lacks("the room's messages", [2]string{"heading", "Import"})
	close("dialog", "Garden")

	// One's own settings.
	gus.Click("button", "Settings")
	gus.Find("dialog", "Settings")
	lacks("the settings", [2]string{"tab", "API tokens"}, [2]string{"tab", "Webhooks"})
	gus.Click("tab", "Account")
	gus.Fill("textbox", "Name", "Gustav")
	gus.Click("button", "Save")
	gus.Wait("the name to be another", func() bool { return contains(gus.Text(), "Saved.") })
	gus.Click("tab", "Devices")
	gus.Wait("this device", func() bool { return contains(gus.Text(), "This device") })
	gus.Keep("guest-settings-desktop-light")
	close("dialog", "Settings")

	// Going and looking.
	gus.Click("button", "Go to")
	gus.Fill("combobox", "Go to", "ada")
	gus.Wait("nobody to write to", func() bool {
		return contains(gus.Text(), "Search messages for") && !contains(gus.Find("dialog", "Go to").Text(), "New message")
	})
	close("dialog", "Go to")
	gus.Click("button", "Search")
	gus.Fill("searchbox", "Search messages", "hello")
	gus.Wait("what is found", func() bool { return len(results(gus)) == 1 })

	// Somebody who has begun to talk with a guest is answered.
	gus.Press(chrome.Escape)
	var direct wire.Room
	must(t, ben.Do(t.Context(), wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: []string{gusUser.ID}}, &direct))
	gus.Click("link", "Ben")
	gus.Find("textbox", "Message")
	say(gus, "hello Ben")
	gus.WaitRow("hello Ben")
}

// TestBotsOwner: a member who has made a bot renames it, and is offered nothing of
// others' bots.
func TestBotsOwner(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	benUser := s.Member(owner, "Ben")
	for name, u := range map[string]*parley.User{"mine": benUser, "hers": owner} {
		bot := s.Bot(u, name)
		must(t, bot.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: wire.Lobby}, nil))
	}
	ben := chrome.Start(t).Person("Ben")
	visit(ben, benUser, s.URL())
	ben.ClickMatch("button", likeMembers)
	ben.ClickMatch("button", startsWith("hers"))
	ben.Find("dialog", "hers")
	if ben.WaitFor(chrome.Patience/20, func() bool { return ben.Has("textbox", "Name") || ben.Has("button", "Deactivate") }) {
		t.Error("a member is offered to change somebody else's bot")
	}
	ben.Press(chrome.Escape)
	ben.Gone("dialog", "hers")
	ben.ClickMatch("button", startsWith("mine"))
	ben.Find("dialog", "mine")
	ben.Fill("textbox", "Name", "weather")
	ben.Click("button", "Save")
	ben.Find("dialog", "weather")
	ben.Keep("bot-person-desktop-light")
	ben.Click("button", "Message")
	ben.Find("heading", "weather")
	ben.Click("button", "Settings")
	ben.Click("tab", "API tokens")
	ben.Find("button", "Revoke weather")
	if ben.Has("button", "Revoke hers") {
		t.Error("a member is shown somebody else's token")
	}
	ben.Keep("tokens-desktop-light")
	ben.Press(chrome.Escape)
	ben.Gone("dialog", "Settings")
	ben.Click("button", "Invite") // from a room of two: to the community
	ben.Wait("a link", func() bool { return ben.Find("textbox", "Invite link").Value != "" })
}
