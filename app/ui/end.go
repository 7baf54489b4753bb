package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// end is a mark at the end of the list. Every message that comes makes the list
// scroll, and to be told of that would cost as much as a tenth of the message
// does. So as long as the list is at its end, nobody listens to scrolls: the
// browser tells when the mark goes out of sight.
type end struct {
	scrolls  app.Func  // static after construction
	observer app.Value // static after construction
	mark     app.Value // static after construction
	heeds    bool      // scrolls are listened to
}

func (n *end) draw(t *timeline) {
	n.scrolls = app.FuncOf(func(app.Value, []app.Value) any {
		t.quiet(t.scrolled)
		return nil
	})
	leaves := app.FuncOf(func(_ app.Value, args []app.Value) any {
		if last := args[0].Index(args[0].Length() - 1); !last.Get("isIntersecting").Bool() {
			t.quiet(func() { n.left(t) })
		}
		return nil
	})
	options := app.Window().Get("Object").New()
	options.Set("root", t.root)
	options.Set("rootMargin", "0px 0px "+strconv.Itoa(markSlop)+"px")
	n.observer = app.Window().Get("IntersectionObserver").New(leaves, options)
	n.mark = element(t.inner, "div", "timeline-end")
	n.heed(t, true)
	n.watch()
	t.off = append(t.off, func() {
		n.heed(t, false)
		n.observer.Call("disconnect") // after what watches the mark anew: nothing is to be told any more
		n.observer.Call("takeRecords")
		n.scrolls.Release()
		leaves.Release()
	})
}

// left is told when the mark has gone out of sight. If it was not the person who
// scrolled, the list is at its end again, and more may have grown meanwhile.
func (n *end) left(t *timeline) {
	t.scrolled()
	if !n.heeds && t.view > 0 { // 0: nothing is in sight
		n.watch()
	}
}

// watch has the browser tell where the mark is, in the next frame: it tells of
// changes only, and what it knows may be of before.
func (n *end) watch() {
	n.observer.Call("unobserve", n.mark)
	n.observer.Call("observe", n.mark)
}

// heed listens to scrolls, or no longer.
func (n *end) heed(t *timeline, on bool) {
	if on == n.heeds {
		return
	}
	n.heeds = on
	if on {
		t.root.Call("addEventListener", "scroll", n.scrolls)
		return
	}
	t.root.Call("removeEventListener", "scroll", n.scrolls)
	n.watch()
}
