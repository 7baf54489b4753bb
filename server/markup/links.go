package markup

import (
	"strings"

	"parley/shared/rows"
)

// Addresses are taken out of a text before it is parsed, and put back into what
// comes of it: in https://a.b/__init__.py nothing is bold, and Markdown's parser
// asks for what may begin in a word only after a space, of which Chinese has none.
// A rune of the private use plane 15 stands for each.

const (
	firstStandIn = '\U000F0000'
	lastStandIn  = '\U000FFFFD'
)

// links are the addresses of a text, by their stand-ins.
type links []string

// takeLinks gives a text with its addresses taken out. ok is false for texts that
// use the private plane themselves.
func takeLinks(source string) (masked string, l links, ok bool) {
	if strings.ContainsFunc(source, isStandIn) {
		return "", nil, false
	}
	var b strings.Builder
	for source != "" {
		start, end := rows.FindLink(source)
		if start < 0 {
			break
		}
		url := source[start:end]
		if start > 0 && source[start-1] == '<' && strings.HasPrefix(source[end:], ">") { // <https://…>
			start, end = start-1, end+1
		}
		b.WriteString(source[:start])
		b.WriteRune(firstStandIn + rune(len(l)))
		l = append(l, url)
		source = source[end:]
	}
	b.WriteString(source)
	return b.String(), l, true
}

func isStandIn(r rune) bool { return r >= firstStandIn && r <= lastStandIn }

// restore puts the addresses back.
func (l links) restore(s string) string {
	if !strings.ContainsFunc(s, isStandIn) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if isStandIn(r) {
			b.WriteString(l[r-firstStandIn])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
