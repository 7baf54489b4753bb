package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/shared/parts"
)

// attachID is the element in which files are chosen. Those that are pasted or
// dropped are put into it too, so that all come the same way.
const attachID = "attach"

// addFiles puts the tray above the text, and the way to choose files beside it.
func (c *composer) addFiles(box, place app.Value) {
	c.tray = element(box, "ul", "tray")
	box.Call("insertBefore", c.tray, c.text)
	c.told = element(c.form, "div", "tray-told vh")
	c.told.Call("setAttribute", "role", "status")

	c.clip = element(box, "button", "icon-button composer-emoji composer-clip")
	c.clip.Set("type", "button")
	c.clip.Get("dataset").Set("do", "attach")
	c.clip.Set("innerHTML", parts.Icon(iconClip))
	box.Call("insertBefore", c.clip, box.Call("querySelector", ".composer-emoji"))

	c.chooser = element(c.form, "input", "")
	c.chooser.Set("type", "file")
	c.chooser.Set("multiple", true)
	c.chooser.Set("hidden", true)
	c.chooser.Set("id", attachID)
	c.listen(c.chooser, "change", func(app.Event) {
		c.take()
		if !narrow() {
			c.text.Call("focus")
		}
	})
	c.listen(c.text, "paste", func(e app.Event) {
		if data := e.Get("clipboardData"); c.takes() && hasFiles(data) && !isWriting(data) {
			e.PreventDefault()
			c.takeFrom(data)
		}
	})
	c.drop = element(place, "div", "drop-here")
	c.drop.Set("hidden", true)
	c.takeDrops()
}

// takes tells whether files can be attached now.
func (c *composer) takes() bool {
	return c.editing == nil && c.m.limits().File > 0
}

// speakFiles writes the labels.
func (c *composer) speakFiles() {
	t := c.m.T
	c.tray.Call("setAttribute", "aria-label", t.Attached)
	c.clip.Call("setAttribute", "aria-label", t.AttachFiles)
	c.clip.Set("title", t.AttachFiles)
	c.drop.Set("textContent", t.DropHere)
	c.showClip()
}

// showClip shows the way to choose files where the server takes any.
func (c *composer) showClip() { c.clip.Set("hidden", c.m.limits().File == 0) }

// take attaches what has been put into the chooser.
func (c *composer) take() {
	files := browser.TakeChosen(attachID)
	c.quiet(func() { c.attach(files) })
}

// takeFrom attaches the files of a paste or a drop. It has to be called while that
// is going on.
func (c *composer) takeFrom(data app.Value) {
	c.chooser.Set("files", data.Get("files"))
	c.take()
}

// takeDrops lets files be dropped anywhere on the page while no dialog is open.
// Where they cannot be taken, a browser would open them in the app's place.
func (c *composer) takeDrops() {
	w := app.Window()
	over := func(e app.Event) bool {
		data := e.Get("dataTransfer")
		if !hasFiles(data) {
			return false
		}
		e.PreventDefault()
		return c.m.Dialog == DialogNone && c.takes()
	}
	hover := func(on bool) {
		if c.drop.Get("hidden").Bool() == on {
			c.drop.Set("hidden", !on)
		}
	}
	c.listen(w, "dragover", func(e app.Event) {
		takes := over(e)
		if hasFiles(e.Get("dataTransfer")) && c.m.Dialog == DialogNone {
			effect := "none"
			if takes {
				effect = "copy"
			}
			e.Get("dataTransfer").Set("dropEffect", effect)
		}
		hover(takes)
	})
	c.listen(w, "dragleave", func(e app.Event) {
		if !e.Get("relatedTarget").Truthy() { // out of the window
			hover(false)
		}
	})
	c.listen(w, "drop", func(e app.Event) {
		hover(false)
		if over(e) {
			c.takeFrom(e.Get("dataTransfer"))
			c.text.Call("focus")
		}
	})
}

// hasFiles tells whether there are files in what is dragged or pasted.
func hasFiles(data app.Value) bool {
	return data.Truthy() && data.Get("types").Call("includes", "Files").Bool()
}

// isWriting tells whether what is pasted is text of a program that gives a picture
// of it too.
func isWriting(data app.Value) bool {
	types := data.Get("types")
	return types.Call("includes", "text/plain").Bool() && types.Call("includes", "text/html").Bool()
}
