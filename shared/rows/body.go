package rows

import (
	"strconv"
	"strings"

	"parley/shared/wire"
)

// body writes what a message says, and what was done to it.
func (w Writer) body(b *strings.Builder, m wire.Message) {
	if m.Deleted != 0 {
		b.WriteString(`<div class="text gone">`)
		Escape(b, w.Texts.Deleted)
		b.WriteString(`</div>`)
		return
	}
	if m.ReplyTo != 0 {
		w.quote(b, m.ReplyTo)
	}
	long := isLong(m.Text)
	id := "f" + strconv.FormatUint(m.Seq, 10)
	if long { // in front of what it unfolds, for the style sheet
		b.WriteString(`<input type="checkbox" class="fold vh" id="` + id + `">`)
	}
	switch list := w.mentions(m); {
	case m.Text == "" && len(m.Files) > 0:
	case w.act(b, m.Author, m.Text, m.HTML, long, list):
	case m.HTML != "":
		b.WriteString(`<div class="text rich` + class(long, " long") + `">`)
		w.dress(b, m.HTML, list)
		b.WriteString(`</div>`)
	default:
		w.plain(b, m.Text, long, list)
	}
	if long {
		b.WriteString(`<label class="unfold" for="` + id + `">`)
		Escape(b, w.Texts.ShowAll)
		b.WriteString(`</label>`)
	}
	w.files(b, m.Files)
	if m.Edited != 0 {
		w.edited(b, m)
	}
	w.reactions(b, m.Reactions)
}

// edited says that a message said something else before. Those who may see what
// can ask.
func (w Writer) edited(b *strings.Builder, m wire.Message) {
	tag := "span"
	if m.Author == w.Me || w.Moderates {
		tag = "button"
		b.WriteString(`<button type="button" class="edited" data-do="revisions"`)
		attr(b, "title", w.Texts.SeeEdits)
		b.WriteByte('>')
	} else {
		b.WriteString(`<span class="edited">`)
	}
	Escape(b, w.Texts.Edited)
	b.WriteString(`</` + tag + `>`)
}

// plain writes a text without Markdown in it.
func (w Writer) plain(b *strings.Builder, s string, long bool, list []mention) {
	b.WriteString(`<div class="text` + class(emojiOnly(s), " emoji") + class(long, " long") + `" dir="auto">`)
	if len(list) == 0 {
		Text(b, s)
	} else {
		var html strings.Builder
		Text(&html, s)
		w.dress(b, html.String(), list)
	}
	b.WriteString(`</div>`)
}

func class(is bool, name string) string {
	if is {
		return name
	}
	return ""
}
