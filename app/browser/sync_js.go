package browser

import (
	"context"
	"errors"
	"syscall/js"
)

// syncTag names the work that the service worker does when the network is back,
// see static/web/sw.js.
const syncTag = "outbox"

// SyncLater asks the browser to let the service worker send what the outbox holds
// as soon as there is a network, also when no page is open any more (Web
// Background Synchronization). Few browsers can.
func SyncLater(ctx context.Context) error {
	worker := js.Global().Get("navigator").Get("serviceWorker")
	if !worker.Truthy() {
		return errors.ErrUnsupported
	}
	registration, err := await(ctx, worker.Call("getRegistration"))
	if err != nil {
		return err
	}
	if !registration.Truthy() || !registration.Get("sync").Truthy() {
		return errors.ErrUnsupported
	}
	_, err = await(ctx, registration.Get("sync").Call("register", syncTag))
	return err
}
