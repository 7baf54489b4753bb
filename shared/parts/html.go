package parts

import (
	"strings"

	"parley/shared/rows"
)

// html writes markup: what is ours as it is, what is not escaped.
type html struct{ strings.Builder }

// raw writes our own markup.
func (h *html) raw(pieces ...string) *html {
	for _, p := range pieces {
		h.WriteString(p)
	}
	return h
}

// text writes s escaped.
func (h *html) text(s string) *html {
	rows.Escape(&h.Builder, s)
	return h
}

// attr writes ` name="value"`.
func (h *html) attr(name, value string) *html {
	return h.raw(" ", name, `="`).text(value).raw(`"`)
}

// hidden writes a field that nobody sees, none for an empty value.
func (h *html) hidden(name, value string) *html {
	if value == "" {
		return h
	}
	return h.raw(`<input type="hidden"`).attr("name", name).attr("value", value).raw(">")
}
