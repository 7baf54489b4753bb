package rows

import (
	"slices"
	"strings"

	"parley/shared/wire"
)

// allNames are those by which a message calls everybody in the room.
var allNames = []string{"room", "所有人"}

// mention is a name that may stand behind an @.
type mention struct {
	name string // as it stands in HTML
	me   bool
}

// calls tells whether a message calls the reader.
func (w Writer) calls(m wire.Message) bool {
	return m.Deleted == 0 && m.Author != w.Me && (m.MentionsAll || slices.Contains(m.Mentions, w.Me))
}

// mentions are the names that a message mentions, the longest first: @Ada
// Lovelace is not @Ada.
func (w Writer) mentions(m wire.Message) []mention {
	var list []mention
	add := func(name string, me bool) {
		var b strings.Builder
		Escape(&b, name)
		list = append(list, mention{b.String(), me})
	}
	for _, id := range m.Mentions {
		add(w.Name(id), id == w.Me)
	}
	if m.MentionsAll {
		for _, name := range allNames {
			add(name, true)
		}
	}
	slices.SortFunc(list, func(a, b mention) int { return len(b.name) - len(a.name) })
	return list
}

// find is the mention that s, which begins behind an @, begins with.
func find(list []mention, s string) (mention, bool) {
	for _, m := range list {
		if m.name == "" || len(s) < len(m.name) || !strings.EqualFold(s[:len(m.name)], m.name) {
			continue
		}
		if len(s) > len(m.name) && isAlnum(s[len(m.name)]) && isAlnum(m.name[len(m.name)-1]) {
			continue // @Adam is not @Ada
		}
		m.name = s[:len(m.name)]
		return m, true
	}
	return mention{}, false
}

// dress writes a message's HTML with what readers see and nobody wrote: mentions
// stand out, and a block of code can be copied. Of the HTML, which is safe and
// stays so, it reads tags and text; in code and in links nobody is mentioned.
func (w Writer) dress(b *strings.Builder, html string, list []mention) {
	verbatim := 0
	for html != "" {
		at := strings.IndexAny(html, "<@＠")
		if at < 0 {
			break
		}
		b.WriteString(html[:at])
		before := html[:at]
		html = html[at:]
		if html[0] == '<' {
			end := strings.IndexByte(html, '>') + 1
			if end == 0 {
				break
			}
			w.tag(b, html[:end], &verbatim)
			html = html[end:]
			continue
		}
		size := len("@")
		if html[0] != '@' {
			size = 1
			if strings.HasPrefix(html, "＠") {
				size = len("＠")
			}
		}
		m, ok := find(list, html[size:])
		if !ok || verbatim > 0 || before != "" && inAddress(before[len(before)-1]) {
			b.WriteString(html[:size])
			html = html[size:]
			continue
		}
		b.WriteString(`<span class="mention`)
		if m.me {
			b.WriteString(` me`)
		}
		b.WriteString(`">` + html[:size] + m.name + `</span>`)
		html = html[size+len(m.name):]
	}
	b.WriteString(html)
}

// inAddress tells the characters after which an @ is no mention: me@example.org.
func inAddress(c byte) bool { return isAlnum(c) || strings.IndexByte("._-+/", c) >= 0 }

// tag writes a tag, and around a block of code what copies it.
func (w Writer) tag(b *strings.Builder, tag string, verbatim *int) {
	name, end := strings.CutPrefix(strings.Trim(tag, "<>"), "/")
	name, _, _ = strings.Cut(name, " ")
	inside := name == "code" || name == "pre" || name == "a"
	switch {
	case inside && end:
		*verbatim--
	case inside:
		*verbatim++
	}
	switch {
	case name == "pre" && end:
		b.WriteString(tag + `</div>`)
	case name == "pre":
		b.WriteString(`<div class="code-box"><button type="button" class="copy-code" data-do="copy-code">`)
		Escape(b, w.Texts.Copy)
		b.WriteString(`</button>` + tag)
	default:
		b.WriteString(tag)
	}
}
