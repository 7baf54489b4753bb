package browser

import (
	"syscall/js"
	"time"

	"parley/app/client"
)

// Wakes calls fn with a reason whenever the connection should be looked at: the
// network came back or became another one (a socket of the old one is dead, and
// "online" is not said for that), the page became visible, took the focus, came
// out of the back-forward cache, or was thawed. fn must not block.
func Wakes(fn func(reason string)) (cancel func()) {
	window, document := js.Global(), js.Global().Get("document")
	cancels := []func(){
		listen(window, "online", func(js.Value) { fn("online") }),
		listen(window, "focus", func(js.Value) { fn(client.GlanceFocus) }),
		listen(document, "resume", func(js.Value) { fn("resume") }), // Page Lifecycle
		listen(window, "pageshow", func(event js.Value) {
			if event.Get("persisted").Truthy() {
				fn("pageshow")
			}
		}),
		listenReturn(document, fn),
		listenSleep(window, fn),
	}
	// Network Information API; few browsers have it.
	if network := window.Get("navigator").Get("connection"); network.Truthy() {
		kind := connectionOf(network)
		cancels = append(cancels, listen(network, "change", func(js.Value) {
			now := connectionOf(network)
			changed := now != kind // not its estimates, which change all the time
			kind = now
			if changed && window.Get("navigator").Get("onLine").Truthy() {
				fn("network")
			}
		}))
	}
	return func() {
		for _, cancel := range cancels {
			cancel()
		}
	}
}

// longAway is how long a page must have been hidden to count as having been away:
// a phone that was in a pocket.
const longAway = 15 * time.Second

// listenReturn waits for the page to become visible.
func listenReturn(document js.Value, fn func(reason string)) (cancel func()) {
	left := time.Now()
	return listen(document, "visibilitychange", func(js.Value) {
		switch {
		case !Visible():
			left = time.Now()
		case sinceWall(left) > longAway:
			fn("return")
		default:
			fn(client.GlanceVisible)
		}
	})
}

// sinceWall is time by the wall clock: the monotonic one of a browser may stand
// still while the machine sleeps.
func sinceWall(t time.Time) time.Duration { return time.Now().Round(0).Sub(t.Round(0)) }

// A tick that comes so much later than it should finds that the machine has
// slept: not every browser tells of it, and the network need not have changed.
const (
	tickEvery = 2 * time.Second
	tickLate  = 10 * time.Second
)

// listenSleep waits for the machine to have slept. Hidden pages are left out:
// their ticks are throttled, and becoming visible is a reason of its own.
func listenSleep(window js.Value, fn func(reason string)) (cancel func()) {
	last := time.Now()
	tick := js.FuncOf(func(js.Value, []js.Value) any {
		if gone := sinceWall(last); gone > tickLate && Visible() {
			fn("slept")
		}
		last = time.Now()
		return nil
	})
	id := window.Call("setInterval", tick, tickEvery.Milliseconds())
	return func() {
		window.Call("clearInterval", id)
		tick.Release()
	}
}

// connectionOf is what kind of network there is, as far as the browser tells.
func connectionOf(network js.Value) string {
	if kind := network.Get("type"); kind.Type() == js.TypeString {
		return kind.String() // wifi, cellular, ...: on phones
	}
	return network.Get("effectiveType").String()
}

// Hides calls fn whenever the page may be about to end: it was hidden, or left. A
// browser need not tell anything later. What fn does must not take long.
func Hides(fn func()) (cancel func()) {
	offHide := listen(js.Global(), "pagehide", func(js.Value) { fn() })
	offVisible := listen(js.Global().Get("document"), "visibilitychange", func(js.Value) {
		if !Visible() {
			fn()
		}
	})
	return func() {
		offHide()
		offVisible()
	}
}

// Visible tells whether the page can be seen.
func Visible() bool { return !document.Get("hidden").Bool() }

// Focused tells whether what is typed comes to this page.
func Focused() bool { return document.Call("hasFocus").Bool() }

// document is the page's, for what asks it often.
var document = js.Global().Get("document")

func listen(target js.Value, event string, fn func(js.Value)) (cancel func()) {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		fn(first(args))
		return nil
	})
	target.Call("addEventListener", event, f)
	return func() {
		target.Call("removeEventListener", event, f)
		f.Release()
	}
}

// Languages are the languages of the reader, best first, as BCP 47 tags.
func Languages() []string {
	list := js.Global().Get("navigator").Get("languages")
	if list.Type() != js.TypeObject {
		return nil
	}
	tags := make([]string, list.Length())
	for i := range tags {
		tags[i] = list.Index(i).String()
	}
	return tags
}
