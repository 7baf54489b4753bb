package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestAccessibleNames holds the page to the names of the design, which tests
// and screen readers use.
func TestAccessibleNames(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	ada := chrome.Start(t).Person("Ada")
	ada.Tolerate("401")
	wantNames := func(screen string, names ...[2]string) {
		t.Helper()
		for _, n := range names {
			if !ada.WaitFor(chrome.Patience, func() bool { return ada.Has(n[0], n[1]) }) {
				t.Errorf("%s has no %s %q", screen, n[0], n[1])
			}
		}
		for _, role := range []string{"button", "textbox", "link", "checkbox", "radio", "dialog", "navigation", "image"} {
			for _, n := range ada.All(role, "") {
				if strings.TrimSpace(n.Name) == "" {
					t.Errorf("%s has a %s without a name", screen, role)
				}
			}
		}
		if got := chrome.Eval[string](ada, "document.documentElement.lang"); got != "en" {
			t.Errorf("%s is in the language %q", screen, got)
		}
		if chrome.Eval[string](ada, "document.title") == "" {
			t.Errorf("%s has no title", screen)
		}
	}
	ada.Open(s.URL())
	wantNames("setting up", [2]string{"textbox", "Name"}, [2]string{"textbox", "Password"}, [2]string{"button", "Create community"})
	owner := s.Setup("Ada")
	ada.Reload()
	wantNames("signing in", [2]string{"textbox", "Name"}, [2]string{"textbox", "Password"}, [2]string{"button", "Sign in"})
	visit(ada, owner, s.URL())
	say(ada, "hello")
	ada.WaitRow("hello")
	wantNames("the chat", [2]string{"navigation", "Rooms"}, [2]string{"log", "Messages"}, [2]string{"textbox", "Message"},
		[2]string{"button", "Send"}, [2]string{"button", "Invite"}, [2]string{"main", ""}, [2]string{"status", ""})
	waitRung(ada, "WebSocket")
	for _, dialog := range [][2]string{{"Invite", "Invite"}, {"New room", "New room"}, {"Browse rooms", "Browse rooms"}, {"Sign out", "Sign out?"}} {
		ada.Click("button", dialog[0])
		wantNames("the dialog "+dialog[0], [2]string{"dialog", dialog[1]}, [2]string{"button", "Close"})
		ada.Press(chrome.Escape)
		ada.Gone("dialog", dialog[1])
	}
}

// TestKeyboardAlone: Tab reaches what a mouse reaches, the focus can be seen,
// and a dialog gives it back.
func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Setup("Ada"), s.URL())
	reached := map[string]bool{}
	for range 40 {
		ada.Press(chrome.TabKey)
		if name := focused(ada); name != "" {
			reached[name] = true
			if !chrome.Eval[bool](ada, focusVisible) {
				t.Errorf("the focus cannot be seen on %q", name)
			}
		}
	}
	for _, want := range []string{"Message", "Send", "Invite", "New room", "Browse rooms", "Sign out", "lobby"} {
		if !reached[want] {
			t.Errorf("Tab does not reach %q, only %v", want, reached)
		}
	}
	for range 40 {
		if focused(ada) == "Invite" {
			break
		}
		ada.Press(chrome.TabKey)
	}
	ada.Press(chrome.Enter)
	ada.Find("dialog", "Invite")
	ada.Press(chrome.Escape)
	ada.Gone("dialog", "Invite")
	ada.Wait("the focus to come back to Invite", func() bool { return focused(ada) == "Invite" })
}

func focused(p *chrome.Page) string {
	return strings.TrimSpace(chrome.Eval[string](p, `(() => { const e = document.activeElement;
		return !e || e === document.body ? '' : e.getAttribute('aria-label') || e.innerText || e.name || e.tagName })()`))
}

// focusVisible tells whether the focused element, or one around it, is drawn in
// another way than without the focus.
const focusVisible = `(() => {
	const e = document.activeElement;
	const look = n => { const s = getComputedStyle(n); return s.outlineStyle + s.outlineWidth + s.outlineColor + s.boxShadow + s.borderColor + s.backgroundColor };
	const around = []; for (let n = e; n && around.length < 4; n = n.parentElement) around.push(n);
	const on = around.map(look);
	e.blur();
	const off = around.map(look);
	e.focus({focusVisible: true, preventScroll: true});
	return on.some((s, i) => s !== off[i]);
})()`
