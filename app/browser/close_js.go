package browser

import "syscall/js"

// Closes calls fn once, when the person asks the browser to close what has just
// been opened: by the back button or gesture of a phone, which otherwise would
// leave the page (HTML, close watchers). Where the browser does not know of that,
// nothing is called.
func Closes(fn func()) (cancel func()) {
	watcher := js.Global().Get("CloseWatcher")
	if !watcher.Truthy() {
		return func() {}
	}
	watching := watcher.New()
	unlisten := listen(watching, "close", func(js.Value) { fn() })
	return func() {
		unlisten()
		watching.Call("destroy")
	}
}
