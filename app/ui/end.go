package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// end is a mark at the end of the list. Every message that comes makes the list
// scroll, and to be told of that would cost as much as a tenth of the message
// does. So as long as the newest is in sight, nobody listens to scrolls: the
// browser tells when the mark goes out of sight.
type end struct {
	scrolls app.Func // static after construction
	heeds   bool     // they are listened to
}

func (n *end) draw(t *timeline) {
	n.scrolls = app.FuncOf(func(app.Value, []app.Value) any {
		t.quiet(t.scrolled)
		return nil
	})
	leaves := app.FuncOf(func(_ app.Value, args []app.Value) any {
		if last := args[0].Index(args[0].Length() - 1); !last.Get("isIntersecting").Bool() {
			t.quiet(t.scrolled)
		}
		return nil
	})
	options := app.Window().Get("Object").New()
	options.Set("root", t.root)
	options.Set("rootMargin", "0px 0px "+strconv.Itoa(markSlop)+"px")
	observer := app.Window().Get("IntersectionObserver").New(leaves, options)
	observer.Call("observe", element(t.inner, "div", "timeline-end"))
	n.heed(t, true)
	t.off = append(t.off, func() {
		observer.Call("disconnect")
		n.heed(t, false)
		n.scrolls.Release()
		leaves.Release()
	})
}

// heed listens to scrolls, or no longer.
func (n *end) heed(t *timeline, on bool) {
	if on == n.heeds {
		return
	}
	n.heeds = on
	call := "removeEventListener"
	if on {
		call = "addEventListener"
	}
	t.root.Call(call, "scroll", n.scrolls)
}
