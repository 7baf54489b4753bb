package browser

import "syscall/js"

// Wakes calls fn with a reason whenever the connection should be looked at: the
// network came back or became another one (a socket of the old one is dead, and
// "online" is not said for that), the page became visible, took the focus, came
// out of the back-forward cache, or was thawed. fn must not block.
func Wakes(fn func(reason string)) (cancel func()) {
	window, document := js.Global(), js.Global().Get("document")
	cancels := []func(){
		listen(window, "online", func(js.Value) { fn("online") }),
		listen(window, "focus", func(js.Value) { fn("focus") }),
		listen(document, "resume", func(js.Value) { fn("resume") }), // Page Lifecycle
		listen(window, "pageshow", func(event js.Value) {
			if event.Get("persisted").Truthy() {
				fn("pageshow")
			}
		}),
		listen(document, "visibilitychange", func(js.Value) {
			if Visible() {
				fn("visible")
			}
		}),
	}
	// Network Information API; few browsers have it.
	if network := window.Get("navigator").Get("connection"); network.Truthy() {
		kind := connectionOf(network)
		cancels = append(cancels, listen(network, "change", func(js.Value) {
			if now := connectionOf(network); now != kind { // not its estimates, which change all the time
				kind = now
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
func Visible() bool {
	return js.Global().Get("document").Get("visibilityState").String() == "visible"
}

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
