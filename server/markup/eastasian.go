package markup

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// eastAsian lets a mark beside Chinese, Japanese or Korean open and close.
// CommonMark goes by spaces, of which those scripts have none: in **注意：**请看 it
// takes the second ** for one that can only open. The rule is that of
// markdown-cjk-friendly: an East Asian neighbour counts as a space would.
type eastAsian struct{ parser.InlineParser }

// Parse reads a run of marks and looks at its neighbours again.
func (p eastAsian) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, _ := block.PeekLine()
	node := p.InlineParser.Parse(parent, block, pc)
	d, ok := node.(*parser.Delimiter)
	if !ok || d.Char == '_' { // which joins words: it asks for spaces everywhere
		return node
	}
	after := ' '
	if rest := line[d.OriginalLength:]; len(rest) > 0 {
		after, _ = utf8.DecodeRune(rest)
	}
	if isEastAsian(before) || isEastAsian(after) {
		d.CanOpen = !unicode.IsSpace(after)
		d.CanClose = !unicode.IsSpace(before)
	}
	return node
}

func isEastAsian(r rune) bool {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return true
	case r >= 0x3000 && r <= 0x303f, r >= 0xff00 && r <= 0xffef: // CJK punctuation, full-width forms
		return true
	}
	return false
}
