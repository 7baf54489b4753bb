package chrome

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// Page is one tab. It belongs to the test's goroutine. A method that does not
// find what it needs within [Patience] fails the test.
type Page struct {
	t    testing.TB
	ctx  context.Context
	name string
	log  *console
	raw  bool // nobody waits for the app

	waiting int   // conditions that are being looked at
	notYet  error // why the last one could not be
}

func newPage(t testing.TB, ctx context.Context, name string) *Page {
	t.Helper()
	p := &Page{t: t, ctx: ctx, name: name, log: &console{}}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("%s: open a tab: %v", name, err)
	}
	p.watch()
	// A page in the background is never painted, and its timers are throttled.
	call(p, "take the focus", emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	t.Cleanup(func() {
		if t.Failed() {
			p.keep("failed")
		}
		p.log.judge(t, name)
	})
	return p
}

// Open goes to a URL and waits until the document is there, and until the app
// has taken it over.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.do("open "+url, chromedp.Navigate(url))
	p.awaitApp()
}

// Reload loads the page anew, as F5 does.
func (p *Page) Reload() {
	p.t.Helper()
	p.do("reload", chromedp.Reload())
	p.awaitApp()
}

// Raw says that the page is to be used as it comes from the server, before the
// app is there or without it.
func (p *Page) Raw() { p.raw = true }

// Scripts lets pages run scripts, or not.
func (p *Page) Scripts(on bool) {
	p.t.Helper()
	p.raw = p.raw || !on
	call(p, "switch scripts", emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// Taken tells whether the app has taken over what the server drew.
func (p *Page) Taken() bool {
	gone, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("document.readyState === 'complete' && !document.getElementById('page')"))
	return err == nil && gone
}

// awaitApp waits for the app where there is one. A test that finds it missing
// will say so better.
func (p *Page) awaitApp() {
	if !p.raw {
		p.WaitFor(Patience, p.Taken)
	}
}

// URL is where the page is.
func (p *Page) URL() string {
	p.t.Helper()
	return Eval[string](p, "location.href")
}

// Installability are the reasons for which Chromium would not install the app.
func (p *Page) Installability() []string {
	p.t.Helper()
	res := call(p, "ask for installability", page.GetInstallabilityErrors, cdp.Empty{})
	var ids []string
	for _, e := range res.InstallabilityErrors {
		ids = append(ids, e.ErrorID)
	}
	return ids
}

// Manifest is the web app manifest as Chromium read it, and what it says
// against it.
func (p *Page) Manifest() (url, data string, complaints []string) {
	p.t.Helper()
	res := call(p, "read the manifest", page.GetAppManifest, page.GetAppManifestParams{})
	for _, e := range res.Errors {
		complaints = append(complaints, e.Message)
	}
	return res.URL, res.Data, complaints
}

// Wait waits until cond is true. what says for what, in the failure.
func (p *Page) Wait(what string, cond func() bool) {
	p.t.Helper()
	if !p.WaitFor(Patience, cond) {
		if p.notYet != nil {
			what += fmt.Sprintf(" (%v)", p.notYet)
		}
		p.t.Fatalf("%s: waited in vain for %s; the page says:\n%s", p.name, what, p.Text())
	}
}

// WaitFor waits until cond is true, no longer than d, and tells whether it is.
// What the page cannot evaluate, because it is on its way to another document or
// not all there, is not true yet.
func (p *Page) WaitFor(d time.Duration, cond func() bool) bool {
	for deadline := time.Now().Add(d); ; {
		if p.look(cond) {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// look tells whether cond is true. An [Eval] of the page's that fails in it ends it.
func (p *Page) look(cond func() bool) (is bool) {
	p.waiting++
	p.notYet = nil
	defer func() {
		p.waiting--
		if r := recover(); r != nil {
			failed, ok := r.(evalError)
			if !ok || failed.page != p {
				panic(r)
			}
			p.notYet = failed.error
		}
	}()
	return cond()
}

// evalError is thrown by what cannot be evaluated while somebody waits.
type evalError struct {
	page *Page
	error
}

// Text is all text of the page.
func (p *Page) Text() string {
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText : ''"))
	if err != nil {
		return fmt.Sprintf("(%v)", err)
	}
	return text
}

// Eval evaluates JavaScript; a promise is awaited. What cannot be evaluated fails
// the test, or, in a condition that somebody waits for, is not true yet.
func Eval[T any](p *Page, js string) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil && p.waiting > 0 {
		panic(evalError{p, err})
	}
	if err != nil {
		p.t.Fatalf("%s: evaluate %.200s: %v", p.name, js, err)
	}
	return v
}

// do runs an action that must not take longer than [Patience].
func (p *Page) do(what string, a chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	if err := chromedp.Do(ctx, a); err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, what, err)
	}
}

// call runs a command of the protocol that must work.
func call[P, R any](p *Page, what string, cmd cdp.Command[P, R], params P) R {
	p.t.Helper()
	res, err := try(p, cmd, params)
	if err != nil {
		p.t.Fatalf("%s: %s: %v", p.name, what, err)
	}
	return res
}

// try runs a command of the protocol that may fail: a node that it names can
// have gone.
func try[P, R any](p *Page, cmd cdp.Command[P, R], params P) (R, error) {
	ctx, cancel := context.WithTimeout(p.ctx, Patience)
	defer cancel()
	res, err := chromedp.Call(ctx, cmd, params)
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no answer of the browser: %w", err)
	}
	return res, err
}

// Cookie puts a cookie for an origin into the person's jar.
func (p *Page) Cookie(origin, name, value string) {
	p.t.Helper()
	call(p, "set a cookie", network.SetCookie, network.SetCookieParams{URL: origin, Name: name, Value: value, HTTPOnly: new(true)})
}

// Close closes the tab, and waits until the browser has it no more: it goes on
// for a moment after it was asked to close.
func (p *Page) Close() {
	p.t.Helper()
	id := chromedp.FromContext(p.ctx).Target.TargetID
	call(p, "close the tab", page.Close, cdp.Empty{})
	p.Wait("the tab to go", func() bool {
		res, err := chromedp.CallBrowser(p.ctx, target.GetTargets, target.GetTargetsParams{})
		return err == nil && !slices.ContainsFunc(res.TargetInfos, func(info *target.Info) bool { return info.TargetID == id })
	})
}
