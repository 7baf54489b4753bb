package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
)

// Root is the whole page. It stays the same component on every path.
type Root struct {
	app.Compo

	m *Model
}

// New gives the page.
func New() *Root { return &Root{} }

// OnInit makes the model of what the server's page says, so that the first thing
// drawn is the whole screen. (go-app makes a Root for every path, and keeps the
// first: only that one is ever asked.)
func (r *Root) OnInit() {
	r.m = newModel()
	r.m.page = readPage()
	r.m.page.goOn()
	r.m.visit(app.Window().URL())
	r.m.startFromPage()
}

// OnMount starts everything. By now the screen is drawn, beside what the server
// drew; each island has been asked to take over its part of that, and all this
// happens before the browser shows anything.
func (r *Root) OnMount(ctx app.Context) {
	m := r.m
	m.ctx = ctx
	m.dispatch = func(fn func()) {
		ctx.Dispatch(func(ctx app.Context) {
			defer m.guard()
			was, on := m.Rev, m.Screen
			fn()
			if m.Rev == was && m.Screen == on {
				ctx.PreventUpdate()
			}
		})
	}
	m.start()
	browser.NoteClicks(func(path string) { m.dispatch(func() { m.launched(path) }) })
	browser.Launches(func(url string) { m.dispatch(func() { m.launched(url) }) })
	if m.Screen == ScreenChat {
		m.takeOffer()
	}
	if m.page != nil {
		ctx.Dispatch(func(app.Context) { // after the islands, which were mounted after the root
			m.page.carry()
			m.page.remove()
			m.page = nil
		})
	}
}

// OnNav follows links.
func (r *Root) OnNav(app.Context) {
	defer r.m.guard()
	r.m.visit(app.Window().URL())
}

// OnAppInstallChange offers to install the app, or no longer.
func (r *Root) OnAppInstallChange(app.Context) { r.m.Rev.Rooms++ }

// OnAppUpdate offers the new version. It is never forced on somebody who may be
// in the middle of a sentence.
func (r *Root) OnAppUpdate(app.Context) {
	r.m.Updated = true
	r.m.Rev.Rooms++
}

// Render draws the screen. Every child stands in its place at all times: an
// island that moved would be built anew.
func (r *Root) Render() app.UI {
	m := r.m
	return app.Div().ID("app").Body(
		r.screen(),
		&toast{M: m, Rev: m.Rev.Toast},
	)
}

func (r *Root) screen() app.UI {
	m := r.m
	switch m.Screen {
	case ScreenDoor:
		return &doorView{M: m, Rev: m.Rev.Screen}
	case ScreenLab:
		return &labView{M: m, Rev: m.Rev.Screen}
	case ScreenChat:
		return &chat{M: m, Rev: m.Rev}
	}
	return &boot{M: m, Rev: m.Rev.Status}
}
