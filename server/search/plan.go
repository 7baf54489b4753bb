package search

// maxLookups bounds the tokens that are looked up for a query; what they leave
// over is verified anyway.
const maxLookups = 24

// lookup is tokens of the index, one of which a message must be found under.
type lookup struct {
	tokens []string
	prefix bool // tokens that begin so do as well
}

// plan is what the index is asked, to find every message that may match. It is
// empty when the index cannot help: then every message may.
func (q *query) plan(authors []string) []lookup {
	var strong, weak []lookup
	for _, n := range q.needles {
		s := []byte(n.text)
		runs(s, func(c class, start, end int) {
			run := s[start:end]
			switch c {
			case letter:
				l := lookup{[]string{string(cutToken(run))}, n.prefix && end == len(s)}
				if l.prefix && len(run) == 1 { // too many words begin so
					weak = append(weak, l)
				} else {
					strong = append(strong, l)
				}
			case dense:
				found := false
				pairs(run, func(pair []byte) {
					found = true
					strong = append(strong, lookup{tokens: []string{string(pair)}})
				})
				if !found {
					weak = append(weak, lookup{[]string{string(run)}, true})
				}
			default:
				strong = append(strong, lookup{tokens: []string{string(run)}})
			}
		})
	}
	if len(authors) > 0 {
		l := lookup{}
		for _, id := range authors {
			l.tokens = append(l.tokens, authorToken(id))
		}
		strong = append([]lookup{l}, strong...)
	}
	if len(strong) == 0 {
		strong = weak
	}
	return strong[:min(len(strong), maxLookups)]
}

// authorToken is under which the messages of a user are indexed. No text has
// such a token.
func authorToken(id string) string { return "\x01" + id }
