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

// stageToFind is a community in which something can be found.
func stageToFind(t *testing.T) (s *parley.Server, ada, ming *parley.User, garden wire.Room) {
	t.Helper()
	s = parley.Start(t, "--send-rate=100000", "--send-burst=100000")
	ada = s.Setup("Ada")
	ming = s.Member(ada, "陈小明")
	garden = ada.Room(t, wire.KindPublic, "garden")
	must(t, ming.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: garden.ID}, nil))
	must(t, send(t, ming, garden.ID, "我们在上海见面吧"))
	for i := range 600 {
		must(t, send(t, ada, garden.ID, fmt.Sprint("tomato number ", i)))
	}
	must(t, send(t, ming, wire.Lobby, "lunch with you, 在上海"))
	return s, ada, ming, garden
}

func send(t *testing.T, u *parley.User, room, text string) error {
	_, err := u.Send(t.Context(), room, text, text)
	return err
}

// found waits until something can be found.
func found(t *testing.T, p *chrome.Page, u *parley.User, query string) {
	t.Helper()
	p.Wait("the index", func() bool {
		var list wire.FoundList
		must(t, u.Get(t.Context(), "/search?q="+query, &list))
		return len(list.Messages) > 0
	})
}

// results are the texts of what was found, as they stand there.
func results(p *chrome.Page) []string {
	return chrome.Eval[[]string](p, `[...document.querySelectorAll('.result-text')].map(e => e.innerHTML.replace(/<\/?span>/g, ''))`)
}

// TestSearch finds messages in the panel, far back in another room, by filters,
// page after page, and while an input method is at work.
func TestSearch(t *testing.T) {
	t.Parallel()
	s, owner, _, garden := stageToFind(t)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	found(t, ada, owner, "599")
	ada.Click("button", "Search")
	ada.Wait("the focus in the box", func() bool { return ada.Focused().Name == "Search messages" })

	ada.Compose("見面")
	ada.Insert("见面")
	ada.Wait("the message", func() bool { r := results(ada); return len(r) == 1 && r[0] == "我们在上海<mark>见面</mark>吧" })
	ada.Press(chrome.Down)
	ada.Press(chrome.Enter)
	ada.Wait("the message in its room", func() bool {
		return strings.HasSuffix(ada.URL(), garden.ID) && inSight(ada, "我们在上海见面吧") && chrome.Eval[bool](ada, "!!document.querySelector('.row.sought')")
	})
	ada.Keep("search")
	ada.Click("button", "Back to where you were")
	ada.Wait("the lobby", func() bool { return !strings.HasSuffix(ada.URL(), garden.ID) })

	ada.Fill("searchbox", "Search messages", "tomato")
	ada.Wait("a page of them", func() bool { return len(results(ada)) == 50 })
	chrome.Eval[bool](ada, "document.querySelector('.results').scrollTop = 1e6, true")
	ada.Wait("the next page", func() bool { return len(results(ada)) == 100 })

	ada.Fill("searchbox", "Search messages", "上海 ")
	ada.Wait("both", func() bool { return len(results(ada)) == 2 })
	ada.Click("button", "In room")
	ada.Insert("gard")
	ada.Press(chrome.Enter)
	ada.Wait("that of the garden", func() bool { return len(results(ada)) == 1 })
	if got := chrome.Eval[string](ada, "document.getElementById('search-box').value"); got != "上海 in:garden " {
		t.Errorf("the box says %q", got)
	}

	ada.Fill("searchbox", "Search messages", "nobody said this")
	ada.Wait("words about nothing", func() bool { return contains(ada.Text(), "Nothing found.") })
	ada.Tolerate("400")
	ada.Fill("searchbox", "Search messages", "before:tomorrow")
	ada.Find("button", "Try again")
	ada.Press(chrome.Escape)
	ada.Gone("complementary", "Search")
}

// TestSwitcher goes to rooms, people and messages from one box.
func TestSwitcher(t *testing.T) {
	t.Parallel()
	s, owner, ming, garden := stageToFind(t)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	open := func(text string) {
		t.Helper()
		ada.Press(chrome.Letter('k'), chrome.Ctrl)
		ada.Find("dialog", "Go to")
		ada.Wait("the focus in the box", func() bool { return ada.Focused().Role == "combobox" })
		ada.Insert(text)
	}
	selected := func(label string) {
		t.Helper()
		ada.Wait(label+" to be the first", func() bool {
			return strings.Contains(chrome.Eval[string](ada, `document.querySelector('.switch-option[aria-selected=true]')?.textContent ?? ''`), label)
		})
	}
	open("gdn")
	selected("garden")
	ada.Keep("switcher")
	ada.Press(chrome.Enter)
	ada.Wait("the garden", func() bool { return strings.HasSuffix(ada.URL(), garden.ID) })

	open("")
	ada.Compose("xm") // on the way to something: nothing is taken
	ada.ComposeKey(chrome.Enter, 229)
	ada.Find("dialog", "Go to")
	ada.Compose("")
	ada.Insert("chenxm")
	selected("陈小明")
	ada.Press(chrome.Enter)
	ada.Wait("the direct room", func() bool { return ada.Has("heading", "陈小明") })
	must(t, ming.Get(t.Context(), "/sync", &wire.Sync{}))

	found(t, ada, owner, "599")
	open("見面")
	ada.Wait("the message", func() bool { return contains(ada.Text(), "我们在上海") })
	selected("我们在上海见面吧")
	ada.Press(chrome.Enter)
	ada.Wait("the message in its room", func() bool {
		return strings.HasSuffix(ada.URL(), garden.ID) && inSight(ada, "我们在上海见面吧")
	})
}

// TestShortcuts: keys do what the help says, and nothing while one writes.
func TestShortcuts(t *testing.T) {
	t.Parallel()
	s, owner, ming, garden := stageToFind(t)
	other := owner.Room(t, wire.KindPublic, "aside")
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	at := func(id string) {
		t.Helper()
		ada.Wait("the room "+id, func() bool { return strings.HasSuffix(ada.URL(), id) })
	}
	ada.Click("textbox", "Message")
	ada.Type("?/")
	if ada.Has("dialog", "") || ada.Has("complementary", "Search") {
		t.Error("what is written opens something")
	}
	must(t, send(t, ming, garden.ID, "unread"))
	ada.Match("link", regexp.MustCompile(`garden.*unread`))
	ada.Press(chrome.Down, chrome.Alt)
	at(other.ID)
	ada.Press(chrome.Up, chrome.Alt)
	at(wire.Lobby)
	ada.Press(chrome.Down, chrome.Alt, chrome.Shift)
	at(garden.ID)

	chrome.Eval[bool](ada, "document.activeElement.blur(), true")
	ada.Press(chrome.Sign("?", 191), chrome.Shift)
	ada.Find("dialog", "Keyboard shortcuts")
	ada.Keep("keys")
	ada.Press(chrome.Escape)
	ada.Gone("dialog", "Keyboard shortcuts")
	chrome.Eval[bool](ada, "document.activeElement.blur(), true")
	ada.Press(chrome.Sign("/", 191))
	ada.Wait("the focus in the box", func() bool { return ada.Focused().Name == "Search messages" })
	if got := chrome.Eval[string](ada, "document.getElementById('search-box').value"); got != "" {
		t.Errorf("the box says %q", got)
	}
}

// TestDraftInTabs: two tabs of one browser agree on what is being written, and it
// is there after a reload.
func TestDraftInTabs(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	one := chrome.Start(t).Person("one")
	visit(one, owner, s.URL())
	two := one.Tab("two")
	two.Open(s.URL())
	two.Find("textbox", "Message")
	draft := func(p *chrome.Page) string { return chrome.Eval[string](p, "document.querySelector('textarea').value") }
	chrome.Eval[bool](two, "document.activeElement.blur(), true")
	one.Click("textbox", "Message")
	one.Insert("half a sen")
	two.Wait("the draft", func() bool { return draft(two) == "half a sen" })
	two.Reload()
	two.Find("textbox", "Message")
	two.Wait("the draft again", func() bool { return draft(two) == "half a sen" })
	chrome.Eval[bool](two, "document.activeElement.blur(), true")
	one.Insert("tence")
	one.Press(chrome.Enter)
	one.WaitRow("half a sentence")
	two.Wait("no draft", func() bool { return draft(two) == "" })
}
