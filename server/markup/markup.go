package markup

import (
	"strings"
	"time"

	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/microcosm-cc/bluemonday"
	emoji "github.com/yuin/goldmark-emoji"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Renderer renders messages. It may be used concurrently.
type Renderer struct {
	parser parser.Parser
	policy *bluemonday.Policy

	colours *colours
}

// New makes a Renderer.
func New() *Renderer {
	return &Renderer{policy: newPolicy(), colours: newColours(lexers.GlobalLexerRegistry.Lexers...), parser: parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(emoji.NewParser(), 400),
			util.Prioritized(eastAsian{parser.NewEmphasisParser()}, 500),
			util.Prioritized(eastAsian{extension.NewStrikethroughParser()}, 600),
		),
	)}
}

// Render gives text as sanitised HTML, "" when there is nothing in it beyond words,
// line breaks and bare links (readers show those without help), or when it is
// past a limit. It takes some ten microseconds for what people write. Besides it
// gives the text without its code, in place of which stand line breaks: what is
// code to a reader speaks to nobody.
//
// A text that makes a parser panic is not rendered either: what somebody writes
// must not end the server, on whose goroutine ever it is rendered.
func (r *Renderer) Render(source string) (html, prose string) {
	defer func() {
		if recover() != nil {
			html, prose = "", source
		}
	}()
	if marks(source) > maxMarks {
		return "", source
	}
	masked, links, ok := takeLinks(source)
	if !ok {
		return "", source
	}
	src := []byte(masked)
	root := r.parser.Parse(text.NewReader(src))
	w := writer{source: src, links: links, colours: r.colours, codeUntil: time.Now().Add(codeTime)}
	w.blocks(root, 0)
	if !w.rich || w.tooDeep || w.out.Len() > maxHTML {
		return "", source
	}
	return strings.TrimSpace(r.policy.Sanitize(w.out.String())), w.prose()
}

// marks counts the characters that mean something to the parser.
func marks(source string) (n int) {
	for i := range len(source) {
		switch source[i] {
		case '*', '_', '~', '`', '[', ']', '<', '>', '(':
			n++
		}
	}
	return n
}
