package e2e_test

import (
	"crypto/rand"
	"regexp"
	"strings"
	"testing"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/texts"
	"parley/shared/wire"
)

// look is told of every screen, with its name, while it is there.
type look func(p *chrome.Page, screen string)

// tour goes through every screen and every dialog in a language, given as a
// browser asks for it, in a window of this view.
func tour(t *testing.T, browser *chrome.Browser, languages string, v chrome.View, seen look) {
	t.Helper()
	w := texts.For(texts.Accepted(languages)...)
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	proxy := through(t, s)
	visitor := func(name string) *chrome.Page {
		p := browser.On(t).Person(name)
		p.TolerateNetwork()
		p.Speak(languages)
		p.Show(v)
		return p
	}
	p := visitor("Ada")
	p.Open(proxy.URL())
	p.Find("button", w.CreateCommunity)
	seen(p, "set-up")
	p.Fill("textbox", w.Name, "Ada")
	p.Click("button", w.CreateCommunity)
	p.Find("alert", "")
	p.Wait("words about the password", func() bool { return contains(p.Text(), w.PasswordShort) })
	seen(p, "set-up refused")
	p.Fill("textbox", w.Password, parley.Password)
	p.Click("button", w.CreateCommunity)
	p.Find("textbox", w.Message)
	p.Wait("the room's beginning", func() bool { return contains(p.Text(), w.Nothing) })
	seen(p, "empty room")
	tourDoors(t, visitor("Stranger"), w, proxy.URL(), seen)
	tourRooms(t, p, w, s, v, seen)
	tourDialogs(p, w, seen)

	p.Open(proxy.URL() + "/rooms/no-such-room")
	p.Wait("words about the room", func() bool { return contains(p.Text(), w.NoSuchRoom) })
	seen(p, "no such room")
	p.Click("link", w.BackToLobby)
	p.Find("textbox", w.Message)
	proxy.Set(badproxy.Refuse())
	proxy.Cut()
	waitRung(p, w.Offline)
	say2(p, w, "written without a network")
	waitState(p, "written without a network", "sending")
	p.Wait("the way to try now", func() bool { return p.Has("button", w.TryNow) })
	seen(p, "offline")
	proxy.Set()
	p.WaitRow("written without a network")
	proxy.Set(refuseSends(), badproxy.WSRefuse())
	proxy.Cut()
	waitRung(p, w.Rungs[1:]...)
	say2(p, w, "refused")
	waitState(p, "refused", "failed")
	seen(p, "failed message")
}

// tourDoors shows the ways in for others.
func tourDoors(t *testing.T, p *chrome.Page, w *texts.Texts, origin string, seen look) {
	t.Helper()
	p.Open(origin)
	p.Find("button", w.SignIn)
	seen(p, "sign-in")
	p.Fill("textbox", w.Name, "Ada")
	p.Fill("textbox", w.Password, "not the password")
	p.Click("button", w.SignIn)
	wrong := w.Detail(wire.Errorf(wire.CodeUnauthenticated, "The name or the password is wrong."))
	p.Wait("words about the password", func() bool { return contains(p.Text(), wrong) })
	seen(p, "sign-in refused")
	p.Open(origin + "/invite/no-such-code")
	p.Find("button", w.Join)
	seen(p, "sign-up")
	p.Fill("textbox", w.Name, "Stan")
	p.Fill("textbox", w.Password, parley.Password)
	p.Click("button", w.Join)
	dead := w.Detail(wire.Errorf(wire.CodeNotFound, "This invite does not work. It may have expired or been used; ask for a new one."))
	p.Wait("words about the invite", func() bool { return contains(p.Text(), dead) })
	seen(p, "sign-up refused")
	p.Open(origin + "/no/such/page")
	p.Wait("the page of a problem", func() bool { return p.Has("heading", w.Title(wire.Errorf(wire.CodeNotFound, ""))) })
	seen(p, "problem")
	p.Open(origin + "/lab")
	p.Wait("the lab's verdict", func() bool {
		return contains(chrome.Eval[string](p, `(document.getElementById("lab-verdict") || {}).textContent || ""`), w.Lab.Uses(w.Rungs[0]), w.Lab.Fine(w.Rungs[3]))
	})
	seen(p, "lab")
}

// tourRooms fills the rooms and shows what lies beside the conversation.
func tourRooms(t *testing.T, p *chrome.Page, w *texts.Texts, s *parley.Server, v chrome.View, seen look) {
	t.Helper()
	owner := s.Login("Ada")
	ben := s.Member(owner, "陈小明")
	guest := s.Guest(owner, "Zoë", wire.Lobby)
	room := owner.Room(t, wire.KindPublic, "花园")
	must(t, ben.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: room.ID}, nil))
	owner.Room(t, wire.KindPrivate, "书房")
	for i, text := range []string{"早上好！", "https://example.org/路径", "🎉", "中文 mixed with English，没问题"} {
		_, err := []*parley.User{ben, owner, guest, ben}[i].Send(t.Context(), wire.Lobby, text, text)
		must(t, err)
	}
	_, err := ben.Send(t.Context(), room.ID, "番茄熟了", "unread")
	must(t, err)
	p.WaitRow("中文 mixed with English，没问题")
	waitRung(p, w.Rungs[:]...)
	seen(p, "conversation")
	tourTalk(t, p, w, owner, ben, seen)
	tourFiles(t, p, w, seen)
	if v.Mobile {
		p.Click("button", w.OpenRooms)
		p.Find("navigation", w.Rooms)
		p.Wait("the rooms to slide in", func() bool { return settled(p) })
		seen(p, "drawer")
		p.Press(chrome.Escape)
	}
	p.ClickMatch("button", membersIn(w, 3))
	p.Find("complementary", w.RoomDetails)
	seen(p, "members")
	p.ClickMatch("button", startsWith("陈小明"))
	p.Find("dialog", "陈小明")
	seen(p, "person")
	p.Click("button", w.Deactivate)
	p.Find("dialog", w.DeactivateTitle("陈小明"))
	seen(p, "question")
	p.Press(chrome.Escape)
	p.Gone("dialog", w.DeactivateTitle("陈小明"))
	p.Press(chrome.Escape)
	p.Gone("complementary", w.RoomDetails)
}

// tourTalk shows what can be said and done to messages.
func tourTalk(t *testing.T, p *chrome.Page, w *texts.Texts, owner, ben *parley.User, seen look) {
	t.Helper()
	send := func(u *parley.User, text string, to uint64) wire.Message {
		var m wire.Message
		must(t, u.Do(t.Context(), wire.CmdSend, wire.Send{Room: wire.Lobby, Text: text, Nonce: rand.Text(), ReplyTo: to}, &m))
		return m
	}
	code := send(ben, "**看这段代码**，@Ada：\n```\n1 + 1 = 2 // 你好\n```", 0)
	long := send(ben, strings.Repeat("一段很长的话。\n", 40), 0)
	mine := send(owner, "原来的话", code.Seq)
	must(t, owner.Do(t.Context(), wire.CmdEdit, wire.Edit{Room: wire.Lobby, Seq: mine.Seq, Text: "这样更好"}, nil))
	for i, u := range []*parley.User{ben, owner} {
		must(t, u.Do(t.Context(), wire.CmdReact, wire.React{Room: wire.Lobby, Seq: mine.Seq, Emoji: "🎉", On: true}, nil))
		must(t, u.Do(t.Context(), wire.CmdReact, wire.React{Room: wire.Lobby, Seq: code.Seq, Emoji: []string{"👍", "❤️"}[i], On: true}, nil))
	}
	must(t, ben.Do(t.Context(), wire.CmdDelete, wire.Delete{Room: wire.Lobby, Seq: long.Seq}, nil))
	send(ben, strings.Repeat("又一段很长的话。\n", 40), 0)
	p.WaitRow("这样更好")
	wantMark(p, "这样更好", `.reaction[aria-pressed="true"]`)
	p.Wait("a long message", func() bool { return chrome.Eval[bool](p, "!!document.querySelector('.unfold')") })
	act(p, "这样更好", w.Reply)
	seen(p, "reply")
	p.Press(chrome.Escape)
	open(p, "这样更好")
	seen(p, "actions")
	act(p, "这样更好", w.Rows.React)
	p.Find("dialog", w.Emoji)
	p.Wait("the emoji", func() bool {
		return chrome.Eval[bool](p, "document.querySelectorAll('.picker-grid button').length > 1000")
	})
	seen(p, "picker")
	p.Press(chrome.Escape)
	p.Gone("dialog", w.Emoji)
	act(p, "这样更好", w.DeleteMessage)
	p.Find("dialog", w.DeleteTitle)
	seen(p, "delete")
	p.Press(chrome.Escape)
	p.Gone("dialog", w.DeleteTitle)
	p.Click("button", w.Rows.Edited)
	p.Find("dialog", w.History)
	p.Wait("what it said", func() bool { return contains(p.Text(), "原来的话") })
	seen(p, "history")
	p.Press(chrome.Escape)
	p.Gone("dialog", w.History)
	p.Click("textbox", w.Message)
	p.Type(":hear")
	p.Wait("an offer", func() bool { return len(p.All("option", "")) > 0 })
	seen(p, "completion")
	p.Press(chrome.Escape)
	p.Fill("textbox", w.Message, "")
}

// tourFiles shows what is attached, before it is sent and after.
func tourFiles(t *testing.T, p *chrome.Page, w *texts.Texts, seen look) {
	t.Helper()
	p.Choose(attachInput, store(t, "花园 早上.jpg", jpegOf(t, 900, 600)), store(t, "高塔.png", pngOf(t, 300, 500)), store(t, "三个季节的种植计划，含每一块地的说明与备注.pdf", noise(34_000)))
	wantTray(p, "花园 早上.jpg", "高塔.png", "三个季节的种植计划，含每一块地的说明与备注.pdf")
	seen(p, "tray")
	say2(p, w, "今天早上的花园")
	p.WaitRow("今天早上的花园")
	waitPicture(p, "花园 早上.jpg")
	waitPicture(p, "高塔.png")
	p.Wait("the list to be at its end", func() bool {
		return chrome.Eval[bool](p, "(l => l.scrollHeight - l.scrollTop - l.clientHeight < 2)(document.querySelector('.timeline'))")
	})
	seen(p, "files")
	p.Click("link", "花园 早上.jpg")
	p.Find("dialog", "花园 早上.jpg")
	p.Wait("the picture", func() bool { return settled(p) })
	seen(p, "picture")
	p.Press(chrome.Escape)
	p.Gone("dialog", "花园 早上.jpg")
}

// tourDialogs opens every dialog.
func tourDialogs(p *chrome.Page, w *texts.Texts, seen look) {
	rooms := func() {
		if p.Has("button", w.OpenRooms) {
			p.Click("button", w.OpenRooms)
			p.Wait("the rooms to slide in", func() bool { return settled(p) })
		}
	}
	for _, d := range []struct {
		screen, button, title string
		inRooms               bool
	}{
		{"invite", w.Invite, w.Invite, false},
		{"new room", w.NewRoom, w.NewRoom, true},
		{"browse rooms", w.BrowseRooms, w.BrowseRooms, true},
		{"settings", w.Settings, w.Settings, true},
		{"new message", w.NewDirect, w.NewDirect, true},
		{"community", w.Community, w.Community, true},
		{"room settings", w.RoomSettings, w.Lobby, false},
		{"go to", w.Switch, w.Switch, true},
		{"sign out", w.SignOut, w.SignOutTitle, true},
	} {
		if d.inRooms {
			rooms()
		}
		p.Click("button", d.button)
		p.Find("dialog", d.title)
		p.Wait("nothing to be on its way", func() bool {
			return chrome.Eval[bool](p, "!document.querySelector('dialog [aria-busy=true]') && [...document.querySelectorAll('dialog input[readonly]')].every(i => i.value)")
		})
		seen(p, d.screen)
		tourTabs(p, d.screen, seen)
		p.Press(chrome.Escape)
		p.Gone("dialog", d.title)
	}
	rooms()
	p.Click("button", w.Settings)
	p.Click("button", w.Keys)
	p.Find("dialog", w.Keys)
	seen(p, "keys")
	p.Press(chrome.Escape)
	p.Gone("dialog", w.Keys)
	p.Click("button", w.Search)
	p.Find("complementary", w.Search)
	seen(p, "search")
	p.Fill("searchbox", w.SearchMessages, "番茄")
	p.Wait("what is found", func() bool { return len(results(p)) == 1 })
	seen(p, "found")
	p.Press(chrome.Escape)
	p.Gone("complementary", w.Search)
	rooms()
	p.ClickMatch("link", regexp.MustCompile("^花园"))
	p.Find("heading", "花园")
	p.ClickMatch("button", membersIn(w, 2))
	p.Click("button", w.AddPeople)
	p.Find("dialog", w.AddPeople)
	seen(p, "add people")
	p.Press(chrome.Escape)
	p.Gone("dialog", w.AddPeople)
	p.Press(chrome.Escape)
}

// tourTabs shows the further parts of the dialog that is open.
func tourTabs(p *chrome.Page, screen string, seen look) {
	tabs := p.All("tab", "")
	for _, tab := range tabs[min(1, len(tabs)):] {
		p.Click("tab", tab.Name)
		p.Wait("the part "+tab.Name, func() bool { // until then its dialog may change its height, and the tabs their places
			return chrome.Eval[string](p, `document.querySelector('dialog [role=tab][aria-selected=true]')?.textContent ?? ''`) == tab.Name
		})
		p.Wait("nothing to be on its way", func() bool { return chrome.Eval[bool](p, "!document.querySelector('dialog [aria-busy=true]')") })
		seen(p, screen+", "+tab.Name)
	}
}

func membersIn(w *texts.Texts, n int) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.QuoteMeta(w.MemberCount(texts.Plain(n))) + "$")
}

// say2 is say in any language.
func say2(p *chrome.Page, w *texts.Texts, text string) {
	p.Click("textbox", w.Message)
	p.Insert(text)
	p.Press(chrome.Enter)
}
