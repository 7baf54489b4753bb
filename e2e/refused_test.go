package e2e_test

import (
	"strings"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// databases are browsers whose IndexedDB is of no use, each in its own way.
var databases = map[string]string{
	"absent":  `Object.defineProperty(window, "indexedDB", {value: undefined});`,
	"refused": `IDBFactory.prototype.open = () => { throw new DOMException("refused", "SecurityError"); };`,
	"fails": `{
		const open = IDBFactory.prototype.open;
		IDBFactory.prototype.open = function(name) { return open.call(this, name, 0.5 + Number.MAX_SAFE_INTEGER); };
	}`,
	"hangs": `IDBFactory.prototype.open = () => new EventTarget();`,
	"full": `IDBObjectStore.prototype.put = function() {
		const transaction = this.transaction;
		Object.defineProperty(transaction, "error", {value: new DOMException("no room", "QuotaExceededError")});
		queueMicrotask(() => {
			try {
				transaction.abort();
			} catch {
				// by another record
			}
		});
		return new EventTarget();
	};`,
	"answers nothing": `{
		const real = IDBDatabase.prototype.transaction;
		IDBDatabase.prototype.transaction = function(...args) {
			const t = real.apply(this, args);
			for (const name of ["oncomplete", "onabort"])
				Object.defineProperty(t, name, {set() {}});
			return t;
		};
	}`,
}

// noLocalStorage is a browser that refuses localStorage, as with cookies blocked.
const noLocalStorage = `Object.defineProperty(window, "localStorage", {
	get() { throw new DOMException("refused", "SecurityError"); },
});`

// fullLocalStorage has no room left in localStorage.
const fullLocalStorage = `Storage.prototype.setItem = () => { throw new DOMException("no room", "QuotaExceededError"); };`

// writesOffline writes while the network is away, and wants it sent once when it
// is back.
func writesOffline(t *testing.T, p *chrome.Page, u *parley.User, proxy *badproxy.Proxy, text string) {
	t.Helper()
	waitRung(p, "WebSocket")
	proxy.Set(badproxy.Refuse())
	proxy.Cut()
	waitRung(p, "Offline")
	say(p, text)
	waitState(p, text, "sending")
	say(p, text+" again")
	waitState(p, text+" again", "sending")
	proxy.Set()
	p.WaitRow(text + " again")
	wantHistory(t, u, wire.Lobby, text, text+" again")
	wantSame(t, []string{text, text + " again"}, p)
}

// TestNoDatabase: without IndexedDB everything that is open works, what is written
// is kept elsewhere, and nobody is troubled with it.
func TestNoDatabase(t *testing.T) {
	t.Parallel()
	browser := chrome.Start(t)
	for name, script := range databases {
		t.Run(name, func(t *testing.T) {
			s := parley.Start(t)
			proxy := through(t, s)
			owner := s.Setup("Ada")
			ada := browser.On(t).Person("Ada")
			ada.TolerateNetwork()
			ada.Tolerate("parley: the outbox cannot be kept", "parley: the state cannot be kept")
			ada.BeforeLoad(script)
			visit(ada, owner, proxy.URL())
			writesOffline(t, ada, owner, proxy, "written")

			proxy.Set(badproxy.On(badproxy.Refuse(), badproxy.Command), badproxy.WSRefuse())
			proxy.Cut()
			waitRung(ada, "SSE", "Long poll", "Short poll")
			say(ada, "over a reload")
			waitState(ada, "over a reload", "sending")
			ada.Wait("it to be kept", func() bool {
				return chrome.Eval[bool](ada, "Object.keys(localStorage).some(k => k.startsWith('parley:outbox/'))")
			})
			ada.Reload()
			waitState(ada, "over a reload", "sending")
			if contains(ada.Text(), "keeps nothing") {
				t.Error("the page says that nothing is kept, but it is")
			}
			proxy.Set()
			ada.WaitRow("over a reload")
		})
	}
}

// TestNothingKept: where the browser refuses all storage, sending works, and the
// person is told once, calmly, that what is written is not kept.
func TestNothingKept(t *testing.T) {
	t.Parallel()
	browser := chrome.Start(t)
	for name, script := range map[string]string{
		"refused": databases["refused"] + noLocalStorage,
		"full":    databases["full"] + fullLocalStorage,
	} {
		t.Run(name, func(t *testing.T) {
			s := parley.Start(t)
			proxy := through(t, s)
			owner := s.Setup("Ada")
			ada := browser.On(t).Person("Ada")
			ada.TolerateNetwork()
			ada.Tolerate("parley: ")
			ada.BeforeLoad(script)
			visit(ada, owner, proxy.URL())
			ada.Click("textbox", "Message")
			ada.Insert("a draft")
			ada.Wait("a word about it", func() bool { return contains(ada.Text(), "keeps nothing") })
			ada.Keep("nothing-kept-" + name)
			ada.Click("button", "Close")
			ada.Wait("it to go", func() bool { return !contains(ada.Text(), "keeps nothing") })
			ada.Fill("textbox", "Message", "")
			writesOffline(t, ada, owner, proxy, "written")
			if contains(ada.Text(), "keeps nothing") {
				t.Error("it is said twice")
			}
		})
	}
}

// TestNoLocalStorage: without localStorage the outbox is kept all the same.
func TestNoLocalStorage(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	proxy := through(t, s)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	ada.Tolerate("parley: the rung is not remembered")
	ada.BeforeLoad(noLocalStorage)
	visit(ada, owner, proxy.URL())
	writesOffline(t, ada, owner, proxy, "written")
	proxy.Set(badproxy.On(badproxy.Refuse(), badproxy.Command), badproxy.WSRefuse())
	proxy.Cut()
	waitRung(ada, "SSE", "Long poll", "Short poll")
	say(ada, "over a reload")
	waitState(ada, "over a reload", "sending")
	ada.Wait("it to be kept", func() bool { return len(records(ada, "outbox/")) == 1 })
	ada.Reload()
	waitState(ada, "over a reload", "sending")
	proxy.Set()
	ada.WaitRow("over a reload")
}

// TestNoServiceWorker: one that cannot be registered, or cannot be had, takes
// nothing away but the start without a network.
func TestNoServiceWorker(t *testing.T) {
	t.Parallel()
	browser := chrome.Start(t)
	for name, script := range map[string]string{
		"refused": `ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException("refused", "SecurityError"));`,
		"absent":  `delete Navigator.prototype.serviceWorker;`,
		"hangs":   `ServiceWorkerContainer.prototype.register = () => new Promise(() => {});`,
	} {
		t.Run(name, func(t *testing.T) {
			s := parley.Start(t)
			proxy := through(t, s)
			owner := s.Setup("Ada")
			ada := browser.On(t).Person("Ada")
			ada.TolerateNetwork()
			ada.Tolerate("service worker registration failed")
			ada.BeforeLoad(script)
			visit(ada, owner, proxy.URL())
			writesOffline(t, ada, owner, proxy, "written")
		})
	}
}

// TestClockWrong: with a clock that is a day ahead or behind, the order is right,
// the times are the server's, and messages are sent, kept and shown.
func TestClockWrong(t *testing.T) {
	t.Parallel()
	browser := chrome.Start(t)
	for name, days := range map[string]string{"ahead": "1", "behind": "-1"} {
		t.Run(name, func(t *testing.T) {
			s := parley.Start(t)
			proxy := through(t, s)
			owner := s.Setup("Ada")
			ben := s.Member(owner, "Ben")
			ada := browser.On(t).Person("Ada")
			ada.TolerateNetwork()
			visit(ada, owner, proxy.URL()) // with the right clock, which remembers a rung
			waitRung(ada, "WebSocket")
			ada.BeforeLoad(`{
				const day = ` + days + ` * 86400_000, real = Date;
				globalThis.Date = class extends real {
					constructor(...args) { args.length ? super(...args) : super(real.now() + day); }
					static now() { return real.now() + day; }
				};
			}`)
			ada.Reload()
			ada.Find("log", "")
			writesOffline(t, ada, owner, proxy, "one")
			_, err := ben.Send(t.Context(), wire.Lobby, "two", "n")
			must(t, err)
			ada.WaitRow("two")
			say(ada, "three")
			ada.WaitRow("three")
			ada.Click("textbox", "Message")
			ada.Insert("a draft")
			waitKept(ada, wire.Lobby, "three")
			ada.Reload()
			ada.WaitRow("three")
			waitRung(ada, "WebSocket")
			ada.Wait("the draft", func() bool { return ada.Find("textbox", "Message").Value == "a draft" })
			wantSame(t, []string{"one", "one again", "two", "three"}, ada)
			for _, text := range chrome.Eval[[]string](ada, "[...document.querySelectorAll('[role=log] time')].map(t => t.dateTime)") {
				at, err := time.Parse(time.RFC3339, text)
				if err != nil || time.Since(at).Abs() > time.Hour {
					t.Errorf("a message is said to be of %q (%v)", text, err)
				}
			}
		})
	}
}

// TestCacheOfAnotherVersion: what cannot be read is as good as nothing, with a
// server and without one, and is replaced.
func TestCacheOfAnotherVersion(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, s.URL())
	say(ada, "before")
	ada.WaitRow("before")
	installed(ada)
	for name, value := range map[string]string{
		"garbage": `"\u0000 garbage"`, "another version": `'{"v":99,"cursor":"x","me":{"id":"x","name":"X"}}'`,
		"cut off": `old.slice(0, old.length / 2)`, "no text": `new Uint8Array(3)`,
	} {
		t.Run(name, func(t *testing.T) {
			waitKept(ada, wire.Lobby, "before")
			ada.Open(s.URL() + "/favicon.svg") // where no app writes
			chrome.Eval[bool](ada, `new Promise((resolve) => {
				const open = indexedDB.open("parley");
				open.onsuccess = () => {
					const store = open.result.transaction("records", "readwrite").objectStore("records");
					store.get("cache/state").onsuccess = (e) => {
						const old = e.target.result;
						store.put(`+value+`, "cache/state");
					};
					store.transaction.oncomplete = () => { open.result.close(); resolve(true); };
				};
			})`)
			s.Kill()
			ada.Open(s.URL() + "/")
			ada.Wait("words about the server", func() bool { return contains(ada.Text(), "Parley", "reach") })
			s.Again()
			ada.WaitRow("before")
			ada.Wait("the cache to be right again", func() bool {
				return strings.Contains(records(ada, "cache/state")["cache/state"], `"name":"Ada"`)
			})
		})
	}
}

// TestCleared: somebody clears the browser's data while the page is open. Nothing
// that is shown is lost, sending goes on, and it is kept again.
func TestCleared(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	proxy := through(t, s)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	say(ada, "before")
	ada.WaitRow("before")
	waitKept(ada, wire.Lobby, "before")
	waitRung(ada, "WebSocket")
	proxy.Set(badproxy.Refuse())
	proxy.Cut()
	waitRung(ada, "Offline")
	say(ada, "on its way")
	waitState(ada, "on its way", "sending")
	ada.Wait("it to be kept", func() bool { return len(records(ada, "outbox/")) == 1 })
	ada.ClearData(proxy.URL(), "indexeddb,local_storage,cache_storage,service_workers")
	ada.Wait("it to be kept again", func() bool { return len(records(ada, "outbox/")) == 1 })
	waitKept(ada, wire.Lobby, "before")
	waitState(ada, "on its way", "sending")
	ada.WaitRow("before")
	proxy.Set()
	ada.WaitRow("on its way")
	say(ada, "afterwards")
	ada.WaitRow("afterwards")
	wantHistory(t, owner, wire.Lobby, "before", "on its way", "afterwards")
	waitKept(ada, wire.Lobby, "afterwards")
}
