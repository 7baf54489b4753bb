package browser

import (
	"context"
	"errors"
	"syscall/js"
)

// NotePermission tells whether notifications may be shown: "granted", "denied",
// "default" while nobody has been asked, "" where the browser has none.
func NotePermission() string {
	notification := js.Global().Get("Notification")
	if !notification.Truthy() || !js.Global().Get("navigator").Get("serviceWorker").Truthy() {
		return ""
	}
	return notification.Get("permission").String()
}

// AskNotes asks the person, and gives what NotePermission then says. Browsers
// want it to follow a click.
func AskNotes(ctx context.Context) (string, error) {
	answer, err := await(ctx, js.Global().Get("Notification").Call("requestPermission"))
	if err != nil {
		return "", err
	}
	return answer.String(), nil
}

// Notify shows a note by way of the service worker, which leads whoever clicks
// it to its path. It takes the place of an older one with its tag, in silence.
func Notify(ctx context.Context, n Note) error {
	registration, err := registered(ctx)
	if err != nil {
		return err
	}
	_, err = await(ctx, registration.Call("showNotification", n.Title, map[string]any{
		"body": n.Body, "tag": n.Tag, "icon": "/icons/icon-192.png", "silent": true,
		"data": map[string]any{"path": n.Path},
	}))
	return err
}

// CloseNotes takes away the notes whose tags gone says so of.
func CloseNotes(ctx context.Context, gone func(tag string) bool) error {
	registration, err := registered(ctx)
	if err != nil {
		return err
	}
	list, err := await(ctx, registration.Call("getNotifications"))
	if err != nil {
		return err
	}
	for i := range list.Length() {
		if note := list.Index(i); gone(note.Get("tag").String()) {
			note.Call("close")
		}
	}
	return nil
}

func registered(ctx context.Context) (js.Value, error) {
	registration, err := await(ctx, js.Global().Get("navigator").Get("serviceWorker").Call("getRegistration"))
	if err == nil && !registration.Truthy() {
		err = errors.ErrUnsupported
	}
	return registration, err
}

// NoteClicks calls fn with the path of a note that was clicked. fn must not block.
func NoteClicks(fn func(path string)) {
	worker := js.Global().Get("navigator").Get("serviceWorker")
	if !worker.Truthy() {
		return
	}
	listen(worker, "message", func(event js.Value) {
		if data := event.Get("data"); data.Type() == js.TypeObject && data.Get("open").Type() == js.TypeString {
			fn(data.Get("open").String())
		}
	})
}
