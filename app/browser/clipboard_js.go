package browser

import (
	"context"
	"errors"
	"syscall/js"
)

// Copy puts text on the clipboard. It has to be called from a click. On pages
// without TLS browsers have no clipboard of their own for pages; there an
// element that holds the text, found by its id, is selected and copied; without
// an id one is made for it.
func Copy(ctx context.Context, text, elementID string) error {
	if clipboard := js.Global().Get("navigator").Get("clipboard"); clipboard.Truthy() {
		var promise js.Value
		err := try(func() { promise = clipboard.Call("writeText", text) })
		if err == nil {
			if _, err = await(ctx, promise); err == nil {
				return nil
			}
		}
	}
	copied := false
	err := try(func() {
		document := js.Global().Get("document")
		if elementID == "" {
			field := document.Call("createElement", "textarea")
			field.Set("value", text)
			document.Get("body").Call("appendChild", field)
			defer field.Call("remove")
			defer document.Get("activeElement").Call("focus")
			field.Call("select")
		} else {
			document.Call("getElementById", elementID).Call("select")
		}
		copied = document.Call("execCommand", "copy").Bool()
	})
	if err == nil && !copied {
		err = errors.New("the browser does not let the page copy")
	}
	return err
}
