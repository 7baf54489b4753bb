package e2e_test

import (
	"strconv"
	"testing"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// open gives the row that says text the focus, which shows what can be done to it.
func open(p *chrome.Page, text string) {
	row := p.WaitRow(text)
	p.Wait("the actions of "+text, func() bool {
		return chrome.Eval[bool](p, `(() => {
			const row = document.getElementById('m`+strconv.FormatUint(row.Seq, 10)+`');
			row.tabIndex = -1;
			row.focus({focusVisible: true});
			return !!row.querySelector('.row-actions');
		})()`)
	})
}

// act does something to the row that says text. When the list is drawn anew
// meanwhile, what can be done goes away with the focus, and is shown once more.
func act(p *chrome.Page, text, what string) {
	p.Wait(what+" of "+text+" to take a click", func() bool {
		open(p, text)
		return p.TryClick("button", what)
	})
}

// TestTalking lets two people edit, delete, answer and react, on the best rung
// and on the last, in sight of each other and while one of them is away. In the
// end both see what history says.
func TestTalking(t *testing.T) {
	t.Parallel()
	for _, n := range []struct {
		name   string
		faults []badproxy.Fault
		rungs  []string
	}{
		{"WebSocket", nil, []string{"WebSocket"}},
		{"polls", []badproxy.Fault{badproxy.WSRefuse(), badproxy.SSEBuffer()}, []string{"Long poll", "Short poll"}},
	} {
		t.Run(n.name, func(t *testing.T) {
			s := parley.Start(t)
			owner := s.Setup("Olga")
			browser := chrome.Start(t)
			proxy := through(t, s, n.faults...)
			ada, ben := browser.On(t).Person("Ada"), browser.On(t).Person("Ben")
			ben.TolerateNetwork()
			visit(ada, s.Member(owner, "Ada"), s.URL())
			visit(ben, s.Member(owner, "Ben"), proxy.URL())
			waitRung(ben, n.rungs...)

			say(ada, "first")
			say(ada, "secnd")
			ben.WaitRow("secnd")
			ada.WaitRow("secnd") // which Ben may have before her
			ada.Press(chrome.Up) // in the empty composer
			ada.Wait("the message in the composer", func() bool { return ada.Find("textbox", "Message").Value == "secnd" })
			ada.Fill("textbox", "Message", "second")
			ada.Press(chrome.Enter)
			ben.WaitRow("second")
			wantMark(ben, "second", ".edited")

			act(ben, "first", "Reply")
			ben.Wait("the focus in the composer", func() bool { return ben.Focused().Name == "Message" })
			ben.Type("an answer")
			ben.Press(chrome.Enter)
			ada.WaitRow("an answer")
			wantMark(ada, "an answer", ".quote")
			react(ben, "first", "tada", "🎉")
			wantMark(ada, "first", `.reaction[data-emoji="🎉"][aria-pressed="false"][title="Ben"]`)
			ada.Click("button", "🎉 1: Ben") // one click
			wantMark(ben, "first", `.reaction[data-emoji="🎉"][aria-pressed="true"][title="you, Ada"]`)

			proxy.Set(badproxy.Refuse())
			proxy.Cut()
			waitRung(ben, "Offline")
			act(ada, "first", "Delete")
			ada.Find("dialog", "Delete this message?")
			chrome.Eval[bool](ada, "document.querySelector('dialog .danger').click(), true")
			ada.Gone("dialog", "Delete this message?")
			wantMark(ada, "an answer", ".quoted.gone")
			react(ada, "second", "heart", "❤️")
			ada.Click("textbox", "Message")
			ada.Press(chrome.Up)
			ada.Wait("the message in the composer", func() bool { return ada.Find("textbox", "Message").Value == "second" })
			ada.Fill("textbox", "Message", "second, again")
			ada.Press(chrome.Enter)
			ada.WaitRow("second, again")

			// What takes the server says so, and keeps the text.
			ben.Click("textbox", "Message")
			ben.Type("half a thought")
			act(ben, "an answer", "Edit")
			ben.Wait("the message in the composer", func() bool { return ben.Find("textbox", "Message").Value == "an answer" })
			ben.Fill("textbox", "Message", "a better answer")
			ben.Press(chrome.Enter)
			ben.Wait("words about the server", func() bool { return contains(ben.Text(), "Not saved yet; your text is still here.") })
			if got := ben.Find("textbox", "Message").Value; got != "a better answer" {
				t.Errorf("the composer holds %q", got)
			}
			proxy.Set(n.faults...)
			waitRung(ben, n.rungs...)
			ben.Press(chrome.Enter)
			ada.WaitRow("a better answer")
			ben.Wait("what was being written", func() bool { return ben.Find("textbox", "Message").Value == "half a thought" })
			ben.WaitRow("second, again")
			wantMark(ben, "second, again", `.reaction[data-emoji="❤️"][title="Ada"]`)
			wantMark(ben, "a better answer", ".quoted.gone")
			ben.Wait("the place of what was deleted", func() bool { return contains(ben.Text(), "This message was deleted.") })
			if contains(ben.Text(), "first") {
				t.Error("what was deleted can still be read")
			}

			history, err := owner.History(t.Context(), wire.Lobby, 0)
			must(t, err)
			if len(history) != 3 || history[1].Text != "second, again" || history[0].Deleted == 0 || history[2].ReplyTo != 1 {
				t.Errorf("history: %+v", history)
			}
			same := `[...document.querySelectorAll('.timeline-list article')].map(a => [a.dataset.seq, ...['.text', '.quoted', '.edited', '.reaction'].map(s => a.querySelector(s)?.textContent)].join('|')).join('\n')`
			agree := func(when string) {
				t.Helper()
				var a, b string
				if !ada.WaitFor(chrome.Patience, func() bool {
					a, b = chrome.Eval[string](ada, same), chrome.Eval[string](ben, same)
					return a == b
				}) {
					t.Errorf("%s Ada sees\n%s\nand Ben sees\n%s", when, a, b)
				}
			}
			agree("in the end")
			ben.Reload() // the server's page draws the same
			ben.WaitRow("second, again")
			agree("after a reload")

			ada.Click("button", "edited") // what it said before
			ada.Find("dialog", "What it said before")
			ada.Wait("what it said before", func() bool { return contains(ada.Text(), "secnd") })
			ada.Keep("talking-" + n.name)
		})
	}
}

// react chooses an emoji for a row from the picker, by its name.
func react(p *chrome.Page, text, name, emoji string) {
	act(p, text, "React")
	p.Find("dialog", "Emoji")
	p.Wait("the emoji", func() bool {
		return chrome.Eval[bool](p, "document.querySelectorAll('.picker-grid button').length > 1000")
	})
	p.Type(name)
	p.Wait("what was looked for", func() bool {
		return chrome.Eval[bool](p, "document.querySelector('.picker-grid button')?.textContent === '"+emoji+"'")
	})
	p.Press(chrome.Enter)
	p.Gone("dialog", "Emoji")
	wantMark(p, text, `.reaction[data-emoji="`+emoji+`"][aria-pressed="true"]`)
}

// wantMark waits for something in the row that says text.
func wantMark(p *chrome.Page, text, selector string) {
	p.Wait(selector+" at "+text, func() bool {
		return chrome.Eval[bool](p, "[...document.querySelectorAll('.timeline-list article')].some(a => a.querySelector('.text')?.textContent === "+quote(text)+" && a.querySelector("+quote(selector)+"))")
	})
}
