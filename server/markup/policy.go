package markup

import (
	"regexp"

	"github.com/microcosm-cc/bluemonday"
)

// classes are all that the HTML may carry: a lexer's short token names, the
// language of a block, and words that are nothing but emoji.
var classes = regexp.MustCompile(`^(?:[a-z][a-z0-9]{0,2}|code|emoji|lang-[a-z0-9+#._-]{1,20})$`)

// newPolicy allows what writer writes, and nothing else.
func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "ul", "ol", "li", "blockquote")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("class").Matching(classes).OnElements("span", "code", "pre", "p")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`^auto$`)).OnElements("p", "li", "blockquote")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}
