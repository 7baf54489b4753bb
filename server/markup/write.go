package markup

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	east "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"parley/shared/rows"
)

// writer writes a tree as HTML. What it does not know it leaves out.
type writer struct {
	source    []byte
	links     links
	colours   *colours
	codeUntil time.Time

	out      strings.Builder
	rich     bool // something was more than plain text
	tooDeep  bool
	verbatim int            // how deep in what has no links: code, or a link
	silent   []text.Segment // of the source that are code, ascending
}

// blocks writes what stands on lines of its own.
func (w *writer) blocks(parent ast.Node, depth int) {
	if depth > maxDepth {
		w.tooDeep = true
		return
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Paragraph:
			w.paragraph(n, depth)
		case *ast.TextBlock:
			w.inlines(n, depth)
			if n.NextSibling() != nil {
				w.out.WriteString("<br>")
			}
		case *ast.FencedCodeBlock:
			w.rich = true
			w.code(n)
		case *ast.Blockquote:
			w.container(n, `<blockquote dir="auto">`, "</blockquote>", depth)
		case *ast.List:
			w.list(n, depth)
		case *ast.ListItem:
			w.container(n, `<li dir="auto">`, "</li>", depth)
		}
	}
}

func (w *writer) container(n ast.Node, open, end string, depth int) {
	w.rich = true
	w.out.WriteString(open)
	w.blocks(n, depth+1)
	w.out.WriteString(end)
}

func (w *writer) paragraph(n *ast.Paragraph, depth int) {
	if onlyEmoji(n) {
		w.out.WriteString(`<p class="emoji">`)
	} else {
		w.out.WriteString(`<p dir="auto">`)
	}
	w.inlines(n, depth)
	w.out.WriteString("</p>")
}

// maxLarge is how many emoji are written large: more are a pattern.
const maxLarge = 3

// onlyEmoji tells whether a message is one to three emoji, written by their names.
func onlyEmoji(n *ast.Paragraph) bool {
	if n.NextSibling() != nil || n.PreviousSibling() != nil || n.Parent().Kind() != ast.KindDocument {
		return false
	}
	count := 0
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *east.Emoji:
			count++
		case *ast.Text:
			if c.Segment.Len() > 1 || c.SoftLineBreak() { // a space between them
				return false
			}
		default:
			return false
		}
	}
	return count > 0 && count <= maxLarge
}

func (w *writer) list(n *ast.List, depth int) {
	open, end := "<ul>", "</ul>"
	if n.IsOrdered() {
		open, end = "<ol>", "</ol>"
		if n.Start != 1 {
			open = `<ol start="` + strconv.Itoa(n.Start) + `">`
		}
	}
	w.container(n, open, end, depth)
}

// inlines writes what stands in a line.
func (w *writer) inlines(parent ast.Node, depth int) {
	if depth > maxDepth {
		w.tooDeep = true
		return
	}
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			w.text(n)
		case *ast.String:
			w.escape(n.Value)
		case *ast.CodeSpan:
			w.verbatim++
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					w.silent = append(w.silent, t.Segment)
				}
			}
			w.inline(n, "<code>", "</code>", depth)
			w.verbatim--
		case *ast.Emphasis:
			if n.Level == 1 {
				w.inline(n, "<em>", "</em>", depth)
			} else {
				w.inline(n, "<strong>", "</strong>", depth)
			}
		case *extast.Strikethrough:
			w.inline(n, "<del>", "</del>", depth)
		case *east.Emoji:
			w.rich = true
			w.escape([]byte(string(n.Value.Unicode)))
		case *ast.Link:
			w.link(n, n.Destination, depth)
		case *ast.Image: // shown as what it is, an address
			w.link(n, n.Destination, depth)
		}
	}
}

func (w *writer) inline(n ast.Node, open, end string, depth int) {
	w.rich = true
	w.out.WriteString(open)
	w.inlines(n, depth+1)
	w.out.WriteString(end)
}

// text writes words as they were typed: what has a meaning in Markdown only
// (\* and &amp;) is for people who know it, so only the backslash counts.
func (w *writer) text(n *ast.Text) {
	value := n.Segment.Value(w.source)
	if !n.IsRaw() {
		value = w.unescape(value)
	}
	w.escape(value)
	if n.SoftLineBreak() || n.HardLineBreak() {
		w.out.WriteString("<br>")
	}
}

// unescape takes the backslash from before a mark.
func (w *writer) unescape(value []byte) []byte {
	if !strings.Contains(string(value), `\`) {
		return value
	}
	plain := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) && strings.IndexByte("\\`*_~[]()<>#+-.!:|{}", value[i+1]) >= 0 {
			w.rich = true
			i++
		}
		plain = append(plain, value[i])
	}
	return plain
}

// link is words that lead somewhere. Where they may not, both are shown.
func (w *writer) link(n ast.Node, destination []byte, depth int) {
	w.rich = true
	href := w.links.restore(string(destination))
	follow := rows.LinkLength("", href) > 0
	if follow {
		w.anchor(href)
		w.verbatim++
	}
	w.inlines(n, depth+1)
	switch {
	case !follow:
		w.plain(" (" + href + ")")
	case n.FirstChild() == nil:
		w.plain(href)
	}
	if follow {
		w.verbatim--
		w.out.WriteString("</a>")
	}
}

func (w *writer) anchor(href string) {
	w.out.WriteString(`<a href="`)
	rows.Escape(&w.out, href)
	w.out.WriteString(`">`)
}

// escape writes a piece of the source; its addresses become links, unless it
// stands in code or in a link.
func (w *writer) escape(value []byte) {
	s := string(value)
	for {
		at := strings.IndexFunc(s, isStandIn)
		if at < 0 || w.verbatim > 0 {
			w.plain(w.links.restore(s))
			return
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		url := w.links[r-firstStandIn]
		w.plain(s[:at])
		w.anchor(url)
		w.plain(url)
		w.out.WriteString("</a>")
		s = s[at+size:]
	}
}

// prose is the source without its code.
func (w *writer) prose() string {
	if len(w.silent) == 0 {
		return w.links.restore(string(w.source))
	}
	var b strings.Builder
	at := 0
	for _, s := range w.silent {
		b.Write(w.source[at:max(at, s.Start)])
		b.WriteByte('\n')
		at = max(at, s.Stop)
	}
	b.Write(w.source[at:])
	return w.links.restore(b.String())
}

func (w *writer) plain(s string) { rows.Escape(&w.out, s) }
