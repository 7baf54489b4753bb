package e2e_test

import (
	"testing"

	"parley/e2e/chrome"
)

// wantChinese fails the test for every Latin word on the screen, in a label or in
// a hint, that is no name and stays there: what nobody has translated.
func wantChinese(t *testing.T, p *chrome.Page, screen string) {
	t.Helper()
	wantNone(t, p, screen, latin)
}

// wantNone fails the test for each thing that js lists, and goes on listing: what
// is only on its way to another screen is no mistake.
func wantNone(t *testing.T, p *chrome.Page, screen, js string) {
	t.Helper()
	var bad []string
	p.WaitFor(chrome.Patience/10, func() bool {
		bad = chrome.Eval[[]string](p, js)
		return len(bad) == 0
	})
	for _, b := range bad {
		t.Errorf("%s: %s", screen, b)
	}
}

// latin lists the Latin words.
const latin = `(() => {
	const names = /^(Parley|WebSocket|SSE|API|English|Enter|Shift|Ada|Stan|Zo|AD|ZO|A|Z|Analytical|Society|p|HTML|NDJSON|Slack|Webhook|zip|Go|http|client|Chrome|Linux|KB|MB|jpg|png|pdf|PDF)$/;
	const found = [];
	const look = (text, where) => {
		for (const word of text.match(/[A-Za-z]+/g) ?? []) {
			if (!names.test(word)) found.push(word + ' in ' + where + ': ' + text.trim().slice(0, 80));
		}
	};
	look(document.title, 'the title');
	if (!document.documentElement.lang.startsWith('zh')) found.push('lang=' + document.documentElement.lang);
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const e = n.parentElement;
		if (!e.closest('[dir=auto], kbd, script, style, noscript, [hidden]') && e.checkVisibility()) look(n.data, e.tagName);
	}
	for (const e of document.querySelectorAll('[aria-label], [title], [placeholder], [alt], [aria-roledescription]')) {
		if (e.closest('.picker-grid')) continue; // Unicode's own names, such as T恤
		for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-roledescription']) {
			look(e.getAttribute(name) ?? '', name);
		}
	}
	return found;
})()`
