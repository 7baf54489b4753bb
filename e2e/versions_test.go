package e2e_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// rewrite changes the body of what is served under a path, as another version of
// the server would.
func rewrite(path string, change func(body string) string) badproxy.Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != path {
				next.ServeHTTP(w, r)
				return
			}
			r.Header.Del("Accept-Encoding")
			r.Header.Del("If-None-Match")
			rec := &recorder{header: http.Header{}}
			next.ServeHTTP(rec, r)
			body := change(rec.body.String())
			for name, values := range rec.header {
				if name != "Content-Length" && name != "Etag" {
					w.Header()[name] = values
				}
			}
			w.WriteHeader(rec.status)
			_, _ = io.WriteString(w, body) // a page that has left does not want it
		})
	}
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

// TestUpdate: a newer version is offered and never forced. The tab that is open
// goes on beside the new worker, its files stay there, and neither what is being
// written nor what is on its way is lost when the person takes the offer.
func TestUpdate(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	proxy := through(t, s)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	installed(ada)
	waitRung(ada, "WebSocket")
	before := chrome.Eval[[]string](ada, "caches.keys()")

	newer := rewrite("/sw.js", func(body string) string {
		return strings.Replace(body, `const CACHE = "parley-`, `const CACHE = "parley-newer-`, 1)
	})
	proxy.Set(newer, badproxy.Refuse())
	proxy.Cut()
	waitRung(ada, "Offline")
	say(ada, "on its way")
	waitState(ada, "on its way", "sending")
	ada.Click("textbox", "Message")
	ada.Insert("a draft")
	proxy.Set(newer)
	ada.Find("button", "Reload")
	ada.Keep("update-offered")
	ada.WaitRow("on its way")
	if got := ada.Find("textbox", "Message").Value; got != "a draft" {
		t.Errorf("after the update the composer holds %q", got)
	}
	after := chrome.Eval[[]string](ada, "caches.keys()")
	for _, name := range before {
		if !slices.Contains(after, name) {
			t.Errorf("the open tab's files have gone: %q, there were %q", after, before)
		}
	}

	proxy.Set(newer, badproxy.On(badproxy.Refuse(), badproxy.Command), badproxy.WSRefuse())
	proxy.Cut()
	waitRung(ada, "SSE", "Long poll", "Short poll")
	ada.Press(chrome.Enter)
	waitState(ada, "a draft", "sending")
	ada.Click("textbox", "Message")
	ada.Insert("another draft")
	ada.Click("button", "Reload")
	ada.Wait("the offer to be gone", func() bool { return len(ada.Rows()) > 0 && !ada.Has("button", "Reload") })
	waitState(ada, "a draft", "sending")
	ada.Wait("the draft", func() bool { return ada.Find("textbox", "Message").Value == "another draft" })
	proxy.Set(newer)
	ada.WaitRow("a draft")
	wantHistory(t, owner, wire.Lobby, "on its way", "a draft")
}

// TestUpdateKeepsFiles: what is attached to a message and not sent is not thrown
// away for a newer version.
func TestUpdateKeepsFiles(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	proxy := through(t, s)
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	installed(ada)
	waitRung(ada, "WebSocket")
	newer := rewrite("/sw.js", func(body string) string {
		return strings.Replace(body, `const CACHE = "parley-`, `const CACHE = "parley-newer-`, 1)
	})
	proxy.Set(newer, badproxy.Refuse())
	proxy.Cut()
	waitRung(ada, "Offline")
	ada.Choose(attachInput, store(t, "notes.txt", []byte("notes")))
	wantTray(ada, "notes.txt")
	proxy.Set(newer)
	ada.Click("button", "Reload")
	wantAlert(ada, "Attached files would be lost.")
	wantTray(ada, "notes.txt")
	say(ada, "with notes")
	ada.WaitRow("with notes")
	ada.Click("button", "Reload")
	ada.Wait("the offer to be gone", func() bool { return len(ada.Rows()) > 0 && !ada.Has("button", "Reload") })
}

// TestNewerDatabase: a newer version of the app wants to change the database while
// an older one has it open. The older one lets go, and goes on with the new one.
func TestNewerDatabase(t *testing.T) {
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
	newer := ada.Tab("a newer version")
	newer.TolerateNetwork()
	newer.Open(proxy.URL() + "/favicon.svg")
	if got := chrome.Eval[string](newer, `new Promise((resolve) => {
		const open = indexedDB.open("parley", 7);
		open.onupgradeneeded = () => open.result.createObjectStore("something new");
		open.onsuccess = () => { open.result.close(); resolve("upgraded"); };
		open.onerror = () => resolve(String(open.error));
	})`); got != "upgraded" {
		t.Fatalf("the older version does not let go: %s", got)
	}
	waitRung(ada, "WebSocket")
	proxy.Set(badproxy.Refuse())
	proxy.Cut()
	waitRung(ada, "Offline")
	say(ada, "beside it")
	waitState(ada, "beside it", "sending")
	ada.Wait("it to be kept", func() bool { return len(records(ada, "outbox/")) == 1 })
	proxy.Set()
	ada.WaitRow("beside it")
	waitKept(ada, wire.Lobby, "beside it")
	wantHistory(t, owner, wire.Lobby, "before", "beside it")
}

// TestBrokenDownload: the app's download breaks in the middle, or somebody else
// answers it. The page works without it, and the app comes when it can.
func TestBrokenDownload(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	var broken, heal atomic.Int64
	proxy := through(t, s, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, ".wasm") || heal.Load() > 0 {
				next.ServeHTTP(w, r)
				return
			}
			rec := &recorder{header: http.Header{}}
			next.ServeHTTP(rec, r)
			switch broken.Add(1) % 4 {
			case 0: // a hotspot
				w.Header().Set("Content-Type", "text/html")
				_, _ = io.WriteString(w, "<h1>Please sign in</h1>")
				return
			case 1:
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			for name, values := range rec.header {
				w.Header()[name] = values
			}
			w.WriteHeader(rec.status)
			_, _ = w.Write(rec.body.Bytes()[:rec.body.Len()/2])
			panic(http.ErrAbortHandler)
		})
	})
	owner := s.Setup("Ada")
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	say(ada, "without the app")
	ada.WaitRow("without the app")
	ada.Wait("the download to break a few times", func() bool { return broken.Load() > 3 })
	heal.Store(1)
	waitRung(ada, "WebSocket")
	say(ada, "with the app")
	ada.WaitRow("with the app")
	wantHistory(t, owner, wire.Lobby, "without the app", "with the app")
}
