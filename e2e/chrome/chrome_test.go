package chrome_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"parley/e2e/chrome"
)

const testPage = `<!doctype html><meta charset=utf-8><title>t</title>
<nav aria-label="Rooms"><a href="#x">lobby</a></nav>
<p role=status id=s>quiet</p>
<label>Name <input id=i></label><textarea aria-label=Message id=m></textarea>
<button onclick="s.textContent = i.value">Say it</button><button hidden>Hidden</button>
<script>m.onkeydown = e => { if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) { e.preventDefault(); s.textContent = 'sent ' + m.value } }</script>`

// TestHands holds the helpers to what a person can do: without it, a test that
// cannot click would look like a page that cannot be clicked.
func TestHands(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			fmt.Fprint(w, testPage)
		}
	}))
	t.Cleanup(site.Close)
	p := chrome.Start(t).Person("ada")
	p.Open(site.URL)
	p.Fill("textbox", "Name", "first")
	p.Fill("textbox", "Name", "陈小明 👋")
	p.Click("button", "Say it")
	p.Wait("the status", func() bool { return p.Find("status", "").Text() == "陈小明 👋" })

	p.Click("textbox", "Message")
	p.Type("one")
	p.Press(chrome.Enter, chrome.Shift)
	p.Type("two")
	p.Press(chrome.Enter)
	p.Wait("Enter to send", func() bool { return p.Find("status", "").Text() == "sent one two" })

	p.Compose("nihao")
	p.ComposeKey(chrome.Enter, 229)
	p.Insert("你好")
	if got := p.Find("textbox", "Message").Value; got != "one\ntwo你好" {
		t.Errorf("the composer holds %q", got)
	}
	if got := p.Find("status", "").Text(); got != "sent one two" {
		t.Errorf("a key of the input method sent: %q", got)
	}
	if p.Has("button", "Hidden") || !p.Has("navigation", "Rooms") || !p.Has("link", "lobby") {
		t.Error("hidden things are found, or plain ones are not")
	}
}

// TestPeopleShareNothing: two people have two cookie jars.
func TestPeopleShareNothing(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(site.Close)
	b := chrome.Start(t)
	ada, ben := b.Person("ada"), b.Person("ben")
	ada.Open(site.URL)
	ben.Open(site.URL)
	chrome.Eval[string](ada, `document.cookie = "who=ada"`)
	if got := chrome.Eval[string](ben, "document.cookie"); got != "" {
		t.Errorf("ben has the cookie %q", got)
	}
	tab := ada.Tab("ada again")
	tab.Open(site.URL)
	if got := chrome.Eval[string](tab, "document.cookie"); got != "who=ada" {
		t.Errorf("ada's other tab has the cookie %q", got)
	}
}

// TestWaitForWhatIsNotThereYet: what cannot be evaluated, for the page is not all
// there or goes to another document meanwhile, is waited for.
func TestWaitForWhatIsNotThereYet(t *testing.T) {
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "<!doctype html><title>page</title><script>setTimeout(() => document.body.innerHTML = '<p id=late>%s', 200)</script>", r.URL.Path)
	}))
	t.Cleanup(site.Close)
	p := chrome.Start(t).Person("ada")
	for _, path := range []string{"/one", "/two"} {
		if path == "/one" {
			p.Open(site.URL + path)
		} else {
			chrome.Eval[bool](p, "setTimeout(() => location.href = '/two', 100), true")
		}
		p.Wait("the text of "+path, func() bool {
			return chrome.Eval[string](p, "new Promise(done => setTimeout(done, 50)).then(() => document.getElementById('late').textContent)") == path
		})
	}
	if p.WaitFor(100*time.Millisecond, func() bool { return chrome.Eval[bool](p, "nothing.of.this.name") }) {
		t.Error("what cannot be evaluated is taken for true")
	}
}
