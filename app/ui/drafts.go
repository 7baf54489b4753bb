package ui

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// shareDraft lets the draft be the same in all tabs of the browser: the one in
// which nobody writes follows the others.
func (c *composer) shareDraft() {
	c.listen(app.Window(), "storage", func(e app.Event) {
		if key := e.Get("key"); !key.Truthy() || !strings.HasSuffix(key.String(), c.draftKey()) {
			return
		}
		c.quiet(func() {
			if app.Window().Get("document").Call("hasFocus").Bool() && c.text.Equal(focused()) {
				return
			}
			if kept, _ := c.m.store.Load(context.Background(), c.draftKey()); string(kept) != c.text.Get("value").String() {
				c.put(string(kept))
			}
		})
	})
}
