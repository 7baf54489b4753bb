package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestPictures shows a community that is alive on every screen, and holds each
// to what must be true of it: nothing is wider than the screen, the composer is
// in sight, the newest message too. PARLEY_PICTURES names a folder for what it
// looks like; PARLEY_SCREENSHOT the file for the README's picture.
func TestPictures(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	browser := chrome.Start(t)
	door := browser.Person("door")
	door.Tolerate("401") // who is nobody yet is told so
	for _, v := range views {
		door.Show(v)
		door.Open(s.URL())
		door.Find("button", "Create community")
		wantFits(t, door, v)
		door.Keep("set-up-" + v.Name)
	}
	ada, ben := stage(t, s, browser)
	for _, v := range views {
		ada.Show(v)
		ada.Reload()
		ada.WaitRow(lastLine)
		waitRung(ada, "WebSocket")
		wantFits(t, ada, v)
		ada.Wait("the newest message in sight", func() bool { return inSight(ada, lastLine) })
		ada.Keep("chat-" + v.Name)
		storePicture(t, ada, v)
		if v.Name == chrome.Desktop.Name {
			readmePicture(t, ada, ben)
		}
		panels(t, ada, v)
	}
}

var views = []chrome.View{chrome.Desktop, chrome.DesktopDark, chrome.Phone, chrome.PhoneDark}

const lastLine = "On the train now. The tunnel before Göschenen is long, so if I go quiet: I am not offended."

// stage fills a community with people who talk, and gives two of them.
func stage(t *testing.T, s *parley.Server, browser *chrome.Browser) (ada, ben *chrome.Page) {
	t.Helper()
	owner := s.Setup("Ada Lovelace")
	people := map[string]*parley.User{"ada": owner}
	for key, name := range map[string]string{"ben": "Ben Okri", "mei": "陈小明", "sofia": "Sofía Márquez"} {
		people[key] = s.Member(owner, name)
	}
	people["ci"] = s.Bot(owner, "Deploy bot")
	rooms := map[string]string{"lobby": wire.Lobby}
	for _, name := range []string{"design", "garden", "releases"} {
		rooms[name] = owner.Room(t, wire.KindPublic, name).ID
	}
	rooms["board"] = owner.Room(t, wire.KindPrivate, "board").ID
	for key, room := range rooms {
		for who, u := range people {
			if who != "ada" && key != "lobby" && key != "board" {
				must(t, u.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: room}, nil))
			}
		}
	}
	for i, line := range script {
		u := people[line.who]
		_, err := u.Send(t.Context(), rooms[line.room], line.text, fmt.Sprint("line ", i))
		must(t, err)
	}
	lobby := historyOf(t, t.Context(), owner, wire.Lobby)
	must(t, owner.Do(t.Context(), wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: lobby[len(lobby)-1].Seq}, nil))
	ada, ben = browser.Person("Ada"), browser.Person("Ben")
	ada.Tolerate("401")
	visit(ben, people["ben"], s.URL())
	visit(ada, owner, s.URL())
	return ada, ben
}

// script is what is said.
var script = []struct{ who, room, text string }{
	{"sofia", "design", "New avatars are in. Twelve hues, all of them readable in the dark."},
	{"mei", "design", "好看！"},
	{"ci", "releases", "v0.9.3 is out: https://example.org/releases/v0.9.3"},
	{"ben", "garden", "The tomatoes made it through the frost."},
	{"ada", "lobby", "Good morning everybody."},
	{"ada", "lobby", "The server in the basement rebooted twice last night. Did anybody lose a message?"},
	{"ben", "lobby", "Not me. My phone went from WebSocket to long polling in the underground and back, and I only noticed because of the word at the bottom."},
	{"sofia", "lobby", "Same here. Our office proxy has been swallowing streams since Monday:\n\n    SSE: buffered, gave up after a second\n    long poll: fine\n\nand still every line is there, once."},
	{"mei", "lobby", "我这边也没问题 👍"},
	{"mei", "lobby", "Notes from Thursday are here: https://example.org/notes/2026-11-19"},
	{"ada", "lobby", "Lovely. Then I stop worrying and water the plants 🌱"},
	{"ben", "lobby", "🎉"},
	{"sofia", "lobby", "Who brings the cable on Saturday?"},
	{"ben", "lobby", "Me."},
	{"mei", "lobby", lastLine},
}

// storePicture is one of those that browsers show before the app is installed
// (screenshots in the manifest).
func storePicture(t *testing.T, p *chrome.Page, v chrome.View) {
	t.Helper()
	name := map[string]string{chrome.Desktop.Name: "wide", chrome.Phone.Name: "narrow"}[v.Name]
	if name == "" || os.Getenv("PARLEY_WRITE") == "" {
		return
	}
	must(t, os.WriteFile(filepath.Join("..", "static", "web", "screenshots", name+".webp"), p.WebP(), 0o644))
}

// readmePicture is the one that the README shows: somebody is writing.
func readmePicture(t *testing.T, ada, ben *chrome.Page) {
	t.Helper()
	path := os.Getenv("PARLEY_SCREENSHOT")
	if path == "" {
		return
	}
	ben.Click("textbox", "Message")
	ben.Type("I could take the night train and")
	ada.Wait("somebody to be writing", func() bool { return contains(ada.Text(), "Ben Okri is typing") })
	must(t, os.WriteFile(path, ada.Screenshot(), 0o644))
}

// panels opens what lies beside and above the conversation.
func panels(t *testing.T, p *chrome.Page, v chrome.View) {
	t.Helper()
	if v.Mobile {
		p.Click("button", "Show rooms")
		p.Wait("the rooms to slide in", func() bool { return settled(p) })
		wantFits(t, p, v)
		p.Keep("rooms-" + v.Name)
		p.Press(chrome.Escape)
	}
	p.ClickMatch("button", likeMembers)
	p.Find("complementary", "Room details")
	p.Wait("the details to slide in", func() bool { return settled(p) })
	wantFits(t, p, v)
	p.Keep("details-" + v.Name)
	p.Press(chrome.Escape)
	p.Click("button", "Invite")
	p.Find("dialog", "Invite")
	p.Wait("the invite link", func() bool { return p.Find("textbox", "Invite link").Value != "" && settled(p) })
	wantFits(t, p, v)
	p.Keep("invite-" + v.Name)
	p.Press(chrome.Escape)
	p.Gone("dialog", "Invite")
}

// settled tells whether nothing moves any more.
func settled(p *chrome.Page) bool {
	return chrome.Eval[bool](p, "document.getAnimations().every(a => a.playState !== 'running' || a.effect.getComputedTiming().iterations === Infinity)")
}

// wantFits wants nothing to stick out of the screen.
func wantFits(t *testing.T, p *chrome.Page, v chrome.View) {
	t.Helper()
	if out := chrome.Eval[string](p, `(() => {
		const d = document.scrollingElement;
		return d.scrollWidth > innerWidth + 1 ? 'wider: ' + d.scrollWidth + ' > ' + innerWidth
			: document.querySelector('[role=log]') && d.scrollHeight > innerHeight + 1 ? 'higher: ' + d.scrollHeight + ' > ' + innerHeight : '';
	})()`); out != "" {
		t.Errorf("on %s the page is %s", v.Name, out)
	}
	for _, n := range p.All("textbox", "Message") {
		if !n.InSight() {
			t.Errorf("on %s the composer is out of sight", v.Name)
		}
	}
}

// inSight tells whether a message can be seen wholly.
func inSight(p *chrome.Page, text string) bool {
	return chrome.Eval[bool](p, `(() => {
		const e = [...document.querySelectorAll('[role=log] [dir=auto]')].find(e => e.textContent === `+quote(text)+`);
		if (!e) return false;
		const r = e.getBoundingClientRect(), l = document.querySelector('[role=log]').getBoundingClientRect();
		return r.top >= l.top && r.bottom <= l.bottom + 1;
	})()`)
}
