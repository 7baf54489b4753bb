package texts

import (
	"slices"
	"strconv"
	"strings"
)

// Languages are all catalogues, the first for those who read none of them.
var Languages = []*Texts{&English, &Chinese}

// For gives the catalogue for a reader of these languages, BCP 47 tags, best
// first; empty ones count for nothing. Both ends choose by it: a choice of the
// reader's own, then what the browser says.
//
// Whoever reads Chinese in traditional characters reads ours more easily than
// English, unless English stands before it.
func For(tags ...string) *Texts {
	for _, tag := range tags {
		language, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
		for _, t := range Languages {
			if own, _, _ := strings.Cut(t.Lang, "-"); strings.EqualFold(own, language) {
				return t
			}
		}
	}
	return Languages[0]
}

// maxAccept is how many languages of a header are looked at: nobody reads more,
// and a request cannot make the server sort thousands.
const maxAccept = 32

// Accepted are the tags of an Accept-Language header, best first (RFC 9110,
// section 12.5.4). Those of weight 0 and what is no weight are left out.
func Accepted(header string) []string {
	type choice struct {
		tag    string
		weight float64
	}
	var choices []choice
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64) // 0: left out
		}
		if tag = strings.TrimSpace(tag); tag != "" && weight > 0 && weight <= 1 {
			choices = append(choices, choice{tag, weight})
		}
		if len(choices) == maxAccept {
			break
		}
	}
	slices.SortStableFunc(choices, func(a, b choice) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	tags := make([]string, len(choices))
	for i, c := range choices {
		tags[i] = c.tag
	}
	return tags
}
