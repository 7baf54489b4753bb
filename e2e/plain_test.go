package e2e_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestWithoutScripts: a browser that runs no scripts sets a community up, invites
// by a link, signs up, reads, sends, reloads and signs out.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	browser := chrome.Start(t)
	ada := browser.Person("Ada")
	ada.Scripts(false)
	ada.Tolerate("401") // Chromium reports what a wrong password is answered with
	ada.Open(s.URL())

	ada.Fill("textbox", "Name", "Ada")
	ada.Fill("textbox", "Password", "short")
	ada.Fill("textbox", "Community", "Society")
	ada.Click("button", "Create community")
	wantAlert(ada, "8 characters")
	if got := ada.Find("textbox", "Name").Value + ada.Find("textbox", "Community").Value; got != "AdaSociety" {
		t.Errorf("of what was typed %q is left", got)
	}
	ada.Fill("textbox", "Password", parley.Password)
	ada.Click("button", "Create community")
	ada.Find("heading", "lobby")

	write := func(p *chrome.Page, text string) {
		p.Click("textbox", "Message")
		p.Insert(text)
		p.Click("button", "Send")
		p.WaitRow(text)
	}
	write(ada, "first\nsecond line")
	wantDayAbove(t, ada)
	wantNone(t, ada, "without scripts", inert)
	ada.Keep("plain-chat-desktop")
	if got := ada.Find("textbox", "Message").Value; got != "" {
		t.Errorf("after sending the composer holds %q", got)
	}
	ada.Click("button", "Sign out")
	ada.Fill("textbox", "Name", "Ada")
	ada.Fill("textbox", "Password", "not this one")
	ada.Click("button", "Sign in")
	wantAlert(ada, "password")
	ada.Keep("plain-sign-in-refused")
	ada.Fill("textbox", "Password", parley.Password)
	ada.Click("button", "Sign in")
	ada.WaitRow("first\nsecond line")

	owner := s.SignIn("Ada")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	ben := browser.Person("Ben")
	ben.Scripts(false)
	ben.Open(owner.Invite(t, wire.RoleGuest, garden.ID).URL)
	if ben.Has("textbox", "Password") {
		t.Error("a guest is asked for a password")
	}
	ben.Fill("textbox", "Name", "Ben")
	ben.Click("button", "Join")
	ben.Find("heading", "lobby")
	ben.WaitRow("first\nsecond line")
	ben.ClickMatch("link", regexp.MustCompile("Garden"))
	ben.Find("heading", "Garden")
	write(ben, "in the garden <b>&amp;</b>")

	ada.Click("link", "Reload")
	ada.ClickMatch("link", regexp.MustCompile("Garden"))
	ada.WaitRow("in the garden <b>&amp;</b>")
	ada.Click("button", "Mark as read")
	ada.Gone("button", "Mark as read")
}

// wantDayAbove wants the day to stand above its first message, as wide as that.
func wantDayAbove(t *testing.T, p *chrome.Page) {
	t.Helper()
	at := chrome.Eval[[]float64](p, `['.day', '.day ~ .line', '.timeline-inner'].map(s => document.querySelector(s).getBoundingClientRect())
		.flatMap(r => [r.top, r.bottom, r.width])`)
	if at[1] > at[3] || at[2] < at[8] || at[5] < at[8] {
		t.Errorf("top, bottom and width of the day, its first row and the list: %v", at)
	}
}

// TestOlderWithoutScripts: the newest messages are in sight, the oldest can be
// reached.
func TestOlderWithoutScripts(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-burst=1000", "--send-rate=1000")
	owner := s.Setup("Ada")
	for i := range 120 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("line ", i+1), fmt.Sprint(i))
		must(t, err)
	}
	ada := chrome.Start(t).Person("Ada")
	ada.Scripts(false)
	visit(ada, owner, s.URL())
	ada.Wait("the newest in sight", func() bool { return inSight(ada, "line 120") })
	for _, first := range []int{21, 1} {
		ada.Click("link", "Older messages")
		ada.WaitRow(fmt.Sprint("line ", first))
	}
	if ada.Has("link", "Older messages") {
		t.Error("there is more before the first message")
	}
	ada.Click("link", "Newest messages")
	ada.WaitRow("line 120")
}

// TestDrawerWithoutScripts: on a phone the rooms slide in and out.
func TestDrawerWithoutScripts(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	owner.Room(t, wire.KindPublic, "Garden")
	ada := chrome.Start(t).Person("Ada")
	ada.Scripts(false)
	ada.Show(chrome.Phone)
	visit(ada, owner, s.URL())
	wantFits(t, ada, chrome.Phone)
	ada.Keep("plain-chat-phone")
	if ada.Has("link", "Garden") {
		t.Error("the drawer is open at first")
	}
	ada.Click("link", "Show rooms")
	ada.Find("link", "Garden")
	ada.Wait("the rooms to slide in", func() bool { return settled(ada) })
	ada.Keep("plain-rooms-phone")
	ada.Click("link", "Close")
	ada.Gone("link", "Garden")
	ada.Click("link", "Show rooms")
	ada.Click("link", "Garden")
	ada.Find("heading", "Garden")
}

// wantAlert waits for an alert that says something.
func wantAlert(p *chrome.Page, words string) {
	p.Wait("an alert about "+words, func() bool {
		for _, n := range p.All("alert", "") {
			if strings.Contains(n.Text(), words) {
				return true
			}
		}
		return false
	})
}

// TestRoomNotFound: a room one is not in is a page with a way back.
func TestRoomNotFound(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	for _, scripts := range []bool{false, true} {
		ada := chrome.Start(t).Person("Ada")
		ada.Tolerate("404")
		ada.Scripts(scripts)
		visit(ada, owner, s.URL())
		ada.Open(s.URL() + "/rooms/nowhere")
		ada.Click("link", "Back to the lobby")
		ada.Find("heading", "lobby")
	}
}

// TestSessionEndsInMidSentence: whoever is signed out while writing finds the text
// again after signing in, with a wrong password in between, in the same room.
func TestSessionEndsInMidSentence(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	ada := chrome.Start(t).Person("Ada")
	ada.Scripts(false)
	ada.Tolerate("401")
	visitRoom(ada, owner, s.URL(), garden.ID)
	const text = "half an hour's work,\n\n  and \"more\" <b>"
	ada.Click("textbox", "Message")
	ada.Insert(text)
	must(t, owner.Do(t.Context(), "logout", struct{}{}, nil))
	ada.Click("button", "Send")
	wantAlert(ada, "What you wrote is kept.")
	ada.Keep("plain-signed-out")
	ada.Fill("textbox", "Name", "Ada")
	ada.Fill("textbox", "Password", "not this one")
	ada.Click("button", "Sign in")
	wantAlert(ada, "password")
	ada.Fill("textbox", "Password", parley.Password)
	ada.Click("button", "Sign in")
	ada.Find("heading", "Garden")
	if got := ada.Find("textbox", "Message").Value; got != text {
		t.Errorf("of what was written %q is left", got)
	}
	ada.Keep("plain-signed-in-again")
	ada.Click("button", "Send")
	ada.WaitRow(text)

	again := s.SignIn("Ada")
	ada.Click("textbox", "Message")
	ada.Insert("too late")
	must(t, again.Do(t.Context(), wire.CmdUpdateRoom, wire.UpdateRoom{Room: garden.ID, Archived: new(true)}, nil))
	ada.Tolerate("409")
	ada.Click("button", "Send")
	wantAlert(ada, "archived")
	if got := ada.Find("textbox", "This was not sent:").Value; got != "too late" {
		t.Errorf("of what was refused %q is left", got)
	}
	ada.Keep("plain-archived")
}

// TestWithoutWebAssembly: a browser that runs scripts, but no WebAssembly, keeps the
// server's page: Enter sends, and nothing is offered that takes the app.
func TestWithoutWebAssembly(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.BeforeLoad("delete globalThis.WebAssembly;")
	ada.Raw()
	ada.Open(s.URL())
	ada.Fill("textbox", "Name", "Ada")
	ada.Fill("textbox", "Password", parley.Password)
	ada.Click("button", "Sign in")
	ada.Find("heading", "lobby")
	ada.Click("textbox", "Message")
	ada.Insert("one")
	ada.Press(chrome.Enter)
	ada.WaitRow("one")
	ada.Click("textbox", "Message")
	ada.Insert("two")
	ada.Press(chrome.Enter, chrome.Shift)
	ada.Insert("lines")
	ada.Click("button", "Send")
	ada.WaitRow("two\nlines")
	wantNone(t, ada, "without WebAssembly", inert)
	ada.Click("link", "Reload")
	ada.WaitRow("two\nlines")
}

// inert are the buttons in sight that only the app could answer.
const inert = `[...document.querySelectorAll('#page button[type=button]')]
	.filter(b => b.checkVisibility({visibilityProperty: true})).map(b => 'does nothing: ' + b.ariaLabel)`
