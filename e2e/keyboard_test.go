package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// tabTo presses Tab until something with this role and a name that begins so has
// the focus. Whatever is passed must show that it has it.
func tabTo(t *testing.T, p *chrome.Page, role, name string) {
	t.Helper()
	var passed []string
	for range 60 {
		p.Press(chrome.TabKey)
		at := p.Focused()
		if at.Role == "" || at.Role == "RootWebArea" {
			continue // around the end, through the browser's own buttons
		}
		passed = append(passed, at.Role+" "+at.Name)
		if !chrome.Eval[bool](p, `(() => {
			const e = document.activeElement, shows = (e) => e && (getComputedStyle(e).outlineStyle !== 'none' || getComputedStyle(e).boxShadow !== 'none');
			return shows(e) || shows(e.parentElement) || e.matches(':not(:focus-visible)');
		})()`) {
			t.Errorf("nobody sees that %s %q has the focus", at.Role, at.Name)
		}
		if at.Role == role && strings.HasPrefix(at.Name, name) {
			return
		}
	}
	t.Fatalf("Tab does not lead to %s %q, only to %q", role, name, passed)
}

// TestKeyboardOnly sets a community up, talks, and goes through rooms and
// dialogs without a mouse. Where a dialog was opened from, there the focus is
// when it has closed.
func TestKeyboardOnly(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	p := chrome.Start(t).Person("Ada")
	p.Tolerate("401")
	p.Open(s.URL())
	p.Find("button", "Create community")
	p.Wait("the focus in the form", func() bool { return p.Focused().Name == "Name" })
	p.Type("Ada")
	p.Press(chrome.TabKey)
	p.Type(parley.Password)
	tabTo(t, p, "button", "Create community")
	p.Press(chrome.Enter)
	p.Find("log", "")
	p.Wait("the focus in the composer", func() bool { return p.Focused().Name == "Message" })
	p.Type("by keys alone")
	p.Press(chrome.Enter)
	p.WaitRow("by keys alone")

	for _, d := range []struct{ button, title string }{
		{"Invite", "Invite"}, {"New room", "New room"}, {"Browse rooms", "Browse rooms"}, {"Settings", "Settings"}, {"Sign out", "Sign out?"},
	} {
		tabTo(t, p, "button", d.button)
		p.Press(chrome.Enter)
		p.Find("dialog", d.title)
		for range 12 { // the focus stays inside
			p.Press(chrome.TabKey)
			if !chrome.Eval[bool](p, "document.activeElement === document.body || !!document.activeElement.closest('dialog')") {
				t.Errorf("Tab leads out of %s to %q", d.title, p.Focused().Name)
			}
		}
		p.Press(chrome.Escape)
		p.Gone("dialog", d.title)
		p.Wait("the focus to come back to "+d.button, func() bool { return p.Focused().Name == d.button })
	}

	tabTo(t, p, "button", "New room")
	p.Press(chrome.Enter)
	p.Wait("the focus in the name", func() bool { return p.Focused().Name == "Room name" })
	p.Type("Garden")
	p.Press(chrome.Enter)
	p.Find("heading", "Garden")
	tabTo(t, p, "link", "lobby")
	p.Press(chrome.Enter)
	p.Find("heading", "lobby")

	tabTo(t, p, "button", "1 member")
	p.Press(chrome.Space)
	p.Find("complementary", "Room details")
	tabTo(t, p, "button", "Close")
	p.Press(chrome.Enter)
	p.Gone("complementary", "Room details")
	p.Wait("the focus to come back to the members", func() bool { return p.Focused().Name == "1 member" })

	tabTo(t, p, "link", "Skip to writing a message")
	p.Press(chrome.Enter)
	p.Wait("the focus in the composer", func() bool { return p.Focused().Name == "Message" })
	if url := p.URL(); strings.Contains(url, "#") {
		t.Errorf("skipping has changed the address to %s", url)
	}
}

// TestDrawerByKeyboard: in one column the rooms lie above the conversation. The
// keyboard stays with them, and finds its way back.
func TestDrawerByKeyboard(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	owner.Room(t, wire.KindPublic, "Garden")
	p := chrome.Start(t).Person("Ada")
	p.Show(chrome.View{Width: 640, Height: 400, Scale: 2})
	visit(p, owner, s.URL())
	open := func() {
		t.Helper()
		tabTo(t, p, "button", "Show rooms")
		p.Press(chrome.Enter)
		p.Wait("the focus in the rooms", func() bool { return p.Focused().Role == "link" })
	}
	open()
	for range 12 {
		p.Press(chrome.TabKey)
		if at := p.Focused(); at.Name == "Message" || at.Role == "log" {
			t.Fatalf("Tab leads behind the drawer, to %s %q", at.Role, at.Name)
		}
	}
	p.Press(chrome.Escape)
	p.Wait("the focus to come back", func() bool { return p.Focused().Name == "Show rooms" })

	open()
	tabTo(t, p, "link", "Garden")
	p.Press(chrome.Enter)
	p.Find("heading", "Garden")
	p.Wait("the focus out of the drawer", func() bool {
		return slices.Contains([]string{"Show rooms", "Messages", "Message"}, p.Focused().Name)
	})

	open()
	tabTo(t, p, "button", "Settings")
	p.Press(chrome.Enter)
	p.Find("dialog", "Settings")
	p.Press(chrome.Escape)
	p.Gone("dialog", "Settings")
	p.Wait("the focus to come back", func() bool { return p.Focused().Name == "Show rooms" })

	tabTo(t, p, "button", "1 member")
	p.Press(chrome.Enter)
	p.Wait("the focus in the details", func() bool { return p.Focused().Name == "Close" })
	p.Press(chrome.Escape)
	p.Wait("the focus to come back", func() bool { return p.Focused().Name == "1 member" })
}
