package ui

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/app/browser"
	"parley/app/client"
	"parley/shared/parts"
	"parley/shared/wire"
)

// draftPause is how long after the last key what was typed is kept.
const draftPause = 400 * time.Millisecond

// composerView is the place of the form in which messages are written.
type composerView struct {
	app.Compo

	M    *Model
	Room string // its name
	Lang string

	composer *composer
}

// Render gives the place: the form in it is not go-app's.
func (v *composerView) Render() app.UI { return app.Div().Class("composer-place") }

// OnMount takes the form over, or draws it.
func (v *composerView) OnMount(ctx app.Context) {
	defer v.M.guard()
	v.composer = newComposer(v.M, ctx, ctx.JSSrc(), v.Room)
	v.M.composer = v.composer
	v.composer.open(v.M.Current)
	app.Window().Get("performance").Call("mark", liveMark)
}

// liveMark is the moment, among the page's performance entries, from which the
// app answers to what is typed: what docs/weight.md promises is measured by it.
const liveMark = "parley-live"

// OnUpdate follows the room's name, and the language.
func (v *composerView) OnUpdate(app.Context) {
	if v.composer != nil {
		v.composer.speak(v.Room)
	}
}

// OnDismount lets go of it.
func (v *composerView) OnDismount() {
	v.composer.keepDraft()
	v.composer.release()
	if v.M.composer == v.composer {
		v.M.composer = nil
	}
}

// composer is the island inside the form.
type composer struct {
	island

	// static after construction
	form, text, problem app.Value
	note                app.Value // above the text: what it is about
	complete            *completion
	smile               app.Value // opens the emoji
	tray, told, clip    app.Value // what is attached, what is said of it, and the way to choose it
	chooser, drop       app.Value

	editing *editing              // a message that is there already; nil for a new one
	replies map[string]wire.Quote // by room, what the new one answers

	taken bool  // from the server's page, and not opened yet: what is in it is the person's
	enter enter // touched by the events' own goroutines only
	room  string
	typed int // counts keys: a draft is kept when none came for a while
}

func newComposer(m *Model, ctx app.Context, place app.Value, room string) *composer {
	form, taken := m.page.take("form.composer"), true
	if form != nil {
		move(form, place)
		forgetHidden(form)
	} else {
		place.Set("innerHTML", parts.Composer{Room: room}.HTML(m.T))
		form, taken = place.Get("firstElementChild"), false
	}
	c := &composer{island: island{m: m, ctx: ctx}, form: form, taken: taken, replies: map[string]wire.Quote{}}
	c.text = form.Call("querySelector", "textarea")
	c.problem = form.Call("querySelector", ".composer-problem")

	c.shareDraft()
	box := form.Call("querySelector", ".composer-box")
	c.complete = newCompletion(c.text, box, c.replace, m.suggestSlash, m.suggestEmoji, m.suggestMention)
	c.complete.label(m.T.Suggestions)
	c.note = element(form, "div", "composer-note")
	c.note.Call("setAttribute", "role", "status")
	form.Call("insertBefore", c.note, box)
	c.addEmojiButton(box)
	c.addFiles(box, place)
	c.speakFiles()
	c.listen(form, "click", func(e app.Event) { c.quiet(func() { c.clickedForm(e) }) })

	c.listen(c.text, "keydown", func(e app.Event) {
		k := keyOf(e)
		sends := c.enter.sends(k)
		switch {
		case (sends || k.Key != "Enter") && c.complete.key(k):
			e.PreventDefault()
			e.Call("stopPropagation")
		case sends:
			e.PreventDefault()
			c.quiet(c.send)
		case k.Key == "ArrowUp" && !k.Shift && !k.Alt && !k.Composing && c.editing == nil && c.text.Get("textLength").Int() == 0:
			e.PreventDefault()
			c.quiet(c.editLast)
		case k.Key == "Escape" && !k.Composing && c.special():
			e.PreventDefault()
			e.Call("stopPropagation")
			c.quiet(func() { c.leave() })
		}
	})
	c.listen(c.complete.popup, "click", func(e app.Event) { c.quiet(func() { c.complete.clicked(e) }) })
	c.listen(c.text, "keyup", func(app.Event) { c.enter.keyUp() })
	c.listen(c.text, "compositionend", func(e app.Event) {
		c.enter.compositionEnd(e.Get("timeStamp").Float())
		c.quiet(c.complete.update)
	})
	c.listen(c.text, "input", func(e app.Event) {
		composing := e.Get("isComposing").Truthy()
		c.quiet(func() {
			c.changed()
			if composing {
				c.complete.close()
			} else {
				c.complete.update()
			}
		})
	})
	c.listen(c.text, "blur", func(app.Event) {
		c.quiet(func() {
			c.complete.close()
			c.keepDraft()
		})
	})
	c.listen(form, "submit", func(e app.Event) {
		e.PreventDefault()
		c.quiet(c.send)
	})
	c.off = append(c.off, browser.Hides(func() { c.quiet(c.keepDraft) }))
	// A click into the frame is meant for the text; one on the button keeps the
	// phone's keyboard open.
	c.listen(form, "mousedown", func(e app.Event) {
		if !e.Get("target").Equal(c.text) {
			e.PreventDefault()
			c.text.Call("focus")
		}
	})
	return c
}

// speak writes the labels.
func (c *composer) speak(room string) {
	t := c.m.T
	c.text.Set("placeholder", t.MessageTo(room))
	c.text.Call("setAttribute", "aria-label", t.Message)
	c.complete.label(t.Suggestions)
	c.form.Call("querySelector", ".send").Set("title", t.Hint)
	c.smile.Call("setAttribute", "aria-label", t.Emoji)
	c.smile.Set("title", t.Emoji)
	c.speakFiles()
	c.drawTray()
	c.drawNote()
}

// addEmojiButton puts the way to the picker beside the text.
func (c *composer) addEmojiButton(box app.Value) {
	c.smile = element(box, "button", "icon-button composer-emoji")
	c.smile.Set("type", "button")
	c.smile.Get("dataset").Set("do", "emoji")
	c.smile.Call("setAttribute", "aria-label", c.m.T.Emoji)
	c.smile.Set("title", c.m.T.Emoji)
	c.smile.Set("innerHTML", parts.Icon(iconSmile))
	box.Call("insertBefore", c.smile, box.Call("querySelector", ".send"))
}

func keyOf(e app.Event) key {
	return key{
		Key: e.Get("key").String(), Code: e.Get("keyCode").Int(), Composing: e.Get("isComposing").Bool(),
		Shift: e.Get("shiftKey").Bool(), Alt: e.Get("altKey").Bool(), Time: e.Get("timeStamp").Float(),
	}
}

// open changes the room, and with it what was being written.
func (c *composer) open(room string) {
	if room == c.room {
		return
	}
	c.keepDraft()
	c.room = room
	draft, text := c.recall()
	if c.taken && c.text.Get("textLength").Int() > 0 {
		c.editing, text = nil, draft // a new message has been begun
	}
	c.drawNote()
	c.drawTray()
	if c.taken {
		c.taken = false
		c.join(text)
		c.takeOffer()
		return
	}
	c.put(text)
	c.takeOffer()
	if !narrow() {
		c.text.Call("focus") // on a phone this would open the keyboard over the messages
	}
}

// join puts a draft in front of what has been typed since the page was there.
// The caret stays where it is in that.
func (c *composer) join(draft string) {
	typed := c.text.Get("value").String()
	if draft != "" && draft != typed {
		if typed != "" {
			draft += "\n"
		}
		c.text.Call("setRangeText", draft, 0, 0, "preserve")
	}
	if typed == "" {
		end := c.text.Get("textLength")
		c.text.Call("setSelectionRange", end, end)
	}
	c.fit()
}

// forgetHidden takes out what only the form's own way of sending needs.
func forgetHidden(form app.Value) {
	fields := form.Call("querySelectorAll", "input[type=hidden]")
	for i := range fields.Get("length").Int() {
		fields.Index(i).Call("remove")
	}
}

// replace writes something in a place of the text, in UTF-16 units, as if it had
// been typed: browsers can undo it.
func (c *composer) replace(start, end int, with string) {
	c.text.Call("focus")
	c.text.Call("setSelectionRange", start, end)
	if !app.Window().Get("document").Call("execCommand", "insertText", false, with).Bool() {
		c.text.Call("setRangeText", with, start, end, "end")
	}
	c.changed()
}

func (c *composer) put(text string) {
	c.text.Set("value", text)
	c.say("")
	c.fit()
}

// takeBack puts the text of a message that was not sent in front of what is
// being written.
func (c *composer) takeBack(text string) {
	c.endEdit()
	switch now := c.text.Get("value").String(); {
	case strings.TrimSpace(now) == "":
	case text == "":
		text = now
	default:
		text += "\n" + now
	}
	c.put(text)
	c.keepDraft()
	c.text.Call("focus")
}

func (c *composer) changed() {
	toggle(c.form, leavingClass, false)
	c.fit()
	c.say("")
	c.m.tray(c.room).sends = nil // it is not finished after all
	c.typed++
	typed := c.typed
	time.AfterFunc(draftPause, func() {
		c.quiet(func() {
			if c.typed == typed {
				c.keepDraft()
			}
		})
	})
	if s := c.m.session; s != nil && c.editing == nil && strings.TrimSpace(c.text.Get("value").String()) != "" {
		s.client.Typing(c.room)
	}
}

// fit shows whether there is something to send, and lets the text grow where
// the style sheet cannot (field-sizing).
func (c *composer) fit() {
	toggle(c.form, "has-text", strings.TrimSpace(c.text.Get("value").String()) != "" || c.editing == nil && len(c.m.tray(c.room).files) > 0)
	if app.Window().Get("CSS").Call("supports", "field-sizing", "content").Bool() {
		return
	}
	style := c.text.Get("style")
	style.Set("height", "auto")
	style.Set("height", app.FormatString("%dpx", c.text.Get("scrollHeight").Int()))
}

// send hands the message over. It leaves the composer only when the client has it.
func (c *composer) send() {
	text, t := c.text.Get("value").String(), c.m.tray(c.room)
	empty := strings.TrimSpace(text) == ""
	if empty && c.editing == nil && len(t.files) == 0 || c.m.session == nil || c.leaving() {
		return
	}
	if utf8.RuneCountInString(text) > wire.MaxText {
		c.say(c.m.T.TooLong)
		return
	}
	text = strings.TrimRight(text, " \t\n")
	if c.editing != nil {
		c.save(text)
		return
	}
	if !empty {
		if text = c.command(text); text == "" {
			return
		}
	}
	if t.waits() != nil {
		t.sends = &client.Draft{Text: text, ReplyTo: c.replies[c.room].Seq}
		return
	}
	if _, err := c.m.session.client.Post(c.room, client.Draft{Text: text, ReplyTo: c.replies[c.room].Seq, Files: t.ready()}); err != nil {
		c.say(c.m.T.Error(err))
		return
	}
	delete(c.replies, c.room)
	t.clear()
	c.drawTray()
	c.drawNote()
	c.put("")
	c.typed++
	c.keepDraft()
	if c.m.timeline != nil {
		c.m.timeline.seeing.held = false
		c.m.timeline.toNewest()
	}
}

// leavingClass is that of a form which was sent by the browser itself, before the
// app had taken it over: the page that answers is on its way.
const leavingClass = "leaving"

// leaving tells whether what is in the composer has been sent by the browser. It
// is neither a draft, nor to be sent again.
func (c *composer) leaving() bool {
	return c.form.Get("classList").Call("contains", leavingClass).Bool()
}

func (c *composer) say(problem string) { c.problem.Set("textContent", problem) }

func (m *Model) draftKey(room string) string { return "draft/" + m.Me.ID + "/" + room }

// keepDraft keeps what is being written, over rooms and reloads.
func (c *composer) keepDraft() {
	if c.room == "" || c.m.Me.ID == "" || c.leaving() {
		return
	}
	var draft []byte
	text := c.text.Get("value").String()
	if c.editing != nil {
		text = c.editing.stash
	}
	if text != "" {
		draft = []byte(text)
	}
	err := c.m.store.Save(context.Background(), c.m.draftKey(c.room), draft)
	if err = errors.Join(err, c.keepPurpose()); err != nil {
		c.m.dispatch(c.m.tellUnkept)
	}
}
