package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// shareDraft lets the draft be the same in all tabs of the browser: the one in
// which nobody writes follows the others.
func (c *composer) shareDraft() {
	c.listen(app.Window(), "storage", func(e app.Event) {
		key := e.Get("key")
		if !key.Truthy() || !strings.HasSuffix(key.String(), c.m.draftKey(c.room)) && !strings.HasSuffix(key.String(), c.m.purposeKey(c.room)) {
			return
		}
		c.quiet(func() {
			if app.Window().Get("document").Call("hasFocus").Bool() && c.text.Equal(focused()) {
				return
			}
			if _, text := c.recall(); text != c.text.Get("value").String() {
				c.put(text)
			}
			c.drawNote()
		})
	})
}
