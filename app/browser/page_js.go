package browser

import "syscall/js"

// Wakes calls fn with a reason whenever the connection should be looked at: the
// network came back, the page became visible, or it came out of the
// back-forward cache. fn must not block.
func Wakes(fn func(reason string)) (cancel func()) {
	window, document := js.Global(), js.Global().Get("document")
	offOnline := listen(window, "online", func(js.Value) { fn("online") })
	offShow := listen(window, "pageshow", func(event js.Value) {
		if event.Get("persisted").Truthy() {
			fn("pageshow")
		}
	})
	offVisible := listen(document, "visibilitychange", func(js.Value) {
		if Visible() {
			fn("visible")
		}
	})
	return func() {
		offOnline()
		offShow()
		offVisible()
	}
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
