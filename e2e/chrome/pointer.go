package chrome

import (
	"github.com/chromedp/cdproto/input"
)

// Hover moves the mouse to a place in the window.
func (p *Page) Hover(x, y float64) {
	p.t.Helper()
	call(p, "move the mouse", input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y})
}

// Tap puts a finger on a place in the window, and takes it away. It takes a view
// that is Mobile.
func (p *Page) Tap(x, y float64) {
	p.t.Helper()
	call(p, "put a finger down", input.DispatchTouchEvent, input.DispatchTouchEventParams{
		Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: x, Y: y}},
	})
	call(p, "take the finger away", input.DispatchTouchEvent, input.DispatchTouchEventParams{
		Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{},
	})
}

// Wheel turns the wheel of a mouse that is at a place in the window, by so many
// pixels: up if it is less than none.
func (p *Page) Wheel(x, y, by float64) {
	p.t.Helper()
	call(p, "turn the wheel", input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: x, Y: y, DeltaX: 1e-9, DeltaY: by})
}
