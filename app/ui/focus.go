package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Browsers give the focus back when a dialog closes. For what is no dialog to
// them, and where the element that it came from has gone, we do it: whoever uses
// the keyboard would otherwise start again at the top of the page.

func focused() app.Value { return app.Window().Get("document").Get("activeElement") }

// remember keeps what has the focus: something opens that takes it.
func (m *Model) remember() { m.opener = focused() }

// refocus gives the focus back to where it was before something opened, if
// closing that has left it nowhere. It looks when everything has been drawn.
func (m *Model) refocus() {
	m.ctx.Defer(func(app.Context) {
		if m.timeline != nil {
			m.timeline.markRead() // it may have been covered
		}
		opener := m.opener
		m.opener = nil
		if at := focused(); at.Truthy() && at.Get("tagName").String() != "BODY" && seen(at) {
			return
		}
		if opener != nil && opener.Truthy() && seen(opener) {
			opener.Call("focus")
		} else if m.timeline != nil {
			m.timeline.root.Call("focus", map[string]any{"preventScroll": true})
		}
	})
}

// seen tells whether an element is there, can be seen, and used: what slides out
// is not used any more.
func seen(e app.Value) bool {
	return e.Get("isConnected").Bool() && !e.Call("closest", "[inert]").Truthy() &&
		e.Call("checkVisibility", map[string]any{"visibilityProperty": true}).Bool() &&
		!(narrow() && e.Call("closest", ".chat:not(.drawer-open) > .sidebar").Truthy())
}

// focusOn moves the focus to the first element that matches, once it is drawn.
func (m *Model) focusOn(selector string) {
	m.ctx.Defer(func(app.Context) {
		if e := app.Window().Get("document").Call("querySelector", selector); e.Truthy() {
			e.Call("focus")
		}
	})
}

// skip leads past the rooms to where one writes, if there is such a place.
func skip(m *Model) app.UI {
	_, ok := m.room(m.Current)
	return app.A().Class("skip").Href("#message").Hidden(!ok).Text(m.T.SkipToMessage).
		OnClick(m.on("skip", func(e app.Event) {
			e.PreventDefault()
			e.Call("stopPropagation") // the path stays as it is
			if m.composer != nil {
				m.composer.text.Call("focus")
			}
		}))
}
