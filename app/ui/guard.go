package ui

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// guard is to be deferred wherever our code is entered from outside: a panic
// would end the app, here it ends what was being done. It is told on the
// console and to the person.
func (m *Model) guard() {
	thrown := recover()
	if thrown == nil {
		return
	}
	app.Log(fmt.Sprintf("parley: %v\n%s", thrown, trace()))
	m.Toast, m.Calm = m.T.Broken, false
	m.Rev.Toast++
}

// on makes an event handler. go-app keeps the old handler of an element when
// the new one is the same function, which by its measure all of ours are: the
// id tells them apart, so it has to name what the handler closes over.
func (m *Model) on(id string, fn func(e app.Event)) (app.EventHandler, app.EventOption) {
	return func(_ app.Context, e app.Event) {
		defer m.guard()
		fn(e)
	}, app.EventScope(id)
}

// submit is on for a form, whose own way of sending is prevented. field gives
// what was entered.
func (m *Model) submit(id string, fn func(field func(name string) string)) (app.EventHandler, app.EventOption) {
	return func(ctx app.Context, e app.Event) {
		defer m.guard()
		e.PreventDefault()
		elements := ctx.JSSrc().Get("elements")
		fn(func(name string) string {
			input := elements.Call("namedItem", name)
			if !input.Truthy() {
				return ""
			}
			return input.Get("value").String()
		})
	}, app.EventScope(id)
}
