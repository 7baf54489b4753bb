package e2e_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// installed waits until the service worker is there, and serves the page.
func installed(p *chrome.Page) {
	p.Wait("the service worker", func() bool {
		return chrome.Eval[bool](p, "navigator.serviceWorker.getRegistration().then(r => !!(r && r.active))")
	})
	p.Reload()
	p.Find("log", "")
	p.Wait("the service worker to serve the page", func() bool {
		return chrome.Eval[bool](p, "!!navigator.serviceWorker.controller")
	})
}

// records are what the page's database keeps under a prefix.
func records(p *chrome.Page, prefix string) map[string]string {
	return chrome.Eval[map[string]string](p, `new Promise((resolve) => {
		const open = indexedDB.open("parley");
		open.onerror = () => resolve({});
		open.onupgradeneeded = () => open.transaction.abort();
		open.onsuccess = () => {
			const db = open.result;
			const store = db.transaction("records").objectStore("records");
			const keys = store.getAllKeys(), values = store.getAll();
			values.transaction.oncomplete = () => {
				db.close();
				resolve(Object.fromEntries(keys.result.map((k, i) => [k, values.result[i]]).filter(([k, v]) => k.startsWith("`+prefix+`") && typeof v === "string")));
			};
		};
	})`)
}

// waitKept waits until what the page shows of a room is kept: up to its newest message.
func waitKept(p *chrome.Page, room, text string) {
	p.Wait("the cache to have "+text, func() bool {
		list := records(p, "cache/room/"+room)["cache/room/"+room]
		return strings.Contains(list, text)
	})
}

// TestOffline: without a server the app opens from what it has kept, shows rooms,
// messages and what is unread, takes messages, and sends each once, also when it
// was closed in between.
func TestOffline(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	room := owner.Room(t, wire.KindPublic, "Garden")
	must(t, ben.Do(t.Context(), wire.CmdJoin, wire.RoomRef{Room: room.ID}, nil))
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visitRoom(ada, owner, s.URL(), room.ID)
	for i := range 30 {
		_, err := owner.Send(t.Context(), room.ID, fmt.Sprintf("rose %d", i), fmt.Sprint("rose", i))
		must(t, err)
	}
	ada.WaitRow("rose 29")
	ada.ClickMatch("link", regexp.MustCompile("lobby"))
	say(ada, "before")
	ada.WaitRow("before")
	installed(ada)
	waitRung(ada, "WebSocket")
	ada.ClickMatch("link", regexp.MustCompile("Garden"))
	ada.WaitRow("rose 29")
	ada.ClickMatch("link", regexp.MustCompile("lobby"))
	_, err := ben.Send(t.Context(), room.ID, "a tulip", "tulip")
	must(t, err)
	ada.Wait("an unread message", func() bool { return strings.HasPrefix(title(ada), "• ") })
	titled := title(ada)
	waitKept(ada, room.ID, "a tulip")
	waitKept(ada, wire.Lobby, "before")

	s.Kill()
	ada.Open(s.URL() + "/")
	ada.WaitRow("before")
	waitRung(ada, "Offline")
	ada.Wait("comfort", func() bool { return contains(ada.Text(), "sent later", "Analytical Society", "Garden") })
	if got := title(ada); got != titled {
		t.Errorf("without a server the title is %q, it was %q", got, titled)
	}
	say(ada, "one")
	waitState(ada, "one", "sending")
	say(ada, "two")
	waitState(ada, "two", "sending")
	ada.Keep("offline-desktop-light")
	ada.Show(chrome.PhoneDark)
	ada.Keep("offline-phone-dark")
	ada.Show(chrome.Desktop)
	ada.ClickMatch("link", regexp.MustCompile("Garden"))
	ada.WaitRow("a tulip")
	ada.WaitRow("rose 29")
	say(ada, "three")
	waitState(ada, "three", "sending")
	ada.Click("textbox", "Message")
	ada.Insert("a draft")
	ada.Reload()
	waitState(ada, "three", "sending")
	ada.Wait("the draft", func() bool { return ada.Find("textbox", "Message").Value == "a draft" })

	other := ada.Tab("Ada's other tab")
	other.TolerateNetwork()
	ada.Close()
	s.Again()
	other.Open(s.URL() + "/") // where one was last
	other.WaitRow("three")
	other.ClickMatch("link", regexp.MustCompile("lobby"))
	other.WaitRow("two")
	wantHistory(t, owner, wire.Lobby, "before", "one", "two")
	other.Wait("the outbox to be empty", func() bool { return len(records(other, "outbox/")) == 0 })
	garden := historyOf(t, t.Context(), owner, room.ID)
	if last := garden[len(garden)-1].Text; len(garden) != 32 || last != "three" {
		t.Errorf("the garden has %d messages, the last is %q", len(garden), last)
	}
	wantSame(t, []string{"before", "one", "two"}, other)
}

// TestQuotesOffline: what a reply quotes is there when the app is opened without a
// server, also when it was said long before what is kept.
func TestQuotesOffline(t *testing.T) {
	t.Parallel()
	s := parley.Start(t, "--send-rate=1000", "--send-burst=1000")
	owner := s.Setup("Ada")
	for i := range 300 {
		_, err := owner.Send(t.Context(), wire.Lobby, fmt.Sprintf("line %d", i+1), fmt.Sprint(i))
		must(t, err)
	}
	reply := func(seq uint64, text string) {
		must(t, owner.Do(t.Context(), wire.CmdSend, wire.Send{Room: wire.Lobby, Text: text, Nonce: text, ReplyTo: seq}, nil))
	}
	reply(3, "to the third")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visitRoom(ada, owner, s.URL(), wire.Lobby)
	installed(ada)
	waitRung(ada, "WebSocket")
	reply(4, "to the fourth") // while one looks
	quotes := func() string {
		return chrome.Eval[string](ada, "[...document.querySelectorAll('.quoted')].map(e => e.textContent).join()")
	}
	ada.Wait("the quotes", func() bool { return quotes() == "line 3,line 4" })
	waitKept(ada, wire.Lobby, `"text":"line 4"`)
	s.Kill()
	ada.Open(s.URL() + "/")
	ada.WaitRow("to the fourth")
	waitRung(ada, "Offline")
	if got := quotes(); got != "line 3,line 4" {
		t.Errorf("without a server the quotes are %q", got)
	}
}

// wantHistory wants the server to have exactly these messages in a room, at once
// or soon.
func wantHistory(t *testing.T, u *parley.User, room string, want ...string) {
	t.Helper()
	var got []string
	for deadline := time.Now().Add(chrome.Patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		got = nil
		for _, m := range historyOf(t, t.Context(), u, room) {
			got = append(got, m.Text)
		}
		if slices.Equal(got, want) {
			return
		}
	}
	t.Errorf("%s has %q, want %q", room, got, want)
}

// TestBackgroundSync: what was written without a network is sent by the service
// worker while no page is open, once and in order; and never as somebody else.
func TestBackgroundSync(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, s.URL())
	installed(ada)
	waitRung(ada, "WebSocket")
	s.Kill()
	waitRung(ada, "Offline")
	for _, text := range []string{"one", "two", "three"} {
		say(ada, text)
		waitState(ada, text, "sending")
	}
	ada.Wait("the outbox to be kept", func() bool { return len(records(ada, "outbox/")) == 3 })
	ada.Wait("a sync to be registered", func() bool {
		return slices.Contains(chrome.Eval[[]string](ada, "navigator.serviceWorker.ready.then(r => r.sync.getTags())"), "outbox")
	})
	nobody := ada.Tab("no page of the app")
	ada.Close()
	s.Again()
	nobody.Open(s.URL() + "/favicon.svg") // on the origin, as the protocol wants it

	name, value, _ := strings.Cut(ben.Header().Get("Cookie"), "=")
	nobody.Cookie(s.URL(), name, value)
	nobody.Tolerate("401")
	nobody.Sync(s.URL(), "outbox")
	_, err := ben.Send(t.Context(), wire.Lobby, "Ben's own", "ben")
	must(t, err)
	wantHistory(t, owner, wire.Lobby, "Ben's own")

	name, value, _ = strings.Cut(owner.Header().Get("Cookie"), "=")
	nobody.Cookie(s.URL(), name, value)
	nobody.Sync(s.URL(), "outbox")
	wantHistory(t, owner, wire.Lobby, "Ben's own", "one", "two", "three")
	nobody.TolerateNetwork()
	nobody.Open(s.URL())
	wantSame(t, []string{"Ben's own", "one", "two", "three"}, nobody)
	nobody.Wait("the outbox to be empty", func() bool { return len(records(nobody, "outbox/")) == 0 })
	wantHistory(t, owner, wire.Lobby, "Ben's own", "one", "two", "three")
}

// TestHangingNetwork: a network that swallows everything does not keep the app
// away, and what was kept is shown until it works again.
func TestHangingNetwork(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	proxy := through(t, s)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	installed(ada)
	waitRung(ada, "WebSocket")
	say(ada, "before")
	ada.WaitRow("before")
	waitKept(ada, wire.Lobby, "before")
	proxy.Set(badproxy.Hang())
	proxy.Cut()
	began := time.Now()
	ada.Open(proxy.URL() + "/")
	ada.WaitRow("before")
	took := time.Since(began).Round(10 * time.Millisecond)
	t.Logf("the messages were there after %v", took)
	if took > 10*time.Second {
		t.Errorf("a hanging network kept the messages away for %v", took)
	}
	say(ada, "into the void")
	waitState(ada, "into the void", "sending")
	proxy.Set()
	proxy.Cut()
	ada.WaitRow("into the void")
	wantHistory(t, owner, wire.Lobby, "before", "into the void")
}

// TestKeptForNobodyElse: signing out deletes what was kept; and what was kept of
// one person is not what the next one goes on with, whoever opens the app
// without a network.
func TestKeptForNobodyElse(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ben := s.Member(owner, "Ben")
	secret := owner.Room(t, wire.KindPrivate, "Secret")
	_, err := owner.Send(t.Context(), secret.ID, "Ada's secret", "secret")
	must(t, err)
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visitRoom(ada, owner, s.URL(), secret.ID)
	ada.WaitRow("Ada's secret")
	installed(ada)
	waitKept(ada, secret.ID, "Ada's secret")

	t.Run("somebody else's cookie", func(t *testing.T) {
		s.Kill()
		ada.Open(s.URL() + "/rooms/" + secret.ID)
		ada.WaitRow("Ada's secret")
		say(ada, "as Ada")
		waitState(ada, "as Ada", "sending")
		name, value, _ := strings.Cut(ben.Header().Get("Cookie"), "=")
		ada.Cookie(s.URL(), name, value)
		s.Again()
		ada.Wait("Ada's rooms to go", func() bool { return !contains(ada.Text(), "Secret") && contains(ada.Text(), "Ben") })
		ada.Wait("Ada's cache to go", func() bool { return len(records(ada, "cache/room/"+secret.ID)) == 0 })
		ada.Wait("Ben's to come", func() bool { return strings.Contains(records(ada, "cache/state")["cache/state"], `"Ben"`) })
		if history := historyOf(t, t.Context(), owner, secret.ID); len(history) != 1 {
			t.Errorf("Ada's room has %+v", history)
		}
		if len(records(ada, "outbox/")) != 1 {
			t.Errorf("what Ada has written is not there for her any more: %v", records(ada, "outbox/"))
		}
	})
	t.Run("signed out", func(t *testing.T) {
		ada.Click("button", "Sign out")
		ada.Find("dialog", "Sign out?")
		all := ada.All("button", "Sign out")
		all[len(all)-1].Click()
		ada.Find("button", "Sign in")
		ada.Wait("the cache to go", func() bool { return len(records(ada, "cache/")) == 0 })
		s.Kill()
		ada.Open(s.URL() + "/")
		ada.Wait("words about the server", func() bool { return contains(ada.Text(), "Parley", "reach") })
		if contains(ada.Text(), "Ben") || contains(ada.Text(), "Ada") {
			t.Errorf("the page shows %q", ada.Text())
		}
	})
}
