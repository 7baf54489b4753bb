package chrome

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// console keeps what a page had to complain about.
type console struct {
	mu        sync.Mutex
	entries   []complaint // guarded by mu
	tolerated []string    // guarded by mu
}

type complaint struct {
	level, source, text, url string
}

// watch listens for complaints from now on. A page's own console.error, its
// exceptions, and everything of the browser's own log that is an error count.
func (p *Page) watch() {
	p.t.Helper()
	err := chromedp.Listen(p.ctx, func(ev any) {
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			p.log.add(complaint{"exception", "page", exceptionText(e.ExceptionDetails), e.ExceptionDetails.URL})
		case *runtime.EventConsoleAPICalled:
			var words []string
			for _, arg := range e.Args {
				words = append(words, strings.Trim(string(arg.Value), `"`)+arg.Description)
			}
			p.log.add(complaint{string(e.Type), "page", strings.Join(words, " "), ""})
		case *log.EventEntryAdded:
			p.log.add(complaint{string(e.Entry.Level), string(e.Entry.Source), e.Entry.Text, e.Entry.URL})
		}
	})
	if err != nil {
		p.t.Fatalf("%s: listen to the console: %v", p.name, err)
	}
}

func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

// Tolerate says that complaints with one of these texts are no mistake of the
// page's.
func (p *Page) Tolerate(texts ...string) {
	p.log.mu.Lock()
	defer p.log.mu.Unlock()
	p.log.tolerated = append(p.log.tolerated, texts...)
}

// TolerateNetwork says that requests may fail: a bad proxy or a dead server is
// what the test is about. Chromium reports each by itself.
func (p *Page) TolerateNetwork() {
	p.Tolerate("Failed to load resource", "WebSocket connection to", "net::ERR_")
}

func (c *console) add(e complaint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = append(c.entries, e)
}

// judge fails the test for what was an error and not tolerated, and prints
// everything when the test has failed.
func (c *console) judge(t testing.TB, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	failed := t.Failed()
	for _, e := range c.entries {
		line := fmt.Sprintf("%s: console %s (%s): %s %s", name, e.level, e.source, e.text, e.url)
		switch {
		case (e.level == "error" || e.level == "exception" || e.level == "assert" || e.panicked()) && !c.tolerates(e):
			t.Error(line)
		case failed || e.level == "warning":
			t.Log(line)
		}
	}
}

// panicked tells whether the app told of a panic that it caught.
func (e complaint) panicked() bool {
	return e.level == "log" && strings.Contains(e.text, "panic(") && strings.Contains(e.text, "[running]")
}

// slowDisk is what the app says when the browser's storage takes longer than it
// waits, as happens on a machine with much other work. It then goes on without:
// what that looks like, the tests of the storage see for themselves.
const slowDisk = "the store does not answer"

// left is what Chromium answers to a page that is being left while it asks for
// a lock. It is the last word of that page, and nobody sees it.
const left = "The provided callback is no longer runnable"

func (c *console) tolerates(e complaint) bool {
	for _, text := range append(c.tolerated[:len(c.tolerated):len(c.tolerated)], slowDisk, left) {
		if strings.Contains(e.text, text) {
			return true
		}
	}
	return false
}
