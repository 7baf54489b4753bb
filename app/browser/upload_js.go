package browser

import (
	"context"
	"errors"
	"syscall/js"

	"parley/app/client"
)

// Chosen is the file in a file input.
func Chosen(inputID string) (File, bool) {
	input := js.Global().Get("document").Call("getElementById", inputID)
	if !input.Truthy() || input.Get("files").Get("length").Int() == 0 {
		return File{}, false
	}
	file := input.Get("files").Index(0)
	return File{Name: file.Get("name").String(), Size: file.Get("size").Int(), handle: file}, true
}

// Send posts the file and gives the whole answer. It takes an XMLHttpRequest
// (https://xhr.spec.whatwg.org): fetch tells nothing of what has been sent.
func (u Upload) Send(ctx context.Context) (client.Response, error) {
	file, ok := u.File.handle.(js.Value)
	if !ok {
		return client.Response{}, errors.New("no file is chosen")
	}
	xhr := js.Global().Get("XMLHttpRequest").New()
	ended := make(chan error, 4)
	var funcs []js.Func
	on := func(target js.Value, event string, fn func(e js.Value)) {
		f := js.FuncOf(func(_ js.Value, args []js.Value) any {
			fn(first(args))
			return nil
		})
		funcs = append(funcs, f)
		target.Call("addEventListener", event, f)
	}
	read := 0
	on(xhr.Get("upload"), "progress", func(e js.Value) { u.Sent(e.Get("loaded").Int(), e.Get("total").Int()) })
	on(xhr, "progress", func(js.Value) {
		if text := xhr.Get("responseText").String(); len(text) > read {
			u.Text(text[read:])
			read = len(text)
		}
	})
	on(xhr, "load", func(js.Value) { ended <- nil })
	on(xhr, "error", func(js.Value) { ended <- errors.New("the connection broke") })
	on(xhr, "abort", func(js.Value) { ended <- context.Canceled })
	xhr.Call("open", "POST", u.Path)
	xhr.Call("setRequestHeader", "Content-Type", u.Type)
	xhr.Call("send", file)
	stop := context.AfterFunc(ctx, func() { xhr.Call("abort") })
	err := <-ended
	stop()
	for _, f := range funcs {
		f.Release()
	}
	if err != nil {
		return client.Response{}, err
	}
	header := func(name string) string {
		if v := xhr.Call("getResponseHeader", name); v.Type() == js.TypeString {
			return v.String()
		}
		return ""
	}
	return client.Response{Status: xhr.Get("status").Int(), Header: header, Body: []byte(xhr.Get("responseText").String())}, nil
}
