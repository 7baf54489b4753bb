package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestSigningInAndOut: a reload keeps one signed in, in every tab; signing out
// ends it in all of them, and a wrong password is told in words.
func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.Tolerate("401") // Chromium reports what a wrong password is answered with

	ada.Open(s.URL())
	signInAs(ada, "ada", "not the password") // as names are compared
	ada.Wait("words about the wrong password", func() bool {
		for _, n := range ada.All("alert", "") {
			if strings.TrimSpace(n.Text()) != "" {
				return true
			}
		}
		return false
	})
	signInAs(ada, "ada", parley.Password)
	ada.Find("log", "")
	say(ada, "signed in")
	ada.WaitRow("signed in")
	ada.Reload()
	ada.WaitRow("signed in")

	tab := ada.Tab("Ada's other tab")
	tab.Tolerate("401")
	tab.Open(s.URL())
	tab.WaitRow("signed in")
	say(tab, "from the other tab")
	ada.WaitRow("from the other tab")

	ada.Click("button", "Sign out")
	ada.Find("dialog", "Sign out?")
	all := ada.All("button", "Sign out")
	all[len(all)-1].Click()
	ada.Find("button", "Sign in")
	tab.Find("button", "Sign in")
	ada.Reload()
	ada.Find("button", "Sign in")
	if ada.Has("log", "") || strings.Contains(ada.Text(), "signed in") {
		t.Error("the conversation is still there after signing out")
	}
}

// TestSignInLeadsToTheMessage: whoever follows a link to a message and has to sign
// in first is led there, also by the form of the server's page.
func TestSignInLeadsToTheMessage(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	garden := owner.Room(t, "public", "Garden")
	_, err := owner.Send(t.Context(), garden.ID, "a rose", "rose")
	must(t, err)
	via := newSlow(t, s)
	ada := chrome.Start(t).Person("Ada")
	ada.Raw()
	link := via.URL() + "/rooms/" + garden.ID + "#m1"
	ada.Open(link)
	signInAs(ada, "Ada", parley.Password)
	ada.WaitRow("a rose")
	ada.Wait("the link's address", func() bool { return ada.URL() == link })
}

// TestGuest: somebody without a password enters by a link, sees the room of the
// invite, and cannot make rooms or invite others.
func TestGuest(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	garden := owner.Room(t, "public", "Garden")
	invite := owner.Invite(t, "guest", garden.ID)
	gus := chrome.Start(t).Person("Gus")
	gus.Tolerate("401")
	gus.Open(invite.URL)
	gus.Fill("textbox", "Name", "Gus")
	gus.Click("button", "Join")
	gus.Find("log", "")
	gus.Find("link", "Garden")
	gus.Find("link", "lobby")
	for _, name := range []string{"New room", "Browse rooms", "Invite"} {
		if gus.Has("button", name) {
			t.Errorf("a guest has the button %q", name)
		}
	}
	say(gus, "hello from a guest")
	gus.WaitRow("hello from a guest")
}

// TestDeadInvite: a link that does not work says so.
func TestDeadInvite(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	s.Setup("Ada")
	p := chrome.Start(t).Person("stranger")
	p.Tolerate("401", "404", "403", "400")
	p.Open(s.URL() + "/invite/no-such-code")
	p.Fill("textbox", "Name", "Stan")
	p.Fill("textbox", "Password", parley.Password)
	p.Click("button", "Join")
	p.Wait("words about the dead link", func() bool {
		for _, n := range p.All("alert", "") {
			if strings.TrimSpace(n.Text()) != "" {
				return true
			}
		}
		return false
	})
}
