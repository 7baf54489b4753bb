package e2e_test

import (
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestWayBackOnAPhone: the back button of a phone closes the rooms and the details,
// and leaves the page only when nothing lies above it. The browser of Android
// asks the newest CloseWatcher, as requestClose does.
func TestWayBackOnAPhone(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.Show(chrome.Phone)
	ada.BeforeLoad(`{
		const real = CloseWatcher;
		globalThis.watchers = [];
		globalThis.CloseWatcher = class extends real {
			constructor(...args) { super(...args); watchers.push(this); this.addEventListener('close', () => this.destroy()); }
			destroy() { super.destroy(); watchers = watchers.filter(w => w !== this); }
		};
	}`)
	visit(ada, owner, s.URL())
	back := func() {
		t.Helper()
		ada.Wait("something to close", func() bool { return chrome.Eval[int](ada, "watchers.length") == 1 })
		chrome.Eval[any](ada, "watchers.at(-1).requestClose(), 1")
	}
	ada.Click("button", "Show rooms")
	ada.Find("link", "lobby")
	back()
	ada.Gone("link", "lobby")
	ada.Wait("the focus to come back", func() bool { return ada.Focused().Name == "Show rooms" })
	ada.Click("button", "1 member")
	ada.Find("complementary", "Room details")
	back()
	ada.Gone("complementary", "Room details")

	ada.Click("button", "Show rooms")
	ada.Find("link", "lobby")
	ada.Press(chrome.Escape) // closes it only once
	ada.Gone("link", "lobby")
	ada.Wait("nothing to be left to close", func() bool { return chrome.Eval[int](ada, "watchers.length") == 0 })
}
