package browser

import (
	"context"
	"errors"
	"syscall/js"
)

// await waits for a promise, or for ctx. Its callbacks live until the promise
// settles, so whoever gives up on one must also abort what it stands for.
func await(ctx context.Context, promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	settle(promise, func(v js.Value, err error) { done <- outcome{v, err} })
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), ctx.Err()
	}
}

// settle calls fn, which must not block, when a promise has come to something.
func settle(promise js.Value, fn func(v js.Value, err error)) {
	var resolved, rejected js.Func
	end := func(v js.Value, err error) {
		resolved.Release()
		rejected.Release()
		fn(v, err)
	}
	resolved = js.FuncOf(func(_ js.Value, args []js.Value) any {
		end(first(args), nil)
		return nil
	})
	rejected = js.FuncOf(func(_ js.Value, args []js.Value) any {
		end(js.Undefined(), toError(first(args)))
		return nil
	})
	promise.Call("then", resolved, rejected)
}

func first(args []js.Value) js.Value {
	if len(args) == 0 {
		return js.Undefined()
	}
	return args[0]
}

// toError makes an error of what JavaScript threw.
func toError(v js.Value) error {
	if v.Type() == js.TypeObject {
		if message := v.Get("message"); message.Type() == js.TypeString {
			return errors.New(message.String())
		}
	}
	return errors.New(js.Global().Call("String", v).String())
}

// try runs fn and gives as an error what JavaScript throws in it.
func try(fn func()) (err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error:
			err = toError(thrown.Value)
		default:
			panic(thrown)
		}
	}()
	fn()
	return nil
}
