package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// attacks are texts that became programs in other chats.
var attacks = []string{
	`<script>window.hacked = 1</script>`,
	`<img src=x onerror="window.hacked = 2">`,
	`"><svg onload=window.hacked=3>`,
	`<a href="javascript:window.hacked=4">click</a>`,
	`javascript:window.hacked=5`,
	`https://example.com/"onmouseover="window.hacked=6`,
	`https://example.com/'><img src=x onerror=window.hacked=7>`,
	`</div></article></section></main><h1>outside</h1>`,
	`&lt;b&gt;not bold&lt;/b&gt; &amp;amp;`,
	`<!-- <style>*{display:none}</style>`,
	`{{constructor.constructor('window.hacked=8')()}} ${window.hacked=9}`,
	`<iframe srcdoc="<script>parent.hacked=10</script>"></iframe>`,
	"\u202eright to left \u202c and back",
}

// TestTextIsNeverHTML sends every attack as a message, and as a name, a room's
// name and a topic, and looks whether any of it has become part of the page.
func TestTextIsNeverHTML(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	mallory := s.Member(owner, `<img src=x onerror=alert(1)>`)
	must(t, mallory.Do(t.Context(), wire.CmdCreateRoom, wire.CreateRoom{
		Kind: wire.KindPublic, Name: `<script>hacked=1</script>`, Topic: `"><img src=x onerror=window.hacked=2>`,
	}, nil))
	for i, text := range attacks[:len(attacks)/2] { // before the page is opened
		_, err := mallory.Send(t.Context(), wire.Lobby, text, string(rune('a'+i)))
		must(t, err)
	}
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	for i, text := range attacks[len(attacks)/2:] { // and while it looks on
		_, err := mallory.Send(t.Context(), wire.Lobby, text, string(rune('A'+i)))
		must(t, err)
	}
	ada.Click("textbox", "Message")
	ada.Insert(attacks[1]) // her own goes another way, as a message that is not sent yet
	ada.Press(chrome.Enter)
	wantSame(t, append(slices.Clone(attacks), attacks[1]), ada)
	ada.Click("button", "Browse rooms")
	ada.Match("button", likeJoin)
	ada.Press(chrome.Escape)
	ada.ClickMatch("button", likeMembers)
	ada.Find("complementary", "Room details")

	if got := chrome.Eval[string](ada, "String(window.hacked)"); got != "undefined" {
		t.Errorf("attack %s has run", got)
	}
	for selector, why := range map[string]string{
		"[role=log] :is(script, style, img, svg, iframe, h1)": "elements of others in the conversation",
		"[onerror], [onload], [onmouseover]":                  "handlers of others",
		"a[href^='javascript' i]":                             "links that are programs",
		"img[src='x'], h1:not(main h1)":                       "elements of others in the page",
	} {
		if n := chrome.Eval[int](ada, "document.querySelectorAll("+quote(selector)+").length"); n > 0 {
			t.Errorf("%s: %d", why, n)
		}
	}
	if name := ada.Find("log", "").Text(); !strings.Contains(name, mallory.Name) {
		t.Errorf("the name %q is not shown as it is", mallory.Name)
	}
}

// TestTextIsShownAsItIs: line breaks, spaces, all of Unicode, and links that
// can be clicked without giving the page away.
func TestTextIsShownAsItIs(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Olga")
	texts := []string{
		"line one\nline two\n\n  indented", "你好，世界", "مرحبا بالعالم", "👩‍👩‍👧‍👦 🇫🇷 👍🏽", "Zalgo t̷̢̧̛e̶x̷t",
		"see https://example.com/a_(b)?q=1&r=2#f. Or http://例子.测试/路径", strings.Repeat("long", 500),
	}
	ada := chrome.Start(t).Person("Ada")
	visit(ada, owner, s.URL())
	for _, text := range texts {
		say(ada, text)
	}
	wantSame(t, texts, ada)
	links := ada.All("link", "https://example.com/a_(b)?q=1&r=2#f")
	if len(links) != 1 {
		t.Fatalf("the link is found %d times", len(links))
	}
	got := chrome.Eval[string](ada, `(() => { const a = document.querySelector('[role=log] a[href^="https://example.com"]');
		return [a.target, a.rel].join(' ') })()`)
	if !contains(got, "_blank", "noopener") {
		t.Errorf("the link opens as %q", got)
	}
	if wide := chrome.Eval[bool](ada, "document.documentElement.scrollWidth > innerWidth"); wide {
		t.Error("a long word makes the page wider than the window")
	}
	if lines := chrome.Eval[float64](ada, `(() => { const d = [...document.querySelectorAll('[role=log] [dir=auto]')];
		const h = e => e.getBoundingClientRect().height; return h(d[0]) / h(d[1]) })()`); lines < 3.5 {
		t.Errorf("four lines are %.1f times as high as one", lines)
	}
}
