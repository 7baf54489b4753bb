package e2e_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/texts"
	"parley/shared/wire"
)

// TestPictures shows a community that is alive on every screen, in each look and
// language, and holds each to what must be true of it: nothing is wider than the
// screen, the composer is in sight, the newest message too. PARLEY_PICTURES names
// a folder for what all of it looks like. With PARLEY_WRITE the pictures in docs
// and those of the manifest are taken anew.
func TestPictures(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	browser := chrome.Start(t)
	door := browser.Person("door")
	door.Tolerate("401") // who is nobody yet is told so
	door.Open(s.URL())
	for _, l := range costumes {
		l.wear(door)
		door.Find("button", l.CreateCommunity)
		l.take(t, door, "set-up")
	}
	ada, ben := stage(t, s, browser)
	lab := browser.Person("lab")
	lab.Open(s.URL() + "/lab")
	for _, l := range costumes {
		l.wear(door)
		door.Find("button", l.SignIn)
		l.take(t, door, "sign-in")

		l.wear(ada)
		ada.WaitRow(lastLine)
		waitRung(ada, l.Rungs[0])
		ada.Wait("the newest message in sight", func() bool { return inSight(ada, lastLine) })
		l.take(t, ada, "chat")
		storePicture(t, ada, l)
		if l == costumes[0] {
			readmePicture(t, ada, ben)
		}
		l.rooms(t, ada)
		l.panels(t, ada)
		l.search(t, ada)
		if len(costumes) == len(views)*len(texts.Languages) { // it takes its time, and the tour has looked at it
			l.lab(t, lab)
		}
	}
}

var views = []chrome.View{chrome.Desktop, chrome.DesktopDark, chrome.Phone, chrome.PhoneDark}

// costume is a screen in a language.
type costume struct {
	chrome.View
	*texts.Texts
}

var costumes = func() (list []costume) {
	if os.Getenv("PARLEY_PICTURES") == "" && os.Getenv("PARLEY_WRITE") == "" {
		return []costume{{chrome.Desktop, &texts.English}, {chrome.PhoneDark, &texts.Chinese}} // nobody looks
	}
	for _, t := range texts.Languages {
		for _, v := range views {
			list = append(list, costume{v, t})
		}
	}
	return list
}()

// wear puts the costume on a page.
func (l costume) wear(p *chrome.Page) {
	p.Show(l.View)
	chrome.Eval[bool](p, "localStorage.setItem('parley:pref/lang', '"+l.Lang+"'), document.cookie = 'lang="+l.Lang+"; Path=/', true")
	p.Reload()
	p.Wait("the app to speak "+l.Lang, func() bool {
		return chrome.Eval[bool](p, "document.documentElement.lang === '"+l.Lang+"' && !document.getElementById('page')")
	})
}

// take keeps what the page looks like.
func (l costume) take(t *testing.T, p *chrome.Page, screen string) {
	t.Helper()
	p.Wait("everything to stand still", func() bool { return settled(p) })
	wantFits(t, p, l.View)
	language, _, _ := strings.Cut(l.Lang, "-")
	name := screen + "-" + l.View.Name + "-" + language
	p.Keep(name)
	if os.Getenv("PARLEY_WRITE") != "" && l.shown(screen) {
		dir := filepath.Join("..", "docs", "screenshots")
		must(t, os.MkdirAll(dir, 0o755))
		must(t, os.WriteFile(filepath.Join(dir, name+".webp"), p.Small(l.View), 0o644))
	}
}

// shown tells whether the docs have the picture: the conversation in every look,
// everything else in each of them once.
func (l costume) shown(screen string) bool {
	return screen == "chat" || l.View.Dark == (l.Mobile == (l.Texts == &texts.English))
}

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
	said := map[string]wire.Message{}
	for i, line := range script {
		send := wire.Send{Room: rooms[line.room], Text: line.text, Nonce: fmt.Sprint("line ", i), ReplyTo: said[answers[line.text]].Seq}
		for name, data := range attached[line.text] {
			file := wire.CreateFile{Nonce: name, Name: name}
			if strings.HasSuffix(name, ".png") {
				file.Type, file.Width, file.Height = "image/png", chartWidth, chartHeight
			}
			f, err := people[line.who].Upload(t.Context(), file, data())
			must(t, err)
			send.Files = append(send.Files, f.ID)
		}
		var m wire.Message
		must(t, people[line.who].Do(t.Context(), wire.CmdSend, send, &m))
		said[line.text] = m
	}
	for _, r := range reactions {
		m := said[r.text]
		must(t, people[r.who].Do(t.Context(), wire.CmdReact, wire.React{Room: m.Room, Seq: m.Seq, Emoji: r.emoji, On: true}, nil))
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
	{"sofia", "lobby", "Same here. Our office proxy has been swallowing streams since Monday:\n\n```\nSSE:       buffered, gave up after a second\nlong poll: fine\n```\n\nand still **every line** is there, once."},
	{"mei", "lobby", "我这边也没问题 👍"},
	{"mei", "lobby", "Notes from Thursday are here: https://example.org/notes/2026-11-19"},
	{"ada", "lobby", "Lovely. Then I stop worrying and water the plants 🌱"},
	{"ben", "lobby", "🎉"},
	{"ben", "lobby", "Reconnects an hour, since Monday:"},
	{"sofia", "lobby", "Who brings the cable on Saturday?"},
	{"ben", "lobby", "Me."},
	{"mei", "lobby", lastLine},
}

// attached are the files of lines.
var attached = map[string]map[string]func() []byte{
	"Reconnects an hour, since Monday:": {"reconnects.png": chart},
	"Who brings the cable on Saturday?": {"周六安排 Saturday.pdf": func() []byte { return noise(184_000) }},
}

const chartWidth, chartHeight = 720, 240

// chart is a picture of some figures.
func chart() []byte {
	img := image.NewRGBA(image.Rect(0, 0, chartWidth, chartHeight))
	fill := func(r image.Rectangle, c color.RGBA) { draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src) }
	fill(img.Bounds(), color.RGBA{0xf6, 0xf5, 0xf2, 0xff})
	for line := range 4 {
		fill(image.Rect(20, 30+55*line, chartWidth-20, 32+55*line), color.RGBA{0xe2, 0xe0, 0xd9, 0xff})
	}
	for i, n := range []int{24, 31, 28, 40, 162, 150, 128, 96, 110, 74, 61, 66, 40, 36, 22, 30, 18, 12, 16, 10} {
		ground := color.RGBA{0x16, 0x80, 0x5f, 0xff}
		if n > 90 {
			ground = color.RGBA{0xd9, 0x8a, 0x2b, 0xff}
		}
		fill(image.Rect(30+34*i, 195-n, 52+34*i, 196), ground)
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // into memory
	return b.Bytes()
}

// answers are the lines that reply to another.
var answers = map[string]string{"Me.": "Who brings the cable on Saturday?"}

// reactions are who likes what.
var reactions = []struct{ who, text, emoji string }{
	{"ada", "我这边也没问题 👍", "👍"},
	{"sofia", "Lovely. Then I stop worrying and water the plants 🌱", "❤️"},
	{"mei", "Lovely. Then I stop worrying and water the plants 🌱", "❤️"},
	{"ada", "Me.", "🙏"},
}

// storePicture is one of those that browsers show before the app is installed
// (screenshots in the manifest).
func storePicture(t *testing.T, p *chrome.Page, l costume) {
	t.Helper()
	name := map[string]string{chrome.Desktop.Name: "wide", chrome.Phone.Name: "narrow"}[l.View.Name]
	if name != "" && l.Texts == &texts.English && os.Getenv("PARLEY_WRITE") != "" {
		must(t, os.WriteFile(filepath.Join("..", "static", "web", "screenshots", name+".webp"), p.WebP(), 0o644))
	}
}

// readmePicture is the one that the README shows: somebody is writing.
func readmePicture(t *testing.T, ada, ben *chrome.Page) {
	t.Helper()
	if os.Getenv("PARLEY_WRITE") == "" {
		return
	}
	ben.Click("textbox", "Message")
	ben.Type("I could take the night train and")
	ada.Wait("somebody to be writing", func() bool { return contains(ada.Text(), "Ben Okri is typing") })
	must(t, os.WriteFile(filepath.Join("..", "docs", "screenshot.webp"), ada.WebP(), 0o644))
}

// rooms shows the list of rooms where it is behind a button, and a room in which
// nobody has said anything.
func (l costume) rooms(t *testing.T, p *chrome.Page) {
	t.Helper()
	open := func() {
		if l.Mobile {
			p.Click("button", l.OpenRooms)
			p.Wait("the rooms to slide in", func() bool { return settled(p) })
		}
	}
	open()
	if l.Mobile {
		l.take(t, p, "rooms")
	}
	p.Click("link", "board")
	p.Wait("words about the empty room", func() bool { return contains(p.Text(), l.Nothing) })
	l.take(t, p, "empty")
	open()
	p.Click("link", l.Lobby)
	p.WaitRow(lastLine)
}

// panels opens what lies beside and above the conversation.
func (l costume) panels(t *testing.T, p *chrome.Page) {
	t.Helper()
	p.Click("button", l.MemberCount(texts.Plain(5)))
	p.Find("complementary", l.RoomDetails)
	l.take(t, p, "details")
	p.Press(chrome.Escape)
	p.Click("button", l.Texts.Invite)
	p.Wait("the invite link", func() bool { return p.Find("textbox", l.InviteLink).Value != "" })
	l.take(t, p, "invite")
	l.close(p)
	for _, d := range []struct{ screen, button string }{
		{"settings", l.Settings},
		{"new-room", l.NewRoom},
		{"browse", l.BrowseRooms},
		{"community", l.Community},
		{"go-to", l.Switch},
		{"room-settings", l.RoomSettings},
	} {
		if l.Mobile && d.screen != "room-settings" {
			p.Click("button", l.OpenRooms)
			p.Wait("the rooms to slide in", func() bool { return settled(p) })
		}
		p.Click("button", d.button)
		p.Wait("the dialog, and nothing to be on its way", func() bool {
			return chrome.Eval[bool](p, "!!document.querySelector('dialog[open]') && !document.querySelector('dialog [aria-busy=true]')")
		})
		if d.screen == "browse" {
			p.Wait("the rooms", func() bool { return contains(p.Find("dialog", d.button).Text(), "garden") })
		}
		l.take(t, p, d.screen)
		l.close(p)
	}
}

// search shows what is found.
func (l costume) search(t *testing.T, p *chrome.Page) {
	t.Helper()
	p.Click("button", l.Search)
	p.Fill("searchbox", l.SearchMessages, "SSE")
	p.Wait("what is found", func() bool { return len(results(p)) > 0 })
	l.take(t, p, "search")
	p.Press(chrome.Escape)
	p.Gone("complementary", l.Search)
}

// lab shows the Connection Lab when it has found everything out.
func (l costume) lab(t *testing.T, p *chrome.Page) {
	t.Helper()
	l.wear(p)
	p.Wait("the lab's verdict", func() bool {
		return contains(chrome.Eval[string](p, `(document.getElementById("lab-verdict") || {}).textContent || ""`), l.Lab.Uses(l.Rungs[0]), l.Lab.Fine(l.Rungs[3]))
	})
	p.Wait("the lanes to fill", func() bool { return chrome.Eval[int](p, `document.querySelectorAll(".lab-lane .tick").length`) > 30 })
	l.take(t, p, "lab")
}

// close closes the dialog that is open.
func (l costume) close(p *chrome.Page) {
	p.Press(chrome.Escape)
	p.Wait("the dialog to close", func() bool { return len(p.All("dialog", "")) == 0 })
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
