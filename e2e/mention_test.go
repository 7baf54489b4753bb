package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/axe"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// offered are the options of the list above the composer, the chosen one in
// brackets.
func offered(p *chrome.Page) string {
	return chrome.Eval[string](p, `[...document.querySelectorAll('#complete [role=option]')].map(o => {
		const label = o.querySelector('.complete-label').textContent;
		return o.getAttribute('aria-selected') === 'true' ? '[' + label + ']' : label;
	}).join(' ')`)
}

// TestMentionCompletion: an @ offers the members of the room, by their names, and
// Chinese ones by their pinyin and its initials, also on a rung of polls.
func TestMentionCompletion(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ming := s.Member(owner, "陈小明")
	s.Member(owner, "Charles Babbage")
	ada := chrome.Start(t).Person("Ada")
	ada.BeforeLoad(`try { sessionStorage.setItem('parley:pref/rung', '3') } catch {}`)
	visit(ada, owner, s.URL())
	waitRung(ada, "Short poll")
	composer := func() string { return ada.Find("textbox", "Message").Value }
	for typed, want := range map[string]string{
		"@": "[Charles Babbage] 陈小明 room", "@chen": "[陈小明]", "@cxm": "[陈小明]", "@chenxm": "[陈小明]",
		"hi @Bab": "[Charles Babbage]", "me@exam": "", "@nobody": "", "@小": "[陈小明]",
	} {
		ada.Fill("textbox", "Message", typed)
		ada.Wait("the offer for "+typed, func() bool { return offered(ada) == want })
	}

	// What an input method is composing is not completed, and its Enter is its own.
	ada.Fill("textbox", "Message", "@")
	ada.Compose("xiao")
	ada.Wait("no offer while composing", func() bool { return offered(ada) == "" })
	ada.Insert("小")
	ada.Wait("the offer after it", func() bool { return offered(ada) == "[陈小明]" })
	ada.Press(chrome.Escape)
	ada.Wait("no offer", func() bool { return offered(ada) == "" })

	ada.Fill("textbox", "Message", "@")
	ada.Wait("everybody", func() bool { return offered(ada) == "[Charles Babbage] 陈小明 room" })
	ada.Press(chrome.Down)
	ada.Wait("the next", func() bool { return offered(ada) == "Charles Babbage [陈小明] room" })
	if id := chrome.Eval[string](ada, "document.activeElement.getAttribute('aria-activedescendant')"); id != "complete-1" {
		t.Errorf("screen readers are told of %q", id)
	}
	axe.Check(t, ada, "mentions")
	ada.Keep("mentions-desktop-light")
	ada.Press(chrome.Enter)
	ada.Wait("the name", func() bool { return composer() == "@陈小明 " })
	ada.Type("hello")
	ada.Press(chrome.Enter)
	ada.WaitRow("@陈小明 hello")
	var sync wire.Sync
	must(t, ming.Get(t.Context(), "/sync", &sync))
	if len(sync.Mentions[wire.Lobby]) != 1 {
		t.Errorf("who was called has %v", sync.Mentions)
	}
}

// TestSlashCommands: each does what it says; one that there is not is refused,
// and two strokes send it.
func TestSlashCommands(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	ada := chrome.Start(t).Person("Ada")
	visitRoom(ada, owner, s.URL(), garden.ID)
	waitRung(ada, "WebSocket")
	composer := func() string { return ada.Find("textbox", "Message").Value }
	enter := func(text string) {
		ada.Fill("textbox", "Message", text)
		ada.Press(chrome.Enter)
	}
	ada.Fill("textbox", "Message", "/")
	ada.Wait("all commands", func() bool { return strings.Count(offered(ada), "/") == 6 })
	ada.Keep("slash-desktop-light")
	ada.Fill("textbox", "Message", "/to")
	ada.Wait("one", func() bool { return offered(ada) == "[/topic …]" })
	ada.Press(chrome.TabKey)
	ada.Wait("the command", func() bool { return composer() == "/topic " })
	ada.Type("Roses & tulips")
	ada.Press(chrome.Enter)
	ada.Wait("the topic", func() bool { return strings.Contains(ada.Text(), "Roses & tulips") && composer() == "" })

	enter("/dance")
	ada.Wait("a hint", func() bool { return strings.Contains(ada.Text(), "There is no command /dance") })
	if composer() != "/dance" || len(ada.Rows()) != 0 {
		t.Errorf("what was refused has gone: %q, %q", composer(), ada.Texts())
	}
	enter("//dance")
	ada.WaitRow("/dance")
	enter("/me waves <b>")
	ada.WaitRow("Ada waves <b>")
	enter("/invite @Nobody")
	ada.Wait("no such person", func() bool { return strings.Contains(ada.Text(), "Nobody here is called Nobody") })

	ada.Fill("textbox", "Message", "/invite @")
	ada.Wait("who is not here", func() bool { return offered(ada) == "[Ben]" })
	ada.Press(chrome.Enter)
	ada.Press(chrome.Enter)
	ada.Wait("Ben to be in", func() bool {
		var sync wire.Sync
		must(t, ben.Get(t.Context(), "/sync", &sync))
		return len(sync.Rooms) == 2
	})

	enter("/mute ")
	ada.Wait("the room to be muted", func() bool { return strings.Contains(ada.Text(), "Garden is muted") })
	enter("/help ")
	ada.Find("heading", "Commands")
	axe.Check(t, ada, "commands")
	ada.Keep("help-desktop-light")
	ada.Press(chrome.Escape)
	ada.Gone("heading", "Commands")
	enter("/invite ")
	ada.Find("heading", "Invite")
	ada.Press(chrome.Escape)
	ada.Gone("heading", "Invite")
	enter("/leave ")
	ada.Wait("the lobby", func() bool { return ada.URL() == s.URL()+"/rooms/"+wire.Lobby })
}

// TestCommandsOnAPhone: commands and names are offered above the keyboard of a
// small touch screen, each large enough for a finger, and taken by it.
func TestCommandsOnAPhone(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	s.Member(owner, "Ben")
	garden := owner.Room(t, wire.KindPublic, "Garden")
	ada := chrome.Start(t).Person("Ada")
	ada.Show(chrome.View{Name: "keyboard", Width: 360, Height: 420, Scale: 2, Mobile: true}) // above a keyboard
	visitRoom(ada, owner, s.URL(), garden.ID)
	waitRung(ada, "WebSocket")
	composer := func() string { return ada.Find("textbox", "Message").Value }
	tapOn := func(label string) {
		t.Helper()
		at := chrome.Eval[[]float64](ada, `(() => {
			const list = [...document.querySelectorAll('.complete-option')], o = list.find(o => o.textContent.includes(`+quote(label)+`));
			if (!o) return [];
			const r = o.getBoundingClientRect();
			return [r.left + r.width / 2, r.top + r.height / 2, Math.min(...list.map(o => o.getBoundingClientRect().height)), list[0].getBoundingClientRect().top, r.right];
		})()`)
		if len(at) == 0 {
			t.Fatalf("%s is not offered: %s", label, offered(ada))
		}
		if at[2] < 44 || at[3] < 0 || at[4] > 360 {
			t.Errorf("the options are %.0f high and begin at %.0f: no hand gets there", at[2], at[3])
		}
		ada.Tap(at[0], at[1])
	}
	box := func(y float64) { ada.Tap(120, y) }
	_, y := middle(ada, "textarea")
	box(y)
	ada.Type("/")
	ada.Wait("all commands", func() bool { return strings.Count(offered(ada), "/") == 6 })
	ada.Keep("slash-phone-light")
	ada.Type("to")
	ada.Wait("one", func() bool { return offered(ada) == "[/topic …]" })
	tapOn("/topic")
	ada.Wait("the command", func() bool { return composer() == "/topic " })
	ada.Type("Roses")
	x, y := middle(ada, ".send")
	ada.Tap(x, y)
	ada.Wait("the topic", func() bool { return strings.Contains(ada.Text(), "Roses") && composer() == "" })
	_, y = middle(ada, "textarea")
	box(y)
	ada.Type("/invite @b")
	ada.Wait("who is not here", func() bool { return offered(ada) == "[Ben]" })
	tapOn("Ben")
	ada.Wait("the name", func() bool { return composer() == "/invite @Ben " })
	x, y = middle(ada, ".send")
	ada.Tap(x, y)
	ada.Wait("Ben to be in", func() bool { return contains(ada.Text(), "Ben is in the room now.") })
	_, y = middle(ada, "textarea")
	box(y)
	ada.Type("/me waves")
	x, y = middle(ada, ".send")
	ada.Tap(x, y)
	ada.WaitRow("Ada waves")
}

// middle is where one would point at an element.
func middle(p *chrome.Page, selector string) (x, y float64) {
	at := chrome.Eval[[]float64](p, `(() => {
		const r = document.querySelector(`+quote(selector)+`).getBoundingClientRect();
		return [r.left + r.width / 2, r.top + r.height / 2];
	})()`)
	return at[0], at[1]
}
