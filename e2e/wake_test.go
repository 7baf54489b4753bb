package e2e_test

import (
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/chrome"
	"parley/e2e/parley"
)

// noteReturn lets a page note when its network came back, and when a message
// was in the document.
const noteReturn = `(() => {
	const count = () => document.querySelector('[role=log]').textContent.split('missed first').length
	const before = count()
	window.back = window.shown = 0
	addEventListener('online', () => { back = performance.now() })
	new MutationObserver(() => {
		if (!shown && count() > before) shown = performance.now()
	}).observe(document.body, {subtree: true, childList: true, characterData: true})
	return true
})()`

// TestWake: after an outage the first message that was missed shows within a
// second of the network's return. Connections of before stay dead: they were
// opened in another network, and nobody has reset them. After a short outage the
// page does not know yet that they are.
func TestWake(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	browser := chrome.Start(t)
	for _, outage := range []time.Duration{3 * time.Second, time.Minute} {
		t.Run(outage.String(), func(t *testing.T) {
			away := []*traveller{
				travel(t, browser, s, owner, "WebSocket"),
				travel(t, browser, s, owner, "SSE", badproxy.WSRefuse()),
				travel(t, browser, s, owner, "Long poll", badproxy.WSRefuse(), badproxy.SSEFail(502)),
			}
			for _, a := range away {
				a.leave()
			}
			began := time.Now()
			_, err := owner.Send(t.Context(), "lobby", "missed first in "+outage.String(), outage.String())
			must(t, err)
			away[0].page.WaitFor(outage, func() bool { return time.Since(began) >= outage })
			for _, a := range away {
				took := a.comeBack(t)
				t.Logf("%s, outage of %v: the first missed message shows %d ms after the network's return", a.rung, outage, took.Milliseconds())
				if took > 3*time.Second { // one is promised; the machine may be busy
					t.Errorf("it took %v", took)
				}
			}
		})
	}
}

// traveller is somebody whose network goes away.
type traveller struct {
	page  *chrome.Page
	proxy *badproxy.Proxy
	rung  string
}

func travel(t *testing.T, browser *chrome.Browser, s *parley.Server, u *parley.User, rung string, faults ...badproxy.Fault) *traveller {
	t.Helper()
	a := &traveller{page: browser.On(t).Person(rung), proxy: through(t, s, faults...), rung: rung}
	a.page.TolerateNetwork()
	visit(a.page, u, a.proxy.URL())
	waitRung(a.page, rung)
	return a
}

// leave takes the network away.
func (a *traveller) leave() {
	a.proxy.Silence()
	a.page.Offline(true)
	chrome.Eval[bool](a.page, noteReturn)
}

// comeBack gives it back, and tells when after that the message was shown.
func (a *traveller) comeBack(t *testing.T) time.Duration {
	t.Helper()
	if chrome.Eval[bool](a.page, "shown > 0") {
		t.Fatalf("%s: this was no outage", a.rung)
	}
	a.proxy.Speak()
	a.page.Offline(false)
	a.page.Wait("the message that was missed", func() bool { return chrome.Eval[bool](a.page, "shown > 0") })
	return time.Duration(chrome.Eval[float64](a.page, "shown - back") * float64(time.Millisecond))
}

// TestWakeAfterSleep: a machine that slept says nothing of it, and its sockets
// may have died. A page finds out by the wall clock.
func TestWakeAfterSleep(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	owner := s.Setup("Ada")
	proxy := through(t, s)
	ada := chrome.Start(t).Person("Ada")
	ada.TolerateNetwork()
	visit(ada, owner, proxy.URL())
	waitRung(ada, "WebSocket")
	proxy.Silence()
	proxy.Speak()
	_, err := owner.Send(t.Context(), "lobby", "while it slept", "n1")
	must(t, err)
	chrome.Eval[bool](ada, `(() => {
		const Now = Date
		window.Date = class extends Now {
			constructor(...args) { args.length ? super(...args) : super(Now.now() + 3600e3) }
			static now() { return Now.now() + 3600e3 }
		}
		return true
	})()`)
	woken := time.Now()
	ada.WaitRow("while it slept")
	took := time.Since(woken)
	t.Logf("shown %v after the clock has jumped", took.Round(time.Millisecond))
	if took > 15*time.Second { // found by silence it takes 30 s
		t.Errorf("it took %v", took)
	}
}
