package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestMarkdownIsShown: what was typed as Markdown looks like what was meant, in
// the history and as it comes, Chinese included.
func TestMarkdownIsShown(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	_, err := owner.Send(t.Context(), wire.Lobby, "**注意：**请看 `code` and *this*\n- one\n- two", "1")
	must(t, err)
	ada := chrome.Start(t).Person("Ada")
	visit(ada, s.Member(owner, "Ada"), s.URL())
	has := func(selector, text string) {
		t.Helper()
		ada.Wait(selector+" "+text, func() bool {
			return chrome.Eval[bool](ada, "[...document.querySelectorAll(`[role=log] "+selector+"`)].some(e => e.textContent.trim() === `"+text+"`)")
		})
	}
	has("strong", "注意：")
	has("code", "code")
	has("em", "this")
	has("li", "two")

	say(ada, "```go\nfunc main() {}\n```")
	has("pre code .k", "func")
	say(ada, ":tada:")
	has(".rich .emoji", "🎉")
	say(ada, "[words](https://example.com/x)")
	has("a[href='https://example.com/x'][target=_blank]", "words")
	ada.Keep("rich")
	ada.Show(chrome.PhoneDark)
	say(ada, "```\nthe first line of this code is longer than the screen is wide\nsecond\n```")
	has("pre code", "the first line of this code is longer than the screen is wide\\nsecond")
	ada.Keep("rich-phone-dark")
	for _, over := range chrome.Eval[[]string](ada, `[...document.querySelectorAll('.code-box')].filter(box => {
		const copy = box.querySelector('.copy-code').getBoundingClientRect(), code = box.querySelector('pre').getBoundingClientRect();
		return copy.height < 24 || copy.bottom > code.top && copy.top < code.bottom;
	}).map(box => box.textContent)`) {
		t.Errorf("on a phone the button to copy lies on the code %q", over)
	}
	ada.Click("button", "Copy")
	ada.Wait("it to be copied", func() bool { return contains(ada.Text(), "Copied") })
}

// TestMarkdownIsSafe sends every attack with Markdown in it.
func TestMarkdownIsSafe(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	for i, text := range attacks {
		_, err := owner.Send(t.Context(), wire.Lobby, "**x** "+text, string(rune('a'+i)))
		must(t, err)
	}
	ada.Wait("all rows", func() bool { return len(ada.Rows()) == len(attacks) })
	if got := chrome.Eval[string](ada, "String(window.hacked)"); got != "undefined" {
		t.Errorf("a message ran: %s", got)
	}
	inside := chrome.Eval[string](ada, `[...document.querySelectorAll('[role=log] .text *')].map(e => e.tagName).filter(t => !['P', 'BR', 'STRONG', 'A', 'EM'].includes(t)).join()`)
	if strings.TrimSpace(inside) != "" {
		t.Errorf("messages have become %s", inside)
	}
}
