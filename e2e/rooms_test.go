package e2e_test

import (
	"regexp"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

var (
	likeJoin    = regexp.MustCompile(`^Join `)
	likeMembers = regexp.MustCompile(`^\d+ members?$`)
)

// TestRooms: one makes a room, another finds it, joins and leaves it; what is
// said elsewhere is counted until it has been read.
func TestRooms(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	browser := chrome.Start(t)
	ada, ben := browser.Person("Ada"), browser.Person("Ben")
	visit(ada, owner, s.URL())
	visit(ben, s.Member(owner, "Ben"), s.URL())

	makeRoom(ada, "花园 Garden", "all that grows", false)
	makeRoom(ada, "Attic", "", true)
	ben.Click("button", "Browse rooms")
	ben.Find("button", "Join 花园 Garden")
	if ben.Has("button", "Join Attic") {
		t.Error("the private room can be found")
	}
	ben.Click("button", "Join 花园 Garden")
	ben.Find("heading", "花园 Garden")
	ben.Click("link", "lobby")
	ben.Find("heading", "lobby")

	ada.Click("link", "花园 Garden")
	ada.Find("heading", "花园 Garden")
	for _, text := range []string{"one", "two", "three"} {
		say(ada, text)
		ada.WaitRow(text)
	}
	ben.Find("link", "花园 Garden 3 unread")
	ben.Reload()
	ben.Find("link", "花园 Garden 3 unread").Click()
	ben.WaitRow("three")
	ben.Find("separator", "")
	ben.Find("link", "花园 Garden") // read by now
	ben.Reload()
	ben.Find("link", "花园 Garden")

	ben.ClickMatch("button", likeMembers)
	ben.Find("complementary", "Room details")
	ben.Click("button", "Leave room")
	ben.Gone("link", "花园 Garden")
	ben.Find("heading", "lobby")
	ada.Match("button", regexp.MustCompile(`^1 member$`))
	say(ada, "alone")
	ada.WaitRow("alone")
}

func makeRoom(p *chrome.Page, name, topic string, private bool) {
	p.Click("button", "New room")
	p.Fill("textbox", "Room name", name)
	if topic != "" {
		p.ClickMatch("textbox", regexp.MustCompile(`^Topic`))
		p.Insert(topic)
	}
	if private {
		p.ClickMatch("checkbox", regexp.MustCompile(`^Private`))
	}
	p.Click("button", "Create room")
	p.Find("heading", name)
	p.Gone("button", "Create room")
}

// TestRoomNameBeforeTopic: however long its topic, a room's name is whole where
// there is room for it.
func TestRoomNameBeforeTopic(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	room := owner.Room(t, wire.KindPublic, "名字很长很长的房间")
	must(t, owner.Do(t.Context(), wire.CmdUpdateRoom, wire.UpdateRoom{Room: room.ID, Topic: new(strings.Repeat("A topic that goes on and on. ", 6))}, nil))
	ada := chrome.Start(t).Person("Ada")
	visitRoom(ada, owner, s.URL(), room.ID)
	wantNone(t, ada, "a room with a long topic", `[...document.querySelectorAll('.room-title h1 span')].filter(e => e.scrollWidth > e.clientWidth).map(e => 'cut off: ' + e.textContent)`)
}
