package e2e_test

import (
	"fmt"
	"slices"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestByRoles signs in, reads and sends as somebody does who has a page read to
// them: by landmarks, headings, roles and names alone.
func TestByRoles(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	_, err := ben.Send(t.Context(), wire.Lobby, "good morning", "1")
	must(t, err)
	p := chrome.Start(t).Person("Ada")
	p.Tolerate("401")
	p.Open(s.URL())

	p.Find("main", "")
	p.Find("heading", "Sign in")
	p.Click("button", "Sign in")
	p.Wait("an alert that says what is missing", func() bool {
		return slices.ContainsFunc(p.All("alert", ""), func(n chrome.Node) bool { return n.Text() == "Please enter a name." })
	})
	p.Fill("textbox", "Name", "Ada")
	p.Fill("textbox", "Password", parley.Password)
	p.Click("button", "Sign in")

	p.Find("main", "")
	p.Find("heading", "lobby")
	rooms := p.Find("navigation", "Rooms")
	if !contains(rooms.Text(), "lobby") {
		t.Errorf("the rooms are %q", rooms.Text())
	}
	log := p.Find("log", "Messages")
	p.WaitRow("good morning")
	if !contains(log.Text(), "Ben", "good morning") {
		t.Errorf("the log reads %q", log.Text())
	}
	waitRung(p, "WebSocket")
	p.Click("textbox", "Message")
	p.Type("good morning, Ben")
	p.Click("button", "Send")
	p.WaitRow("good morning, Ben")
	if n := len(p.All("article", "")); n != 2 {
		t.Errorf("the log has %d articles, want 2", n)
	}
}

// ears notes what a screen reader would read out of the log: rows that are added
// where the nearest word on live regions is not "off". (WAI-ARIA, aria-live.)
const ears = `(() => {
	window.heard = [];
	const rows = new WeakSet(); // a section that is added is told of, and then each of its rows
	new MutationObserver((records) => {
		for (const r of records) for (const n of r.addedNodes) {
			if (n.nodeType !== 1) continue;
			const live = n.closest('[aria-live], [role=log]');
			if (!live || live.getAttribute('aria-live') === 'off') continue;
			for (const row of n.matches('article') ? [n] : n.querySelectorAll('article')) {
				if (rows.has(row) || row.closest('[aria-live], [role=log]') !== live) continue;
				rows.add(row);
				heard.push(row.querySelector('.text').textContent);
			}
		}
	}).observe(document.querySelector('[role=log]'), {childList: true, subtree: true});
	return true;
})()`

// TestReadOut: what is new is read out, once, and nothing else: not a room that
// is opened, nor what is older, nor one's own message while it is on its way.
func TestReadOut(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	owner.Room(t, wire.KindPublic, "Garden")
	for i := range 120 {
		_, err := ben.Send(t.Context(), wire.Lobby, fmt.Sprint("old ", i), fmt.Sprint(i))
		must(t, err)
	}
	must(t, owner.Do(t.Context(), wire.CmdRead, wire.Read{Room: wire.Lobby, Seq: 120}, nil))
	p := chrome.Start(t).Person("Ada")
	visit(p, owner, s.URL())
	p.WaitRow("old 119")
	waitRung(p, "WebSocket")
	chrome.Eval[bool](p, ears)
	heard := func() []string { return chrome.Eval[[]string](p, "heard") }

	p.Click("link", "Garden")
	p.Find("heading", "Garden")
	p.Click("link", "lobby")
	p.WaitRow("old 119")
	chrome.Eval[bool](p, "document.querySelector('[role=log]').scrollTop = 0, true")
	p.WaitRow("old 0")
	if got := heard(); len(got) > 0 {
		t.Errorf("read out although nothing is new: %q", got)
	}
	_, err := ben.Send(t.Context(), wire.Lobby, "new", "new")
	must(t, err)
	p.WaitRow("new")
	say(p, "my own")
	p.WaitRow("my own")
	p.Click("button", "Settings")
	p.Click("radio", "简体中文") // draws all rows anew
	p.Find("dialog", "设置")
	p.Click("radio", "English")
	p.Find("dialog", "Settings")
	p.Press(chrome.Escape)
	_, err = ben.Send(t.Context(), wire.Lobby, "last", "last")
	must(t, err)
	p.WaitRow("last")
	if got, want := heard(), []string{"new", "my own", "last"}; !slices.Equal(got, want) {
		t.Errorf("read out: %q, want %q", got, want)
	}
}
