package e2e_test

import (
	"regexp"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestInstalledApp is the app in a window of its own: it goes where the icon's
// shortcuts say, in the window that is there and without loading anew, and shows
// on its icon how much is unread.
func TestInstalledApp(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	garden := owner.Room(t, wire.KindPublic, "garden")
	id := s.URL() + "/"
	tab := chrome.Start(t).Profile("tab")
	visit(tab, owner, s.URL())
	tab.Find("button", "Install app")
	tab.Install(id)

	app := tab.LaunchWindow(id, "app")
	app.Find("log", "")
	if !chrome.Eval[bool](app, "matchMedia('(display-mode: standalone), (display-mode: window-controls-overlay)').matches") {
		t.Error("the app has no window of its own")
	}
	if app.Has("button", "Install app") {
		t.Error("what is installed offers to be installed")
	}

	chrome.Eval[bool](app, "window.mark = true")
	windows := len(tab.Windows())
	for _, room := range []string{garden.ID, wire.Lobby} {
		tab.Launch(id, s.URL()+"/rooms/"+room)
		app.Wait("the shortcut's room", func() bool { return app.URL() == s.URL()+"/rooms/"+room })
	}
	tab.Launch(id, "")
	_, err := ben.Send(t.Context(), wire.Lobby, "hello", "1")
	must(t, err)
	app.WaitRow("hello")
	if app.URL() != s.URL()+"/rooms/"+wire.Lobby || !chrome.Eval[bool](app, "!!window.mark") || len(tab.Windows()) != windows {
		t.Errorf("the icon led to %s, in %d windows instead of %d", app.URL(), len(tab.Windows()), windows)
	}

	tab.Close() // else it, too, says on the icon what it knows
	must(t, ben.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: garden.ID}, nil))
	_, err = ben.Send(t.Context(), garden.ID, "by the way", "remark")
	must(t, err)
	wantIcon(app, "/favicon-unread.svg") // a remark is a dot, and no number
	for i, text := range []string{"@Ada one", "@Ada two"} {
		_, err := ben.Send(t.Context(), garden.ID, text, "garden "+text)
		must(t, err)
		app.Wait("the number on the icon", func() bool { return app.Badge(id) == int64(i+1) })
	}
	wantIcon(app, "/favicon-unread.svg")
	app.ClickMatch("link", regexp.MustCompile("garden"))
	app.Wait("no number on the icon", func() bool { return app.Badge(id) == 0 })
	wantIcon(app, "/favicon.svg")
}

func wantIcon(p *chrome.Page, path string) {
	p.Wait("the tab's icon "+path, func() bool {
		return chrome.Eval[string](p, "document.querySelector('link[rel=icon]').getAttribute('href')") == path
	})
}

// TestInstallByHand: where the app cannot ask the browser, it says what to do.
func TestInstallByHand(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	ada := chrome.Start(t).Person("Ada")
	ada.Agent("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1")
	visit(ada, s.Setup("Ada"), s.URL())
	ada.Click("button", "Install app")
	ada.Find("dialog", "Install app")
	ada.Wait("the words for this browser", func() bool { return contains(ada.Text(), "Add to Home Screen") })
	ada.Press(chrome.Escape)
	ada.Gone("dialog", "Install app")
	ada.Find("button", "Turn on notifications") // an offer of its own, above this one
	ada.Click("button", "Not now")
	ada.Gone("button", "Turn on notifications")
	ada.Click("button", "Not now")
	ada.Gone("button", "Install app")
	ada.Reload()
	ada.Find("log", "")
	ada.Gone("button", "Install app")
}
