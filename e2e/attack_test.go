package e2e_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/texts"
	"parley/shared/wire"
)

// watchForPrograms notes every element with a handler, and every picture of
// nowhere, that ever comes into the page.
const watchForPrograms = `window.hacked = ''; window.foreign = [];
new MutationObserver(list => { for (const m of list) for (const n of m.addedNodes) {
	if (n.nodeType !== 1) continue;
	for (const e of [n, ...n.querySelectorAll('*')])
		if ([...e.attributes].some(a => a.name.startsWith('on') || /^\s*javascript:/i.test(a.value)) || e.matches('evil, img[src=""], iframe:not([src])')) window.foreign.push(e.outerHTML.slice(0, 200));
} }).observe(document, {subtree: true, childList: true});`

// TestNamesAreNeverHTML calls people, rooms, bots, devices and topics by attacks,
// and opens all that shows them: no part of the app takes one for HTML.
func TestNamesAreNeverHTML(t *testing.T) {
	t.Parallel()
	const (
		person = `<img/src/onerror=hacked=1>`
		room   = `<svg/onload=hacked=2>`
		bot    = `"><evil onevil=1>`
	)
	s := parley.Start(t)
	owner := s.Setup("Ada")
	mal := s.Member(owner, person)
	den := mal.Room(t, wire.KindPublic, room)
	topic := `<img src=x onerror=hacked=3>`
	must(t, mal.Do(t.Context(), wire.CmdUpdateRoom, wire.UpdateRoom{Room: den.ID, Topic: &topic}, nil))
	must(t, owner.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: den.ID}, nil))
	must(t, mal.Do(t.Context(), wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: []string{owner.ID}}, nil))
	s.Bot(owner, bot)
	owner.Invite(t, wire.RoleGuest, den.ID)
	must(t, owner.Do(t.Context(), wire.CmdSetRole, wire.SetRole{User: mal.ID, Role: wire.RoleAdmin}, nil))
	said, err := mal.Send(t.Context(), den.ID, `needle **needle** <img src=x onerror=hacked=4> `+"`needle<evil>`", "1")
	must(t, err)
	must(t, mal.Do(t.Context(), wire.CmdSend, wire.Send{Room: den.ID, Text: "an answer", Nonce: "2", ReplyTo: said.Seq}, nil))
	must(t, owner.Do(t.Context(), wire.CmdSend, wire.Send{Room: den.ID, Text: "once <evil onevil=2>", Nonce: "3"}, nil))
	must(t, owner.Do(t.Context(), wire.CmdEdit, wire.Edit{Room: den.ID, Seq: 3, Text: "mine now"}, nil))
	must(t, mal.Do(t.Context(), wire.CmdReact, wire.React{Room: den.ID, Seq: 3, Emoji: "👍", On: true}, nil))
	device, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/api/v1/login", strings.NewReader(string(wire.Encode(wire.Login{Name: "Ada", Password: parley.Password}))))
	must(t, err)
	device.Header = http.Header{"Content-Type": {"application/json"}, "User-Agent": {person}}
	answer, err := http.DefaultClient.Do(device)
	must(t, err)
	must(t, answer.Body.Close())

	ada := chrome.Start(t).Profile("Ada")
	allowNotes(ada, s.URL())
	ada.Early(watchForPrograms)
	visitRoom(ada, owner, s.URL(), den.ID)
	ada.WaitRow("an answer")
	tame := func(where string) {
		t.Helper()
		got := chrome.Eval[[]string](ada, "[window.hacked, ...window.foreign].map(String)")
		if len(got) != 1 || got[0] != "" {
			t.Errorf("%s: %q", where, got)
			chrome.Eval[any](ada, "window.hacked = '', window.foreign = []")
		}
	}
	if got := title(ada); !strings.Contains(got, room) {
		t.Errorf("the title is %q", got)
	}
	tame("the room")
	w := &texts.English
	ada.ClickMatch("button", membersIn(w, 2))
	ada.Find("complementary", w.RoomDetails)
	tame("who is there")
	ada.Press(chrome.Escape)
	act(ada, "mine now", w.Reply)
	tame("a reply that is being written")
	ada.Press(chrome.Escape)
	ada.Click("button", w.Rows.Edited)
	ada.Find("dialog", w.History)
	ada.Wait("what it said", func() bool { return contains(ada.Text(), "once <evil onevil=2>") })
	tame("what it said before")
	ada.Press(chrome.Escape)
	ada.Gone("dialog", w.History)
	act(ada, "an answer", w.DeleteMessage)
	ada.Find("dialog", w.DeleteTitle)
	tame("the question before it is deleted")
	ada.Press(chrome.Escape)
	ada.Gone("dialog", w.DeleteTitle)
	ada.Fill("textbox", w.Message, "@<im")
	ada.Wait("an offer", func() bool { return offered(ada) == "["+person+"]" })
	tame("completion")
	ada.Press(chrome.Escape)
	ada.Fill("textbox", w.Message, "")

	for _, d := range [][2]string{
		{w.Invite, w.Invite},
		{w.BrowseRooms, w.BrowseRooms},
		{w.Settings, w.Settings},
		{w.NewDirect, w.NewDirect},
		{w.Community, w.Community},
		{w.RoomSettings, room},
		{w.Switch, w.Switch},
	} {
		ada.Click("button", d[0])
		ada.Find("dialog", d[1])
		tourTabs(ada, d[0], func(_ *chrome.Page, screen string) { tame(screen) })
		if d[0] == w.Switch {
			ada.Insert("img")
			ada.Wait("what is found", func() bool { return contains(ada.Text(), person) })
		}
		tame(d[0])
		ada.Press(chrome.Escape)
		ada.Gone("dialog", d[1])
	}
	ada.Click("button", w.Community)
	ada.ClickMatch("button", startsWith(person))
	ada.Find("dialog", person)
	tame("a person")
	ada.Press(chrome.Escape)

	found(t, ada, owner, "needle")
	ada.Click("button", w.Search)
	ada.Fill("searchbox", w.SearchMessages, "needle")
	ada.Wait("the message", func() bool {
		return len(results(ada)) == 1 && contains(ada.Text(), "<img src=x onerror=hacked=4>")
	})
	tame("what is found")
	ada.Press(chrome.Escape)

	ada.ClickMatch("link", regexp.MustCompile("^"+w.Lobby))
	installed(ada)
	_, err = mal.Send(t.Context(), den.ID, "@Ada <evil onevil=3>", "4")
	must(t, err)
	ada.Wait("to be told", func() bool { return shown(ada) == room+": "+person+": @Ada <evil onevil=3>" })
	tame("a notification")

	ada.Raw()
	for _, path := range []string{"/lab", "/rooms/" + den.ID} {
		ada.Open(s.URL() + path)
		tame(path)
	}
}
