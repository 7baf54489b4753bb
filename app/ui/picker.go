package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/shared/rows"
)

const (
	pickerColumns = 8   // of emoji; the style sheet has as many
	pickerFound   = 120 // that a search shows: further down nobody looks, but types more
)

// picker is a dialog to choose an emoji from: those used lately first, and a
// field to search in. The browser keeps the focus inside, gives it back, and
// closes it on Escape.
type picker struct {
	island
	dialog, search, list app.Value // static after construction
	picked               func(char string)
	chosen               string
}

// openPicker lets the person choose an emoji, beside an element.
func (m *Model) openPicker(ctx app.Context, beside app.Value, picked func(char string)) {
	p := &picker{island: island{m: m, ctx: ctx}, picked: picked}
	document := app.Window().Get("document")
	p.dialog = element(document.Get("body"), "dialog", "picker")
	p.dialog.Call("setAttribute", "aria-label", m.T.Emoji)
	p.search = element(p.dialog, "input", "picker-search")
	p.search.Set("type", "search")
	p.search.Set("placeholder", m.T.FindEmoji)
	p.search.Call("setAttribute", "aria-label", m.T.FindEmoji)
	p.search.Call("setAttribute", "enterkeyhint", "done")
	p.list = element(p.dialog, "div", "picker-list")
	p.list.Call("setAttribute", "aria-busy", "true")
	p.listen(p.search, "input", func(app.Event) { p.quiet(p.draw) })
	p.listen(p.dialog, "keydown", func(e app.Event) { p.key(e) })
	p.listen(p.dialog, "click", func(e app.Event) {
		if e.Get("target").Equal(p.dialog) { // the ground behind it
			p.dialog.Call("close")
			return
		}
		if one := e.Get("target").Call("closest", "[data-emoji]"); one.Truthy() {
			p.choose(one)
		}
	})
	p.listen(p.dialog, "close", func(app.Event) { p.quiet(p.closed) })
	p.place(beside)
	p.dialog.Call("showModal")
	m.withEmoji(func() { p.quiet(p.draw) }, func(err error) {
		p.list.Set("textContent", m.T.Error(err))
	})
}

// place puts the dialog above what it was opened from, or below where there is
// more room. On a phone the style sheet puts it at the bottom.
func (p *picker) place(beside app.Value) {
	if narrow() || !beside.Truthy() {
		return
	}
	box := beside.Call("getBoundingClientRect")
	width, height := app.Window().Size()
	style := p.dialog.Get("style")
	if left := int(box.Get("left").Float()); left < width/2 {
		style.Set("left", app.FormatString("%dpx", max(8, left)))
	} else {
		style.Set("right", app.FormatString("%dpx", max(8, width-int(box.Get("right").Float()))))
	}
	if top := int(box.Get("top").Float()); top > height/2 {
		style.Set("bottom", app.FormatString("%dpx", min(height-top+8, height-420)))
	} else {
		style.Set("top", app.FormatString("%dpx", max(8, min(int(box.Get("bottom").Float())+8, height-420))))
	}
}

// draw shows what the search finds, or all.
func (p *picker) draw() {
	m := p.m
	var b strings.Builder
	typed := strings.TrimSpace(p.search.Get("value").String())
	switch {
	case m.emoji.groups == nil:
		return
	case typed != "":
		found := m.emoji.find(typed, pickerFound)
		if len(found) == 0 {
			b.WriteString(`<p class="picker-none" role="status">`)
			rows.Escape(&b, m.T.NoEmoji)
			b.WriteString(`</p>`)
		}
		writeEmoji(&b, found)
	default:
		if recent := m.emoji.named(m.recentEmoji()); len(recent) > 0 {
			writeGroup(&b, emojiGroup{m.T.RecentEmoji, recent})
		}
		for _, g := range m.emoji.groups {
			writeGroup(&b, g)
		}
	}
	p.list.Set("innerHTML", b.String())
	p.list.Set("scrollTop", 0)
	p.list.Call("setAttribute", "aria-busy", "false")
	if first := p.list.Call("querySelector", "button"); first.Truthy() {
		first.Set("tabIndex", 0)
	}
}

func writeGroup(b *strings.Builder, g emojiGroup) {
	b.WriteString(`<section class="picker-group"><h3>`)
	rows.Escape(b, g.title)
	b.WriteString(`</h3>`)
	writeEmoji(b, g.list)
	b.WriteString(`</section>`)
}

func writeEmoji(b *strings.Builder, list []emoji) {
	b.WriteString(`<div class="picker-grid">`)
	for _, e := range list {
		b.WriteString(`<button type="button" tabindex="-1" data-emoji="`)
		rows.Escape(b, e.char)
		b.WriteString(`" aria-label="`)
		rows.Escape(b, e.label)
		b.WriteString(`" title="`)
		rows.Escape(b, e.label)
		b.WriteString(`">`)
		rows.Escape(b, e.char)
		b.WriteString(`</button>`)
	}
	b.WriteString(`</div>`)
}

// key walks through the emoji with the arrows; Enter in the search takes the
// first that it found.
func (p *picker) key(e app.Event) {
	if e.Get("isComposing").Truthy() || e.Get("keyCode").Int() == codeComposing {
		return
	}
	e.Call("stopPropagation") // what the keys mean to the chat behind it is not meant here
	all := p.list.Call("querySelectorAll", "button")
	n := all.Get("length").Int()
	at := -1
	for i, focus := 0, focused(); i < n && at < 0; i++ {
		if all.Index(i).Equal(focus) {
			at = i
		}
	}
	to, name := at, e.Get("key").String()
	switch {
	case n == 0:
		return
	case at < 0 && name == "Enter":
		e.PreventDefault()
		p.choose(all.Index(0))
		return
	case at < 0 && name == "ArrowDown":
		to = 0
	case at < 0:
		return
	case name == "ArrowRight":
		to++
	case name == "ArrowLeft":
		to--
	case name == "ArrowDown":
		to += pickerColumns
	case name == "ArrowUp" && at < pickerColumns:
		e.PreventDefault()
		p.search.Call("focus")
		return
	case name == "ArrowUp":
		to -= pickerColumns
	default:
		return
	}
	e.PreventDefault()
	if at >= 0 {
		all.Index(at).Set("tabIndex", -1)
	}
	next := all.Index(min(max(to, 0), n-1))
	next.Set("tabIndex", 0)
	next.Call("focus")
}

func (p *picker) choose(button app.Value) {
	p.chosen = button.Get("dataset").Get("emoji").String()
	p.dialog.Call("close")
}

// closed is told when the dialog has closed, for whatever reason.
func (p *picker) closed() {
	p.release()
	p.dialog.Call("remove")
	if p.chosen != "" {
		p.picked(p.chosen)
	}
}
