package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestRoomSettings: one renames a room, gives it a topic, chooses what to be told
// of, archives it and takes it out again; whoever may not is not offered to.
func TestRoomSettings(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	benUser := s.Member(owner, "Ben")
	room := owner.Room(t, wire.KindPublic, "Garden")
	must(t, benUser.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: room.ID}, nil))
	browser := chrome.Start(t)
	ada, ben := browser.Person("Ada"), browser.Person("Ben")
	ada.Tolerate("409")
	visitRoom(ada, owner, s.URL(), room.ID)
	visitRoom(ben, benUser, s.URL(), room.ID)

	ada.Click("button", "Room settings")
	ada.Fill("textbox", "Room name", "lobby")
	ada.Click("button", "Save")
	ada.Wait("the name to be taken", func() bool { return contains(ada.Text(), "There is a room of this name") })
	ada.Fill("textbox", "Room name", "花园")
	ada.Fill("textbox", "Topic", "What grows")
	ada.Click("button", "Save")
	ada.Wait("it to be saved", func() bool { return contains(ada.Text(), "Saved.") })
	ben.Find("heading", "花园")
	ben.Wait("the topic", func() bool { return contains(ben.Text(), "What grows") })
	ada.Click("radio", "Nothing")
	ada.Wait("the choice to be kept", func() bool {
		var state wire.Sync
		return owner.Get(t.Context(), "/sync", &state) == nil && len(state.Notify) == 1 && state.Notify[0].Level == wire.NotifyNothing
	})
	ada.Click("radio", "My default")
	ada.Wait("the choice to be taken back", func() bool {
		var state wire.Sync
		return owner.Get(t.Context(), "/sync", &state) == nil && len(state.Notify) == 1 && state.Notify[0].Level == ""
	})
	ada.Click("button", "Archive room")
	ada.Find("button", "Take out of the archive")
	ben.Wait("the archive", func() bool { return contains(ben.Text(), "This room is archived. It can only be read.") })
	ben.Find("heading", "Archived")
	ben.Gone("textbox", "Message")
	ben.Click("button", "Browse rooms")
	ben.Find("dialog", "Browse rooms")
	if ben.Has("button", "Join 花园") {
		t.Error("an archived room is offered")
	}
	ben.Press(chrome.Escape)
	ada.Click("button", "Take out of the archive")
	ben.Find("textbox", "Message")
	ben.Click("button", "Room settings")
	ben.Find("textbox", "Topic")
	if ben.Has("textbox", "Room name") || ben.Has("button", "Archive room") {
		t.Error("a member is offered to rename or archive a public room")
	}
}

// TestPrivateRoomMembers: people are added and removed, and whoever leaves a
// private room is asked first.
func TestPrivateRoomMembers(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	benUser := s.Member(owner, "Ben")
	room := owner.Room(t, wire.KindPrivate, "Attic")
	browser := chrome.Start(t)
	ada, ben := browser.Person("Ada"), browser.Person("Ben")
	visitRoom(ada, owner, s.URL(), room.ID)
	visit(ben, benUser, s.URL())
	ada.Click("button", "Room settings")
	ada.Click("tab", "Members")
	ada.Click("button", "Add people")
	ada.Click("button", "Add Ben")
	ben.Click("link", "Attic")
	ben.Find("heading", "Attic")
	ada.Press(chrome.Escape)
	ada.Gone("dialog", "Add people")
	ada.Click("button", "Room settings")
	ada.Click("tab", "Members")
	ada.Click("button", "Remove Ben")
	ben.Gone("link", "Attic")
	must(t, owner.Do(t.Context(), wire.CmdAddMember, wire.MemberRef{Room: room.ID, User: benUser.ID}, nil))
	ben.Click("link", "Attic")
	ben.Find("heading", "Attic")
	ben.Click("button", "Room settings")
	ben.Click("button", "Leave room")
	ben.Find("dialog", "Leave Attic?")
	ben.Click("button", "Cancel")
	ben.Gone("dialog", "Leave Attic?")
	ben.Find("link", "Attic")
	ben.Click("button", "Room settings")
	ben.Click("button", "Leave room")
	ben.Find("dialog", "Leave Attic?")
	ben.Click("button", "Leave room")
	ben.Gone("link", "Attic")
}

// TestPeople: the owner gives a role and another name, shuts somebody out and
// lets them in again, revokes an invite, and reads all that in the audit log.
func TestPeople(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	benUser := s.Member(owner, "Ben")
	browser := chrome.Start(t)
	ada, ben := browser.Person("Ada"), browser.Person("Ben")
	ben.Tolerate("401")
	visit(ada, owner, s.URL())
	visit(ben, benUser, s.URL())
	if ben.Has("button", "Community") {
		t.Error("a member is offered to look after the community")
	}
	ada.Click("button", "Community")
	ada.Find("dialog", "Community")
	ada.ClickMatch("button", startsWith("Ben"))
	ada.Find("dialog", "Ben")
	ada.Click("radio", "admin")
	ben.Find("button", "Community")
	ada.Fill("textbox", "Name", "Benjamin")
	ada.Click("button", "Save")
	ada.Find("dialog", "Benjamin")
	ben.Wait("the name", func() bool { return contains(ben.Text(), "Benjamin") })
	ada.Click("button", "Deactivate")
	ada.Find("dialog", "Deactivate Benjamin?")
	ada.Click("button", "Deactivate")
	ada.Find("dialog", "Benjamin")
	ben.Find("button", "Sign in")
	ada.Click("button", "Let in again")
	ada.Find("button", "Deactivate")
	ada.Press(chrome.Escape)
	ada.Gone("dialog", "Benjamin")
	ada.Click("button", "Community")
	ada.Click("tab", "Invites")
	ada.Click("button", "Revoke")
	ada.Wait("no invite", func() bool { return contains(ada.Text(), "There are no invites that still work.") })
	ada.Click("tab", "Audit log")
	for _, line := range []string{"Ada changed the role of Ben from member to admin", "Ada renamed Ben to Benjamin", "Ada deactivated Benjamin", "let Benjamin in again", "revoked an invite"} {
		ada.Wait(line, func() bool { return contains(ada.Text(), line) })
	}
}

// TestAccount: one changes name and password, ends another login, and makes a
// token that works until it is revoked.
func TestAccount(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.Tolerate("403", "409", "400")
	visit(ada, s.Login("Ada"), s.URL())
	ada.Click("button", "Settings")
	ada.Click("tab", "Account")
	ada.Fill("textbox", "Name", "Lovelace")
	ada.Click("button", "Save")
	ada.Wait("it to be saved", func() bool { return contains(ada.Text(), "Saved.") })
	ada.Fill("textbox", "Current password", "not the password")
	ada.Fill("textbox", "New password", "short")
	ada.Click("button", "Change password")
	ada.Wait("words about the new one", func() bool { return contains(ada.Text(), "A password needs at least 8 characters.") })
	ada.Fill("textbox", "New password", "an even better one")
	ada.Click("button", "Change password")
	ada.Wait("words about the old one", func() bool {
		return ada.Has("alert", "") && contains(ada.Text(), "password") && !contains(ada.Text(), "needs at least")
	})

	ada.Click("tab", "Devices")
	ada.Wait("the devices", func() bool { return contains(ada.Text(), "This device") })
	for ada.WaitFor(chrome.Patience/5, func() bool { return len(ada.All("button", "")) > 0 && hasButton(ada, "Sign out ") }) {
		n := len(ada.All("button", ""))
		ada.ClickMatch("button", startsWith("Sign out "))
		ada.Wait("one device fewer", func() bool { return len(ada.All("button", "")) < n })
	}
	if err := owner.Get(t.Context(), "/sync", &wire.Sync{}); wire.CodeFrom(err) != wire.CodeUnauthenticated {
		t.Errorf("the ended login: %v", err)
	}
	ada.Click("tab", "API tokens")
	ada.Fill("textbox", "Name of the bot", "weather")
	ada.Click("button", "Create token")
	ada.Wait("the token", func() bool { return len(ada.Find("textbox", "Token").Value) >= 20 })
	ada.Click("button", "Revoke weather")
	ada.Find("dialog", "Revoke the token of weather?")
	ada.Click("button", "Revoke")
	ada.Find("dialog", "Settings")
	ada.Click("tab", "Account")
	ada.Fill("textbox", "Current password", parley.Password)
	ada.Fill("textbox", "New password", "an even better one")
	ada.Click("button", "Change password")
	ada.Wait("the password to be another", func() bool { return contains(ada.Text(), "Your password has been changed.") })
}

func hasButton(p *chrome.Page, start string) bool {
	for _, n := range p.All("button", "") {
		if strings.HasPrefix(n.Name, start) {
			return true
		}
	}
	return false
}
