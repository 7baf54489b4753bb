package browser

import (
	"context"
	"encoding/json"
	"syscall/js"
)

// Installed tells whether the page runs as an installed app, in a window of its own.
func Installed() bool {
	window := js.Global()
	modes := "(display-mode: standalone), (display-mode: window-controls-overlay), (display-mode: minimal-ui)"
	return window.Call("matchMedia", modes).Get("matches").Bool() || window.Get("navigator").Get("standalone").Truthy()
}

// Agent is how the browser calls itself, and whether it is used with fingers.
func Agent() (name string, touch bool) {
	navigator := js.Global().Get("navigator")
	return navigator.Get("userAgent").String(), navigator.Get("maxTouchPoints").Int() > 1
}

// ignore is for promises that may fail without harm.
var ignore = js.FuncOf(func(js.Value, []js.Value) any { return nil })

// Badge shows a number on the icon of the installed app, or instead of none a
// dot, if there is to be one. Where there is no such icon nothing happens.
func Badge(n uint64, dot bool) {
	navigator := js.Global().Get("navigator")
	if !navigator.Get("setAppBadge").Truthy() {
		return
	}
	switch {
	case n > 0:
		navigator.Call("setAppBadge", float64(n)).Call("catch", ignore)
	case dot:
		navigator.Call("setAppBadge").Call("catch", ignore)
	default:
		navigator.Call("clearAppBadge").Call("catch", ignore)
	}
}

// Favicon puts a dot on the tab's icon, or takes it away.
func Favicon(dot bool) {
	href := "/favicon.svg"
	if dot {
		href = "/favicon-unread.svg"
	}
	if link := js.Global().Get("document").Call("querySelector", "link[rel=icon][type='image/svg+xml']"); link.Truthy() {
		link.Set("href", href)
	}
}

// Launches calls fn with the address that the installed app was asked to open
// while its window was there already: by a shortcut, a link, a notification.
// The first call is that of the window itself. fn must not block.
func Launches(fn func(url string)) {
	queue := js.Global().Get("launchQueue")
	if !queue.Truthy() {
		return
	}
	queue.Call("setConsumer", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if url := first(args).Get("targetURL"); url.Type() == js.TypeString {
			fn(url.String())
		}
		return nil
	}))
}

// The service worker keeps what was shared in this cache under this address.
const sharedCache, sharedKey = "shared", "/share"

// TakeShared gives what another program has shared with the app, once. The zero
// Shared is nothing.
func TakeShared(ctx context.Context) (Shared, error) {
	var s Shared
	caches := js.Global().Get("caches")
	if !caches.Truthy() {
		return s, nil // a page without TLS
	}
	cache, err := await(ctx, caches.Call("open", sharedCache))
	if err != nil {
		return s, err
	}
	kept, err := await(ctx, cache.Call("match", sharedKey))
	if err != nil || !kept.Truthy() {
		return s, err
	}
	text, err := await(ctx, kept.Call("text"))
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(text.String()), &s); err != nil {
		return s, err
	}
	for i, f := range s.Files {
		if s.Files[i].File, err = sharedFile(ctx, cache, f); err != nil {
			return s, err
		}
	}
	_, err = await(ctx, caches.Call("delete", sharedCache))
	return s, err
}

// sharedFile takes a file out of the cache.
func sharedFile(ctx context.Context, cache js.Value, f SharedFile) (File, error) {
	if f.At == "" {
		return File{}, nil
	}
	kept, err := await(ctx, cache.Call("match", f.At))
	if err != nil {
		return File{}, err
	}
	if !kept.Truthy() {
		return File{}, ErrUnreadable
	}
	bytes, err := await(ctx, kept.Call("blob"))
	if err != nil {
		return File{}, err
	}
	file := js.Global().Get("File").New([]any{bytes}, f.Name, map[string]any{"type": f.Type})
	return File{Name: f.Name, Size: file.Get("size").Int(), handle: file}, nil
}
