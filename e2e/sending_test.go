package e2e_test

import (
	"fmt"
	"net/http"
	"testing"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// holdDatabase lets nothing be written for as long as the page is there: whatever
// comes waits for this transaction.
const holdDatabase = `new Promise(held => {
	const open = indexedDB.open('parley');
	open.onsuccess = () => {
		const store = open.result.transaction('records', 'readwrite').objectStore('records');
		const hold = () => {
			held(true);
			store.get('nothing').onsuccess = hold;
		};
		store.get('nothing').onsuccess = hold;
	};
})`

// TestSendingIsToldHonestly: a message is shown as on its way while it is, as
// failed with the reason when it was refused, and as sent when it was answered;
// and what failed can be tried again or taken back into the composer.
func TestSendingIsToldHonestly(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	proxy := through(t, s)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	waitRung(ada, "WebSocket")

	t.Run("on its way", func(t *testing.T) {
		// What is tried hangs, and holds up what would be tried next.
		proxy.Set(badproxy.On(badproxy.Refuse(), badproxy.Command), badproxy.Hang())
		proxy.Cut()
		waitRung(ada, "Offline")
		say(ada, "written offline")
		waitState(ada, "written offline", "sending")
		if got := ada.Find("textbox", "Message").Value; got != "" {
			t.Errorf("the composer still holds %q", got)
		}
		ada.Find("button", "Try now")
		ada.Wait("the WebSocket to be tried again", func() bool { return proxy.Open(badproxy.WebSocket) > 0 })
		chrome.Eval[bool](ada, holdClock)
		proxy.Set()
		tried := proxy.Seen(badproxy.WebSocket)
		ada.Click("button", "Try now")
		ada.Wait("it to be tried now", func() bool { return proxy.Seen(badproxy.WebSocket) > tried })
		chrome.Eval[bool](ada, "window.releaseClock()")
		ada.WaitRow("written offline")
		waitRung(ada, "WebSocket")
	})
	t.Run("kept over a reload", func(t *testing.T) {
		proxy.Set(badproxy.On(badproxy.Refuse(), badproxy.Command), badproxy.WSRefuse())
		proxy.Cut()
		waitRung(ada, "SSE", "Long poll", "Short poll")
		say(ada, "before the reload")
		waitState(ada, "before the reload", "sending")
		ada.Wait("it to be kept", func() bool { return chrome.Eval[bool](ada, fmt.Sprintf(keptInOutbox, quoted("before the reload"))) })
		ada.Reload()
		waitState(ada, "before the reload", "sending")
		proxy.Set()
		ada.WaitRow("before the reload")
	})
	t.Run("kept over a reload at once", func(t *testing.T) {
		ada.Click("textbox", "Message")
		ada.Insert("gone in the same moment")
		chrome.Eval[bool](ada, holdDatabase)
		chrome.Eval[bool](ada, `(() => {
			document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));
			location.reload();
			return true;
		})()`)
		ada.WaitRow("gone in the same moment")
		waitRung(ada, "WebSocket")
		ada.Reload()
		ada.WaitRow("gone in the same moment")
		if kept := chrome.Eval[int](ada, "Object.keys(localStorage).filter(k => k.includes('outbox/')).length"); kept != 0 {
			t.Errorf("%d messages are still kept", kept)
		}
	})
	t.Run("refused", func(t *testing.T) {
		proxy.Set(refuseSends(), badproxy.WSRefuse())
		proxy.Cut()
		waitRung(ada, "SSE", "Long poll", "Short poll")
		say(ada, "refused at first")
		waitState(ada, "refused at first", "failed")
		if text := ada.Find("log", "").Text(); !contains(text, "Failed", "Not in this weather.") {
			t.Errorf("the page does not say what failed and why: %q", text)
		}
		ada.Wait("that to be kept", func() bool { return chrome.Eval[bool](ada, fmt.Sprintf(keptInOutbox, quoted("Not in this weather."))) })
		ada.Reload()
		waitState(ada, "refused at first", "failed")
		proxy.Set(badproxy.WSRefuse())
		ada.Click("button", "Try again")
		ada.WaitRow("refused at first")
	})
	t.Run("taken back", func(t *testing.T) {
		proxy.Set(refuseSends(), badproxy.WSRefuse())
		say(ada, "taken back")
		waitState(ada, "taken back", "failed")
		ada.Click("button", "Edit")
		ada.Wait("the text in the composer", func() bool { return ada.Find("textbox", "Message").Value == "taken back" })
		proxy.Set()
		ada.Click("textbox", "Message")
		ada.Press(chrome.Enter)
		ada.WaitRow("taken back")
	})
	want := []string{"written offline", "before the reload", "gone in the same moment", "refused at first", "taken back"}
	wantSame(t, want, ada)
	if history := historyOf(t, t.Context(), owner, wire.Lobby); len(history) != len(want) {
		t.Errorf("the history has %d messages, want %d: %+v", len(history), len(want), history)
	}
}

// keptInOutbox tells whether the browser's database has something in the outbox
// that says so: what is written is on the screen at once, and on the disk a moment
// later.
const keptInOutbox = `new Promise(done => {
	const open = indexedDB.open('parley');
	open.onerror = () => done(false);
	open.onsuccess = () => {
		const db = open.result;
		db.onversionchange = () => db.close();
		try {
			const kept = db.transaction('records').objectStore('records').getAll(IDBKeyRange.bound('outbox/', 'outbox/\uffff'));
			kept.onsuccess = () => { db.close(); done(kept.result.some(letter => letter.includes(%s))) };
			kept.onerror = () => { db.close(); done(false) };
		} catch {
			db.close();
			done(false);
		}
	};
})`

// holdClock stops the app's clock (of Go: wasm_exec.js), so that nothing becomes
// due and it does not try again by itself, nor draw; what it is told by events it
// does at once.
const holdClock = `(() => {
	const real = window.setTimeout, at = performance.now();
	performance.now = () => at;
	window.setTimeout = () => 0;
	for (let id = real(() => {}, 0); id > 0; id--) clearTimeout(id);
	window.releaseClock = () => {
		delete performance.now;
		window.setTimeout = real;
		return true;
	};
	return true;
})()`

// refuseSends answers sends as a server does that does not want them.
func refuseSends() badproxy.Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/api/v1/send" {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", wire.ProblemType)
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "%s", wire.Encode(wire.Errorf(wire.CodeForbidden, "Not in this weather.")))
		})
	}
}

// waitState waits until a message of one's own is shown in a state.
func waitState(p *chrome.Page, text, state string) {
	p.Wait(fmt.Sprintf("%q to be %s", text, state), func() bool {
		for _, r := range p.Rows() {
			if r.Text == text && r.State == state {
				return true
			}
		}
		return false
	})
}
