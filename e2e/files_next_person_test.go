package e2e_test

import (
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestFilesAndTheNextPerson: whoever signs in next in the same browser sees no file
// of the one before, not what the browser has kept of those, nor what was attached
// or on its way; that is sent when its sender is back.
func TestFilesAndTheNextPerson(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	member := s.Member(owner, "Ben")
	den := owner.Room(t, wire.KindPrivate, "Den")
	proxy := through(t, s)
	page := chrome.Start(t).Person("Ada")
	page.TolerateNetwork()
	visitRoom(page, owner, proxy.URL(), den.ID)
	page.Choose(attachInput, store(t, "seen.png", pngOf(t, 120, 80)))
	wantTray(page, "seen.png")
	say(page, "This is there")
	page.WaitRow("This is there")
	path := historyOf(t, t.Context(), owner, den.ID)[0].Files[0].Path()
	status := func() int {
		return chrome.Eval[int](page, "fetch("+quote(path)+").then(r => r.arrayBuffer().then(() => r.status))")
	}
	for range 2 { // the second time from what the browser has kept
		if status() != 200 {
			t.Fatal("Ada does not get her own file")
		}
	}

	let := make(chan struct{})
	proxy.Set(held("/api/v1/files/", let))
	page.Choose(attachInput, store(t, "waits.png", pngOf(t, 90, 60)))
	wantTray(page, "waits.png")
	say(page, "This waits")
	page.Wait("it to be on its way", func() bool { return chrome.Eval[bool](page, "!!document.querySelector('.files-progress')") })
	page.Choose(attachInput, store(t, "attached.png", pngOf(t, 60, 60)))
	wantTray(page, "attached.png")
	page.Click("button", "Sign out")
	page.Find("dialog", "Sign out?")
	all := page.All("button", "Sign out")
	all[len(all)-1].Click()
	page.Find("textbox", "Name")
	if got := status(); got != 401 {
		t.Errorf("signed out, the file is answered with %d", got)
	}

	visit(page, member, proxy.URL())
	if got := status(); got != 404 {
		t.Errorf("to the next person the file is answered with %d", got)
	}
	if text := page.Text(); len(tray(page)) != 0 || contains(text, "waits") || contains(text, "Den") || contains(text, "attached.png") {
		t.Errorf("the next person sees %q", text)
	}

	close(let)
	proxy.Set()
	visit(page, s.SignIn("Ada"), proxy.URL())
	page.Wait("what waited to be sent", func() bool { return len(historyOf(t, t.Context(), s.SignIn("Ada"), den.ID)) == 2 })
	if m := historyOf(t, t.Context(), s.SignIn("Ada"), den.ID)[1]; m.Text != "This waits" || len(m.Files) != 1 || m.Files[0].Name != "waits.png" {
		t.Errorf("%+v", m)
	}
}
