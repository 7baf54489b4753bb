package markup

import (
	"strings"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/yuin/goldmark/ast"
)

// code writes a fenced block, coloured when its language is named and known.
func (w *writer) code(n *ast.FencedCodeBlock) {
	var b strings.Builder
	if n.Info != nil {
		w.silent = append(w.silent, n.Info.Segment)
	}
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		w.silent = append(w.silent, line)
		b.Write(line.Value(w.source))
	}
	code, lang := w.links.restore(b.String()), strings.ToLower(string(n.Language(w.source)))
	w.out.WriteString(`<pre class="code"><code`)
	if lang != "" && classes.MatchString("lang-"+lang) {
		w.out.WriteString(` class="lang-` + lang + `"`)
	}
	w.out.WriteByte('>')
	if tokens := w.tokens(code, lang); tokens != nil {
		w.highlighted(tokens)
	} else {
		w.plain(code)
	}
	w.out.WriteString("</code></pre>")
}

// tokens takes code apart; nil where that is not possible in time.
func (w *writer) tokens(code, lang string) []chroma.Token {
	if lang == "" || len(code) > maxCode || !time.Now().Before(w.codeUntil) {
		return nil
	}
	l, ok := w.colours.registry.Get(lang).(*lexer)
	if !ok {
		return nil
	}
	began := time.Now()
	if l.ready() != nil {
		return nil
	}
	w.codeUntil = w.codeUntil.Add(time.Since(began)) // that it is made, at its first use, does not count
	return w.colours.tokens(l, code, w.codeUntil)
}

// highlighted writes tokens, those of one colour together.
func (w *writer) highlighted(tokens []chroma.Token) {
	colour := ""
	for _, t := range tokens {
		if t.Value == "" {
			continue
		}
		if class := tokenClass(t.Type); class != colour {
			if colour != "" {
				w.out.WriteString("</span>")
			}
			if class != "" {
				w.out.WriteString(`<span class="` + class + `">`)
			}
			colour = class
		}
		w.plain(t.Value)
	}
	if colour != "" {
		w.out.WriteString("</span>")
	}
}

// tokenClass is one of the few colours that the style sheet has for a token.
func tokenClass(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Comment):
		return "c"
	case t.InCategory(chroma.Keyword):
		return "k"
	case t.InSubCategory(chroma.LiteralString):
		return "s"
	case t.InSubCategory(chroma.LiteralNumber):
		return "m"
	case t == chroma.NameFunction, t == chroma.NameFunctionMagic:
		return "nf"
	case t == chroma.NameTag, t == chroma.NameClass, t == chroma.NameNamespace, t == chroma.NameBuiltin, t == chroma.NameDecorator:
		return "nc"
	case t == chroma.NameAttribute, t == chroma.NameVariable, t == chroma.NameConstant:
		return "na"
	case t == chroma.GenericInserted:
		return "gi"
	case t == chroma.GenericDeleted:
		return "gd"
	case t == chroma.GenericHeading, t == chroma.GenericSubheading:
		return "gh"
	case t.InCategory(chroma.Operator):
		return "o"
	}
	return ""
}
