package e2e_test

import (
	"testing"
	"time"

	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// TestComposer: Enter sends, Shift+Enter breaks the line, and Enter never sends
// while an input method is at work.
func TestComposer(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Setup("Ada"), s.URL())
	waitRung(ada, "WebSocket")
	composer := func() string { return ada.Find("textbox", "Message").Value }

	ada.Click("textbox", "Message")
	ada.Press(chrome.Enter)
	ada.Type("  ")
	ada.Press(chrome.Enter) // neither nothing nor blanks are a message
	ada.Fill("textbox", "Message", "one")
	ada.Press(chrome.Enter, chrome.Shift)
	ada.Type("two")
	if got := composer(); got != "one\ntwo" {
		t.Errorf("after Shift+Enter the composer holds %q", got)
	}
	ada.Press(chrome.Enter)
	ada.WaitRow("one\ntwo")
	ada.Wait("the composer to be empty", func() bool { return composer() == "" })

	t.Run("input method", func(t *testing.T) {
		ada.Compose("ni")
		ada.Compose("nihao")
		ada.ComposeKey(chrome.Enter, 229) // takes what was typed as it is
		ada.Compose("nihao")
		ada.ComposeKey(chrome.Enter, 13) // isComposing, with the key's own code
		ada.Insert("你好")
		if got := composer(); got != "你好" {
			t.Errorf("after composing the composer holds %q", got)
		}
		if ada.WaitFor(300*time.Millisecond, func() bool { return len(ada.Rows()) != 1 }) {
			t.Errorf("a key of the input method sent something: %q", ada.Texts())
		}
		ada.Fill("textbox", "Message", "你好")
		ada.Press(chrome.Enter)
		ada.WaitRow("你好")
		safariOrder(t, ada)
	})
	t.Run("button", func(t *testing.T) {
		ada.Fill("textbox", "Message", "by hand")
		ada.Click("button", "Send")
		ada.WaitRow("by hand")
	})
	wantSame(t, []string{"one\ntwo", "你好", "日本", "by hand"}, ada)
}

// safariOrder plays Safari's order of events, where compositionend comes before
// the keydown of the Enter that ended it: that Enter has key code 229 and no
// isComposing, and must not send.
func safariOrder(t *testing.T, p *chrome.Page) {
	t.Helper()
	p.Click("textbox", "Message")
	p.Insert("日本")
	chrome.Eval[bool](p, `(() => {
		const e = document.activeElement;
		e.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
		e.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '日本'}));
		const key = new KeyboardEvent('keydown', {bubbles: true, cancelable: true, key: 'Enter', code: 'Enter', keyCode: 229, which: 229});
		e.dispatchEvent(key);
		return true;
	})()`)
	if p.WaitFor(300*time.Millisecond, func() bool { return p.Find("textbox", "Message").Value != "日本" }) {
		t.Errorf("the Enter that ended a composition in Safari sent it")
	}
	p.Press(chrome.Enter)
	p.WaitRow("日本")
}
