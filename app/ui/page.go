package ui

import (
	"encoding/json"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/parts"
)

// page is what the server drew: something to read, and forms that somebody may
// be typing into while the app is on its way. The app draws its own beside it
// and moves the elements in which people's work is over into that; what is left
// is removed before the browser shows anything.
type page struct {
	root  app.Value
	state parts.State
}

// readPage gives what the server drew, nil when it did not: the service worker
// starts the app too.
func readPage() *page {
	document := app.Window().Get("document")
	root := document.Call("getElementById", parts.PageID)
	data := document.Call("getElementById", parts.StateID)
	if !root.Truthy() || !data.Truthy() {
		return nil
	}
	p := &page{root: root}
	if err := json.Unmarshal([]byte(data.Get("textContent").String()), &p.state); err != nil {
		app.Logf("parley: the page says what cannot be read: %v", err)
		root.Call("remove")
		return nil
	}
	data.Call("remove")
	return p
}

// goOn puts the address that signing in leads to in the place of that of the
// form, where a refused sign-in was answered: the app signs in at any.
func (p *page) goOn() {
	if p == nil || p.state.Next == "" {
		return
	}
	hash := app.Window().Get("location").Get("hash").String()
	app.Window().Get("history").Call("replaceState", nil, "", p.state.Next+hash)
}

// take gives the element that matches, nil when there is none to take over.
func (p *page) take(selector string) app.Value {
	if p == nil {
		return nil
	}
	if e := p.root.Call("querySelector", selector); e.Truthy() {
		return e
	}
	return nil
}

// remove removes what nobody took.
func (p *page) remove() { p.root.Call("remove") }

// pressedKey is where start.js keeps the button that was pressed last, while only
// the app could have answered, and nothing else was done since.
const pressedKey = "parleyPressed"

// carry hands on what somebody did with parts that are removed: the focus is where
// it was, and a button that was pressed in vain is pressed again.
func (p *page) carry() {
	if at := focused(); at.Truthy() && p.root.Call("contains", at).Bool() {
		if twin := p.twin(at); twin.Truthy() {
			twin.Call("focus", map[string]any{"preventScroll": true})
		}
	}
	pressed := app.Window().Get(pressedKey)
	app.Window().Set(pressedKey, nil)
	if pressed.Truthy() {
		if twin := p.twin(pressed); twin.Truthy() {
			twin.Call("click")
		}
	}
}

// twin is what the app has drawn in the place of a part of the server's page: the
// part itself where it was taken over.
func (p *page) twin(e app.Value) app.Value {
	if !p.root.Call("contains", e).Bool() {
		return e
	}
	selector := "." + strings.Join(strings.Fields(e.Get("className").String()), ".")
	for _, name := range []string{"data-room", "aria-label"} {
		if value := e.Call("getAttribute", name); value.Truthy() {
			selector = "[" + name + `="` + app.Window().Get("CSS").Call("escape", value).String() + `"]`
			break
		}
	}
	return app.Window().Get("document").Call("querySelector", "#app "+selector)
}

// move puts an element elsewhere in the document without disturbing whoever is
// in it. What is selected in its text, which Chromium forgets, is put back. Where
// the browser cannot do the rest by itself (Element.moveBefore), the focus, the
// selection in a field and how far that was scrolled are, too.
func move(e, into app.Value) {
	defer keepSelection(e)()
	if into.Get("moveBefore").Truthy() {
		into.Call("moveBefore", e, nil)
		return
	}
	focused := app.Window().Get("document").Get("activeElement")
	inside := focused.Truthy() && e.Call("contains", focused).Bool()
	var start, end, direction, top app.Value
	if inside {
		start, end, direction = focused.Get("selectionStart"), focused.Get("selectionEnd"), focused.Get("selectionDirection")
		top = focused.Get("scrollTop")
	}
	into.Call("appendChild", e)
	if !inside {
		return
	}
	focused.Call("focus", map[string]any{"preventScroll": true})
	if start.Type() == app.TypeNumber {
		focused.Call("setSelectionRange", start, end, direction)
	}
	focused.Set("scrollTop", top)
}

// keepSelection gives what selects again the text of an element that is selected
// now, if any is.
func keepSelection(e app.Value) func() {
	selection := app.Window().Call("getSelection")
	from, to := selection.Get("anchorNode"), selection.Get("focusNode")
	if selection.Get("isCollapsed").Bool() || !e.Call("contains", from).Bool() || !e.Call("contains", to).Bool() {
		return func() {}
	}
	start, end := selection.Get("anchorOffset"), selection.Get("focusOffset")
	return func() { selection.Call("setBaseAndExtent", from, start, to, end) }
}

// drawerID is the fragment that shows the rooms on a phone without the app.
const drawerID = "rooms"

// drawerWanted tells whether the rooms were opened before the app was there.
func drawerWanted() bool {
	return strings.TrimPrefix(app.Window().Get("location").Get("hash").String(), "#") == drawerID
}
