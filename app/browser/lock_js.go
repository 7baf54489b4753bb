package browser

import (
	"context"
	"syscall/js"
)

// lock is a request for a lock of the browser's, and the lock (Web Locks API).
// The browser gives it on when the page ends, however that happens.
type lock struct {
	granted chan struct{}
	over    chan struct{} // closed when it was given up or taken away, or not given; err says why
	err     error
}

// lockManager is the browser's; only secure contexts have one.
func lockManager() js.Value { return js.Global().Get("navigator").Get("locks") }

// request asks for a lock, which ends with ctx; with steal it takes it from
// whoever has it.
func request(ctx context.Context, name string, steal bool) (*lock, error) {
	l := &lock{granted: make(chan struct{}), over: make(chan struct{})}
	var release js.Value // ends the promise for whose life the browser keeps the lock
	executor := js.FuncOf(func(_ js.Value, args []js.Value) any {
		release = args[0]
		return nil
	})
	kept := js.Global().Get("Promise").New(executor)
	executor.Release()

	abort := js.Global().Get("AbortController").New()
	options := map[string]any{"signal": abort.Get("signal")}
	if steal {
		options = map[string]any{"steal": true} // is granted at once, and takes no signal
	}
	callback := js.FuncOf(func(js.Value, []js.Value) any {
		close(l.granted)
		return kept
	})
	var promise js.Value
	err := try(func() { promise = lockManager().Call("request", name, options, callback) })
	if err != nil {
		callback.Release()
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() {
		release.Invoke()
		abort.Call("abort")
	})
	settle(promise, func(_ js.Value, err error) {
		stop()
		callback.Release()
		l.err = err
		close(l.over)
	})
	return l, nil
}

// wait waits until the lock is there.
func (l *lock) wait(ctx context.Context) error {
	select {
	case <-l.granted:
		return nil
	case <-l.over:
		if l.err == nil {
			return context.Canceled
		}
		return l.err
	case <-ctx.Done():
		return ctx.Err()
	}
}
