package ui

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/parts"
	"parley/shared/rows"
	"parley/shared/wire"
)

// editing is a message of one's own that the composer holds, and what was being
// written when it came.
type editing struct {
	msg    wire.Message // as it was when it was last looked at
	stash  string
	saving bool
}

// edit takes a message of one's own into the composer.
func (c *composer) edit(msg wire.Message) {
	if msg.Author != c.m.Me.ID || msg.Deleted != 0 {
		return
	}
	stash := c.text.Get("value").String()
	if c.editing != nil {
		stash = c.editing.stash
	} else {
		c.keepDraft()
	}
	c.editing = &editing{msg: msg, stash: stash}
	c.m.tray(c.room).sends = nil // what is being written there is not finished after all
	c.put(msg.Text)
	c.drawNote()
	c.keepDraft()
	c.toEnd()
}

// editLast is edit of one's newest message.
func (c *composer) editLast() {
	if c.m.session == nil {
		return
	}
	tl := c.m.session.client.Timeline(c.room)
	ms := tl.Messages
	for i := len(ms) - 1; i >= 0 && tl.AtEnd; i-- {
		if ms[i].Author == c.m.Me.ID && ms[i].Deleted == 0 {
			c.edit(ms[i])
			return
		}
	}
}

// endEdit brings back what was being written.
func (c *composer) endEdit() {
	if c.editing == nil {
		return
	}
	stash := c.editing.stash
	c.editing = nil
	c.put(stash)
	c.drawNote()
	c.keepDraft()
}

// save sends what the message is to say. Until the server has it, the text stays.
func (c *composer) save(text string) {
	e := c.editing
	switch {
	case e.saving:
		return
	case strings.TrimSpace(text) == "" && len(e.msg.Files) == 0:
		c.say(c.m.T.NothingElse)
		return
	case text == e.msg.Text:
		c.endEdit()
		return
	}
	e.saving = true
	c.say("")
	c.m.command(wire.CmdEdit, wire.Edit{Room: e.msg.Room, Seq: e.msg.Seq, Text: text}, nil, func(err error) {
		e.saving = false
		switch {
		case c.editing != e: // left meanwhile
			if err != nil {
				c.m.fail(err)
				return
			}
			_ = c.m.store.Save(context.Background(), c.m.purposeKey(e.msg.Room), nil)
		case err != nil:
			c.say(c.m.T.Sentences(c.m.T.EditFailed, c.m.T.Error(err)))
		default:
			c.endEdit()
		}
	})
}

// follow is told of messages that have changed: the one that is being edited
// here may have been edited elsewhere too.
func (c *composer) follow(ms []wire.Message) {
	for _, m := range ms {
		e := c.editing
		if e == nil || m.Room != e.msg.Room || m.Seq != e.msg.Seq || m.Rev <= e.msg.Rev {
			continue
		}
		if m.Text != e.msg.Text && !e.saving && m.Text != c.text.Get("value").String() {
			c.say(c.m.T.EditedElsewhere)
		}
		e.msg = m
	}
}

// reply makes the next message one that answers another.
func (c *composer) reply(seq uint64) {
	c.endEdit()
	q, _ := c.m.quote(seq)
	q.Seq = seq
	c.replies[c.room] = q
	c.drawNote()
	c.keepDraft()
	c.toEnd()
}

// leave ends what the composer is about besides a new message. It is false when
// it was about nothing else.
func (c *composer) leave() bool {
	switch {
	case c.editing != nil:
		c.endEdit()
	case c.replies[c.room].Seq != 0:
		delete(c.replies, c.room)
		c.drawNote()
		c.keepDraft()
	default:
		return false
	}
	c.text.Call("focus")
	return true
}

// special tells whether the composer is about something else than a new message.
func (c *composer) special() bool { return c.editing != nil || c.replies[c.room].Seq != 0 }

// toEnd puts the caret behind the text.
func (c *composer) toEnd() {
	c.text.Call("focus")
	end := c.text.Get("textLength")
	c.text.Call("setSelectionRange", end, end)
}

// drawNote says above the text what it is about.
func (c *composer) drawNote() {
	t := c.m.T
	var b strings.Builder
	q := c.replies[c.room]
	switch {
	case c.editing != nil:
		b.WriteString(`<span class="note-what">`)
		rows.Escape(&b, t.Editing)
		b.WriteString(`</span><span class="note-hint">`)
		rows.Escape(&b, t.EditHint)
		b.WriteString(`</span>`)
	case q.Seq != 0:
		if now, ok := c.m.quote(q.Seq); ok {
			q = now
		}
		b.WriteString(`<span class="note-what">`)
		rows.Escape(&b, t.Replying(c.m.name(q.Author)))
		b.WriteString(`</span><span class="note-hint">`)
		rows.Escape(&b, rows.Excerpt(q.Text))
		b.WriteString(`</span>`)
	}
	if b.Len() > 0 {
		b.WriteString(`<button type="button" class="icon-button" data-do="leave" aria-label="`)
		rows.Escape(&b, t.Cancel)
		b.WriteString(`">` + parts.Icon(iconClose) + `</button>`)
	}
	c.note.Set("innerHTML", b.String())
	toggle(c.form, "editing", c.editing != nil)
	label := t.Send
	if c.editing != nil {
		label = t.Save
	}
	c.form.Call("querySelector", ".send").Call("setAttribute", "aria-label", label)
}

// clickedForm does what the buttons beside the text say.
func (c *composer) clickedForm(e app.Event) {
	button := e.Get("target").Call("closest", "[data-do]")
	if !button.Truthy() {
		return
	}
	switch button.Get("dataset").Get("do").String() {
	case "leave":
		c.leave()
	case "emoji":
		c.m.openPicker(c.ctx, button, c.insert)
	case "attach":
		c.chooser.Call("click")
	case "detach":
		c.detach(button.Call("closest", "[data-file]"))
	}
}

// insert writes something where the caret is.
func (c *composer) insert(text string) {
	c.m.usedEmoji(text)
	c.replace(c.text.Get("selectionStart").Int(), c.text.Get("selectionEnd").Int(), text)
}
