package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// slow is a way to the server on which the app is held back until it is let
// through: what somebody does meanwhile is done with the server's page.
type slow struct {
	*badproxy.Proxy
	through func()
}

func newSlow(t *testing.T, s *parley.Server) slow {
	t.Helper()
	gate := make(chan struct{})
	proxy, err := badproxy.Start(s.Addr(), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, ".wasm") {
				select {
				case <-gate:
				case <-r.Context().Done():
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	})
	must(t, err)
	t.Cleanup(func() { must(t, proxy.Close()) })
	return slow{proxy, sync.OnceFunc(func() { close(gate) })}
}

// enter gives a person the cookie of a user, to use pages as they come.
func enter(p *chrome.Page, u *parley.User, origin string) {
	name, value, _ := strings.Cut(u.Header().Get("Cookie"), "=")
	p.Cookie(origin, name, value)
	p.Raw()
}

// watchShifts adds up how much of what is there moves by itself.
const watchShifts = `(() => {
	window.shifted = 0;
	window.shifts = [];
	new PerformanceObserver(list => {
		for (const e of list.getEntries()) {
			window.shifted += e.value;
			for (const s of e.sources) window.shifts.push((s.node?.className || s.node?.parentNode?.className || s.node?.nodeName) +
				' from ' + JSON.stringify(s.previousRect) + ' to ' + JSON.stringify(s.currentRect));
		}
	}).observe({type: 'layout-shift'});
})()`

func wantStill(t *testing.T, p *chrome.Page) {
	t.Helper()
	// Two frames after the last change all entries have been told.
	shifted := chrome.Eval[float64](p, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
		setTimeout(() => done(window.shifted)))))`)
	if shifted > 0.001 {
		t.Errorf("what was there has moved: a layout shift of %.4f, of %q", shifted, chrome.Eval[[]string](p, "window.shifts"))
	}
}

// TestTakeover: the app takes the page over under somebody who reads and writes.
func TestTakeover(t *testing.T) {
	t.Parallel()
	for name, zone := range map[string]string{"known zone": "", "another zone": "Asia/Shanghai"} {
		for _, view := range []chrome.View{chrome.Desktop, chrome.Phone} {
			t.Run(name+" "+view.Name, func(t *testing.T) {
				t.Parallel()
				s := parley.Start(t, "--send-burst=1000", "--send-rate=1000")
				owner := s.Setup("Ada")
				ben := s.Member(owner, "Ben")
				for i := range 70 {
					u := owner
					if i%3 == 0 {
						u = ben
					}
					_, err := u.Send(t.Context(), wire.Lobby, fmt.Sprintf("line %d\nand its second line", i+1), fmt.Sprint(i))
					must(t, err)
				}
				must(t, owner.Do(t.Context(), wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: 70}, nil))
				via := newSlow(t, s)
				ada := chrome.Start(t).Person("Ada")
				ada.Show(view)
				ada.Zone(zone)
				enter(ada, owner, via.URL())
				ada.Open(via.URL())
				ada.Wait("the newest in sight", func() bool { return inSight(ada, "line 70\nand its second line") })
				same := 50.0 // rows that stay the elements they were
				if zone != "" {
					same = 0 // the server did not know the zone
				}
				takeover(t, ada, via, same)
			})
		}
	}
}

// TestTakeoverElsewhere is TestTakeover in browsers that cannot move an element
// without letting go of it, as Safari cannot.
func TestTakeoverElsewhere(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-burst=1000", "--send-rate=1000")
	owner := s.Setup("Ada")
	for i := range 70 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprintf("line %d\nand its second line", i+1), fmt.Sprint(i))
		must(t, err)
	}
	must(t, owner.Do(t.Context(), wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: 70}, nil))
	via := newSlow(t, s)
	ada := chrome.Start(t).Person("Ada")
	ada.BeforeLoad(`delete Element.prototype.moveBefore;`)
	enter(ada, owner, via.URL())
	ada.Open(via.URL())
	ada.Wait("the newest in sight", func() bool { return inSight(ada, "line 70\nand its second line") })
	takeover(t, ada, via, 50)
}

func takeover(t *testing.T, ada *chrome.Page, via slow, same float64) {
	t.Helper()
	chrome.Eval[any](ada, watchShifts)
	ada.Click("textbox", "Message")
	ada.Insert("half a sentence")
	before := chrome.Eval[float64](ada, `(() => {
		const text = document.querySelector('textarea');
		text.setSelectionRange(5, 6);
		window.kept = {text, log: document.querySelector('[role=log]'), rows: [...document.querySelectorAll('article')]};
		document.querySelector('[role=log]').scrollBy(0, -700);
		return document.querySelector('[data-seq="50"]').getBoundingClientRect().top;
	})()`)
	via.through()
	ada.Wait("the app", ada.Taken)
	wantStill(t, ada)
	after := chrome.Eval[map[string]any](ada, `(() => {
		const text = document.querySelector('textarea'), rows = [...document.querySelectorAll('article')];
		return {
			text: text === kept.text, log: document.querySelector('[role=log]') === kept.log, focus: document.activeElement === text,
			value: text.value, caret: text.selectionStart + '-' + text.selectionEnd,
			rows: rows.slice(-50).filter(r => kept.rows.includes(r) || r.querySelector('time').textContent).length, same: rows.filter(r => kept.rows.includes(r)).length,
			twice: document.querySelectorAll('[data-seq="70"]').length + document.querySelectorAll('.composer').length + document.querySelectorAll('[role=log]').length,
			top: document.querySelector('[data-seq="50"]').getBoundingClientRect().top,
			plain: document.querySelectorAll('#page, .plain, .plain-tools, input[type=hidden], #state').length,
		};
	})()`)

	for what, want := range map[string]any{
		"text": true, "log": true, "focus": true, "value": "half a sentence", "caret": "5-6", "twice": 3.0, "plain": 0.0, "rows": 50.0, "same": same,
	} {
		if after[what] != want {
			t.Errorf("after the takeover %s is %v, want %v", what, after[what], want)
		}
	}
	if top := after["top"].(float64); top < before-1 || top > before+1 {
		t.Errorf("what was being read has moved from %v to %v", before, top)
	}
	ada.Insert("whole")
	ada.Press(chrome.Enter)
	ada.WaitRow("half whole sentence")
	waitRung(ada, "WebSocket")
	seqsInOrder(t, ada)
}

// TestTakeoverWhileComposing: an input method that is in the middle of a word is
// not disturbed; the app waits for it.
func TestTakeoverWhileComposing(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	via := newSlow(t, s)
	ada := chrome.Start(t).Person("Ada")
	enter(ada, owner, via.URL())
	ada.Open(via.URL())
	ada.Click("textbox", "Message")
	ada.Insert("我说")
	ada.Compose("ni")
	ada.Compose("nihao")
	via.through()
	ada.Wait("the app to have come", func() bool {
		return chrome.Eval[bool](ada, `performance.getEntriesByType('resource').some(e => e.name.endsWith('.wasm') && e.responseEnd > 0)`)
	})
	if ada.WaitFor(time.Second, ada.Taken) {
		t.Error("the app did not wait for the input method")
	}
	ada.Insert("你好") // the choice
	ada.Wait("the app", ada.Taken)
	if got := ada.Find("textbox", "Message").Value; got != "我说你好" {
		t.Errorf("the composer holds %q", got)
	}
	ada.Press(chrome.Enter)
	ada.WaitRow("我说你好")
}

// TestTakeoverOfTheSignIn: a form that is half filled in stays as it is, and goes
// on without another page.
func TestTakeoverOfTheSignIn(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	s.Setup("Ada")
	via := newSlow(t, s)
	ada := chrome.Start(t).Person("Ada")
	ada.Raw()
	ada.Open(via.URL())
	chrome.Eval[any](ada, watchShifts)
	ada.Fill("textbox", "Name", "Ada")
	ada.Fill("textbox", "Password", parley.Password[:5])
	via.through()
	ada.Wait("the app", ada.Taken)
	wantStill(t, ada)
	ada.Insert(parley.Password[5:])
	began := chrome.Eval[float64](ada, "performance.timeOrigin")
	ada.Click("button", "Sign in")
	ada.Find("log", "")
	if chrome.Eval[float64](ada, "performance.timeOrigin") != began {
		t.Error("the app went to another page to sign in")
	}
	say(ada, "here I am")
	ada.WaitRow("here I am")
}

// TestAppThatBreaks: a download that ends in the middle, again and again, leaves
// the page as it works without the app; the app is tried again until it comes.
func TestAppThatBreaks(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	var broken atomic.Bool
	broken.Store(true)
	proxy, err := badproxy.Start(s.Addr(), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, ".wasm") || !broken.Load() {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/wasm")
			w.Header().Set("Content-Length", "1000000")
			_, _ = w.Write([]byte("\x00asm\x01\x00\x00\x00"))
			panic(http.ErrAbortHandler)
		})
	})
	must(t, err)
	t.Cleanup(func() { must(t, proxy.Close()) })
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	enter(ada, owner, proxy.URL())
	ada.Open(proxy.URL())
	ada.Click("textbox", "Message")
	ada.Insert("without the app")
	ada.Press(chrome.Enter)
	ada.WaitRow("without the app")
	if ada.Taken() {
		t.Fatal("the app is there, whole")
	}
	ada.Insert("and on I write")
	broken.Store(false)
	ada.Wait("the app", ada.Taken)
	ada.Press(chrome.Enter)
	ada.WaitRow("and on I write")
	wantSame(t, []string{"without the app", "and on I write"}, ada)
}

// tree is what stands in an element: tags, classes, labels and texts. Links to a
// place of the page stand where the app has buttons, and what only forms without
// the app need is left out.
const tree = `root => {
	const skip = '.statusbar, .toast, .float-day, .timeline-end, .jump, .jump-back, .composer-note, .composer-emoji, .tray, .tray-told, input[type=hidden], #state, .install';
	const apps = ['aria-autocomplete', 'aria-haspopup', 'aria-busy']; // what only the app can offer
	const walk = e => {
		const anchor = e.tagName === 'A' && (e.getAttribute('href') || '').startsWith('#');
		const tag = anchor ? (e.classList.contains('scrim') ? 'DIV' : 'BUTTON') : e.tagName;
		const attrs = ['class', 'role', 'href', 'data-room', 'type', 'name', 'placeholder', 'autocomplete', 'for', 'dir', 'title', 'alt', 'datetime', 'data-seq', 'data-author']
			.filter(a => !(anchor && (a === 'href' || a === 'type')) && e.tagName !== 'FORM').concat('class')
			.concat([...e.attributes].map(a => a.name).filter(a => a.startsWith('aria-') && !apps.includes(a) && !e.classList.contains('scrim')))
			.filter((a, i, all) => all.indexOf(a) === i && e.hasAttribute(a) && !(tag === 'BUTTON' && a === 'type'))
			.sort().map(a => a + '=' + e.getAttribute(a).replace(/\s+/g, ' ').replace(' plain', ''));
		const kids = [...e.childNodes].flatMap(c => c.nodeType === 3 ? (c.data.trim() ? [c.data.trim()] : [])
			: c.nodeType === 1 && !c.matches(skip) && !c.matches('noscript, [hidden]') ? [walk(c)] : []);
		return tag + '[' + attrs.join(' ') + '](' + kids.join(',\n') + ')';
	};
	return [...root.children].filter(c => !c.matches(skip)).map(walk).join('\n');
}`

// watchDrawn notes what the app has drawn when it has taken the page over, and
// before it goes on: what it is told a moment later (who is there, say) the server
// could not know.
const watchDrawn = `new MutationObserver((_, watcher) => {
	const root = document.getElementById('app');
	if (document.getElementById('page') || !root?.children.length) return;
	watcher.disconnect();
	window.drawn = {tree: (` + tree + `)(root), title: document.title};
}).observe(document, {childList: true, subtree: true})`

// TestServerDrawsWhatTheAppDraws: the two must not drift apart, on no screen.
func TestServerDrawsWhatTheAppDraws(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	browser := chrome.Start(t)
	compare := func(name, path string, who *parley.User) {
		t.Helper()
		via := newSlow(t, s)
		p := browser.Person(name)
		p.Tolerate("404")
		p.Raw()
		if who != nil {
			enter(p, who, via.URL())
		}
		p.BeforeLoad(watchDrawn)
		p.Open(via.URL() + path)
		theirs := chrome.Eval[string](p, "("+tree+")(document.getElementById('page'))")
		title := chrome.Eval[string](p, "document.title")
		via.through()
		p.Wait("the app", func() bool { return chrome.Eval[bool](p, "!!window.drawn") })
		ours := chrome.Eval[string](p, "drawn.tree")
		if theirs == ours && theirs != "" && title == chrome.Eval[string](p, "drawn.title") {
			return
		}
		a, b := strings.Split(theirs, "\n"), strings.Split(ours, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Errorf("%s, line %d: the server draws\n%s\nand the app\n%s", name, i, a[i], b[i])
				return
			}
		}
		t.Errorf("%s: %d and %d lines; %q", name, len(a), len(b), title)
	}
	compare("set-up", "/", nil)
	owner := s.Setup("Ada")
	compare("sign-in", "/", nil)
	compare("sign-up", "/invite/"+owner.Invite(t, wire.RoleMember, "").Code, nil)
	compare("sign-up of a guest", "/invite/"+owner.Invite(t, wire.RoleGuest, "").Code, nil)
	compare("empty room", "/", owner)
	garden := owner.Room(t, wire.KindPrivate, "Garden & <Terrace>")
	ben := s.Member(owner, "Ben")
	_, err := ben.Send(t.Context(), wire.Lobby, "unread\nhttps://example.org/a?b&c", "1")
	must(t, err)
	_, err = owner.Send(t.Context(), garden.ID, "👋", "2")
	must(t, err)
	compare("unread elsewhere", "/rooms/"+garden.ID, owner)
	compare("no room", "/rooms/"+garden.ID, ben)
	compare("messages", "/", ben)
	shed := owner.Room(t, wire.KindPublic, "Shed")
	compare("a room to join", "/rooms/"+shed.ID, ben)
	gus := s.Guest(owner, "Gus", garden.ID)
	must(t, gus.Do(t.Context(), wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: 1}, nil))
	compare("guest", "/", gus)
	cy := s.Member(owner, "Cy") // who has no page open that would read it
	_, err = owner.Send(t.Context(), wire.Lobby, "`@Cy` is how one calls @Cy, and @room everybody", "3")
	must(t, err)
	var direct wire.Room
	must(t, owner.Do(t.Context(), wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: []string{cy.ID}}, &direct))
	_, err = owner.Send(t.Context(), direct.ID, "psst", "4")
	must(t, err)
	must(t, cy.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: shed.ID}, nil))
	compare("badges of a mention and a direct message", "/rooms/"+shed.ID, cy)
	page := ask(t, cy, "/rooms/"+shed.ID)
	if !contains(page, `<span class="badge calls" role="img" aria-label="1 mention of you">@1</span>`, `<title>(2) `) {
		t.Errorf("the page has no badge of the mention: %s", page)
	}
	must(t, cy.Do(t.Context(), wire.CmdSetNotify, wire.Notify{Room: wire.Lobby, Muted: true}, nil))
	compare("a muted room", "/rooms/"+shed.ID, cy)
}

// ask is a page as the server writes it.
func ask(t *testing.T, u *parley.User, path string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.Origin()+path, nil)
	must(t, err)
	req.Header = u.Header()
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	body, err := io.ReadAll(res.Body)
	must(t, err)
	must(t, res.Body.Close())
	return string(body)
}

// TestLandingAtTheUnread: where much is unread the page begins with the first of
// it, and the app leaves it there.
func TestLandingAtTheUnread(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-burst=1000", "--send-rate=1000")
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	for i := range 45 {
		_, err := ben.Send(t.Context(), wire.Lobby, fmt.Sprintf("line %d\nand its second line", i+1), fmt.Sprint(i))
		must(t, err)
	}
	must(t, owner.Do(t.Context(), wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: 15}, nil))
	via := newSlow(t, s)
	ada := chrome.Start(t).Person("Ada")
	enter(ada, owner, via.URL())
	ada.Open(via.URL())
	ada.Wait("the first unread line in sight", func() bool { return inSight(ada, "line 16\nand its second line") })
	chrome.Eval[any](ada, watchShifts)
	where := `document.querySelector('[data-seq="16"]').getBoundingClientRect().top`
	before := chrome.Eval[float64](ada, where)
	via.through()
	ada.Wait("the app", ada.Taken)
	wantStill(t, ada)
	if after := chrome.Eval[float64](ada, where); after < before-1 || after > before+1 {
		t.Errorf("the first unread line has moved from %v to %v", before, after)
	}
	ada.Find("button", "Newest messages")
	if got := readTo(t, owner, wire.Lobby); got < 15 || got > 40 || !strings.HasPrefix(title(ada), "• ") {
		t.Errorf("what nobody has seen is taken for read: to %d, %q", got, title(ada))
	}
}

// TestSentWhileTheAppStarts: what the browser itself has sent a moment before the
// app took the form over is sent once, and does not come back as a draft.
func TestSentWhileTheAppStarts(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	gate := make(chan struct{})
	open := sync.OnceFunc(func() { close(gate) })
	proxy, err := badproxy.Start(s.Addr(), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/rooms/") {
				select {
				case <-gate:
				case <-r.Context().Done():
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	})
	must(t, err)
	t.Cleanup(func() { open(); must(t, proxy.Close()) })
	ada := chrome.Start(t).Person("Ada")
	enter(ada, owner, proxy.URL())
	ada.BeforeLoad(`Object.defineProperty(window, 'Go', {configurable: true, set(Go) {
		const run = Go.prototype.run;
		Go.prototype.run = function (instance) {
			if (!sessionStorage.getItem('sent')) {
				sessionStorage.setItem('sent', '1');
				const form = document.querySelector('form.composer');
				form.querySelector('textarea').value = 'only once';
				form.requestSubmit();
			}
			return run.call(this, instance);
		};
		Object.defineProperty(window, 'Go', {value: Go});
	}})`)
	ada.Open(proxy.URL())
	ada.Wait("the app", ada.Taken)
	ada.Press(chrome.Enter) // impatience
	open()
	ada.WaitRow("only once")
	ada.Wait("the next page", func() bool {
		return chrome.Eval[bool](ada, `performance.getEntriesByType('navigation')[0].name.includes('/rooms/')`)
	})
	ada.Wait("the app", ada.Taken)
	if got := ada.Find("textbox", "Message").Value; got != "" {
		t.Errorf("the composer holds %q, which was sent", got)
	}
	if got := ada.Texts(); len(got) != 1 {
		t.Errorf("the room has %q", got)
	}
}

// TestTakeoverKeepsWhatWasDone: the focus stays where it was, in what the app draws
// anew too, and so does what is selected in the text; a button that only the app
// can answer is pressed as soon as it is there, if that was the last thing done.
func TestTakeoverKeepsWhatWasDone(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	owner.Room(t, wire.KindPublic, "花园 \"A\"")
	for i := range 3 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprint("line ", i), fmt.Sprint(i))
		must(t, err)
	}
	browser := chrome.Start(t)
	began := func(t *testing.T) (*chrome.Page, slow) {
		via := newSlow(t, s)
		p := browser.On(t).Person("Ada")
		enter(p, owner, via.URL())
		p.Open(via.URL())
		p.Find("textbox", "Message")
		return p, via
	}
	for role, name := range map[string]string{"link": "花园 \"A\"", "button": "Room settings"} {
		t.Run("focus on "+name, func(t *testing.T) {
			ada, via := began(t)
			tabTo(t, ada, role, name)
			chrome.Eval[any](ada, watchShifts)
			via.through()
			ada.Wait("the app", ada.Taken)
			wantStill(t, ada)
			if at := ada.Focused(); at.Role != role || !strings.HasPrefix(at.Name, name) {
				t.Errorf("the focus is on %s %q", at.Role, at.Name)
			}
		})
	}
	t.Run("selection", func(t *testing.T) {
		ada, via := began(t)
		chrome.Eval[any](ada, `document.activeElement.blur(), getSelection().selectAllChildren(document.querySelectorAll('[role=log] .text')[1])`)
		via.through()
		ada.Wait("the app", ada.Taken)
		if got := chrome.Eval[string](ada, "getSelection().toString()"); got != "line 1" {
			t.Errorf("%q is selected", got)
		}
	})
	t.Run("button", func(t *testing.T) {
		ada, via := began(t)
		ada.Click("button", "Settings")
		via.through()
		ada.Find("dialog", "Settings")
		ada.Press(chrome.Escape)
		ada.Gone("dialog", "Settings")
		ada.Wait("the focus to come back", func() bool { return ada.Focused().Name == "Settings" })
	})
	t.Run("button, and then a word", func(t *testing.T) {
		ada, via := began(t)
		ada.Click("button", "Settings")
		ada.Click("textbox", "Message")
		ada.Insert("never mind")
		via.through()
		ada.Wait("the app", ada.Taken)
		wantStillClosed(t, ada)
	})
}

// wantStillClosed wants no dialog two frames later, when one that was asked for
// would be there.
func wantStillClosed(t *testing.T, p *chrome.Page) {
	t.Helper()
	if chrome.Eval[bool](p, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() =>
		done(!!document.querySelector('dialog'))))))`) {
		t.Error("a dialog has opened over what is being written")
	}
}
