package rows

import "strings"

// me is how a message begins that says what its author does.
const me = "/me "

// act writes such a message, s: the author's name and what follows, from html
// where there is any. (Markdown knows no slash: it stands there as typed.) It is
// false for any other message.
func (w Writer) act(b *strings.Builder, author, s, html string, long bool, list []mention) bool {
	rest, ok := strings.CutPrefix(s, me)
	if !ok {
		return false
	}
	if html == "" {
		var plain strings.Builder
		Text(&plain, rest)
		html = me + plain.String()
		b.WriteString(`<div class="text action` + class(long, " long") + `" dir="auto">`)
	} else {
		b.WriteString(`<div class="text rich action` + class(long, " long") + `">`)
	}
	var inner, name strings.Builder
	if len(list) == 0 {
		inner.WriteString(html)
	} else {
		w.dress(&inner, html, list)
	}
	name.WriteString(`<b>`)
	Escape(&name, w.Name(author))
	name.WriteString(`</b> `)
	b.WriteString(strings.Replace(inner.String(), me, name.String(), 1))
	b.WriteString(`</div>`)
	return true
}
