package e2e_test

import (
	"testing"

	"parley/e2e/chrome"
)

// TestZoom: at 200 % a window of 1280 by 800 pixels is 640 by 400 wide and high,
// at 400 % one of 1280 by 1024 is 320 by 256 (WCAG 2.2, 1.4.10). Everything is
// still there: nothing is cut off, and nothing scrolls sideways. Who wants no
// motion gets none, on the same screens.
func TestZoom(t *testing.T) {
	t.Parallel()
	browser := chrome.Start(t)
	for _, v := range []chrome.View{
		{Name: "zoomed", Width: 640, Height: 400, Scale: 2, Still: true},
		{Name: "zoomed twice", Width: 320, Height: 256, Scale: 4, Still: true},
	} {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			zoomed(t, browser, v)
		})
	}
}

func zoomed(t *testing.T, browser *chrome.Browser, v chrome.View) {
	t.Helper()
	tour(t, browser, "en", v, func(p *chrome.Page, screen string) {
		p.WaitFor(chrome.Patience/10, func() bool { // what slides, slides for an instant also for those who want no motion
			return chrome.Eval[bool](p, `document.getAnimations().every(a => a.playState !== 'running')`)
		})
		p.Keep(v.Name + "-" + screen)
		for _, bad := range chrome.Eval[[]string](p, `(() => {
			const bad = [], root = document.scrollingElement, say = (e) => e.tagName + ' ' + (e.ariaLabel || e.textContent).trim().slice(0, 40);
			if (root.scrollWidth > innerWidth + 1) bad.push('the page is ' + root.scrollWidth + ' wide');
			const top = document.querySelector('dialog[open]') ?? document.body;
			const list = document.querySelector('[role=log]'), was = list?.scrollTop;
			for (const e of top.querySelectorAll('button, a[href], input, textarea, h1, h2, h3, [role=alert], label')) {
				if (!e.checkVisibility({visibilityProperty: true}) || e.closest('[inert], .skip, .vh') || !e.getClientRects().length) continue;
				e.scrollIntoView({block: 'center'});
				const r = e.getBoundingClientRect();
				if (r.width && (r.left < -1 || r.right > innerWidth + 1)) bad.push('cut off sideways: ' + say(e));
				if (r.height && (r.bottom < 1 || r.top > innerHeight - 1)) bad.push('out of reach: ' + say(e));
			}
			if (list) list.scrollTop = was;
			// Code and tables of figures may (WCAG 2.2, 1.4.10), where the keyboard can scroll them.
			for (const e of top.querySelectorAll('*')) {
				const s = getComputedStyle(e);
				if (e.checkVisibility() && /auto|scroll/.test(s.overflowX) && e.scrollWidth > e.clientWidth + 1 && !e.matches('pre, pre *, input, [tabindex="0"]:has(> table)')) bad.push('scrolls sideways: ' + say(e));
			}
			for (const a of document.getAnimations()) {
				const time = a.effect.getComputedTiming();
				if (time.duration > 10 || time.iterations > 1) bad.push('moves: ' + (a.animationName ?? a.transitionProperty));
			}
			return bad;
		})()`) {
			t.Errorf("%s: %s", screen, bad)
		}
	})
}

// TestForcedColours: where the system allows few colours only, what is chosen
// and what is where can still be told.
func TestForcedColours(t *testing.T) {
	t.Parallel()
	browser := chrome.Start(t)
	v := chrome.View{Name: "forced", Width: 1280, Height: 800, Scale: 1, Forced: true}
	tour(t, browser, "en", v, func(p *chrome.Page, screen string) {
		p.Keep("forced-" + screen)
		wantNone(t, p, screen, `(() => {
			const bad = [], ground = (e) => getComputedStyle(e).backgroundColor, page = ground(document.querySelector('main'));
			for (const e of document.querySelectorAll('.room.current, .badge:not(:empty), .option:has(:checked), .choice:has(:checked)')) {
				if (e.checkVisibility() && ground(e) === page) bad.push(e.className + ' has the ground of all');
			}
			const [chosen, other] = [true, false].map(is => document.querySelector('.tab[aria-selected=' + is + ']'));
			if (chosen && other && ground(chosen) === ground(other)) bad.push(chosen.textContent + ' looks like ' + other.textContent);
			for (const e of document.querySelectorAll('.rung.live')) {
				if (getComputedStyle(e, '::before').backgroundColor === page) bad.push('the dot of the connection cannot be seen');
			}
			return bad;
		})()`)
	})
}
