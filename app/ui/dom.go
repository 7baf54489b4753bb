package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// island is a part of the page that go-app does not draw: it keeps listeners
// and observers, and lets go of them all at once.
type island struct {
	m   *Model
	ctx app.Context
	off []func()
}

// quiet runs fn on the UI goroutine and draws nothing: what an island does, it
// draws itself.
func (i *island) quiet(fn func()) {
	i.ctx.Dispatch(func(ctx app.Context) {
		defer i.m.guard()
		ctx.PreventUpdate()
		fn()
	})
}

// listen calls fn for an event, at once and on the event's own goroutine: there
// a default can be prevented. Anything that touches the model belongs in quiet.
func (i *island) listen(target app.Value, event string, fn func(app.Event)) {
	f := app.FuncOf(func(_ app.Value, args []app.Value) any {
		defer i.m.guard()
		fn(app.Event{Value: args[0]})
		return nil
	})
	target.Call("addEventListener", event, f)
	i.off = append(i.off, func() {
		target.Call("removeEventListener", event, f)
		f.Release()
	})
}

// resized calls fn whenever an element has changed its size.
func (i *island) resized(fn func(), element app.Value) {
	f := app.FuncOf(func(app.Value, []app.Value) any {
		i.quiet(fn)
		return nil
	})
	observer := app.Window().Get("ResizeObserver").New(f)
	observer.Call("observe", element)
	i.off = append(i.off, func() {
		observer.Call("disconnect")
		f.Release()
	})
}

func (i *island) release() {
	for _, off := range i.off {
		off()
	}
	i.off = nil
}

// nextFrame calls fn before the next frame is drawn, on the browser's own
// goroutine.
func nextFrame(fn func()) {
	var f app.Func
	f = app.FuncOf(func(app.Value, []app.Value) any {
		f.Release()
		fn()
		return nil
	})
	app.Window().Call("requestAnimationFrame", f)
}

// element makes an element with a class inside another.
func element(parent app.Value, tag, class string) app.Value {
	e := app.Window().Get("document").Call("createElement", tag)
	e.Set("className", class)
	parent.Call("appendChild", e)
	return e
}

// toggle sets or takes a class.
func toggle(e app.Value, class string, on bool) { e.Get("classList").Call("toggle", class, on) }
