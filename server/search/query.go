package search

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/shared/wire"
)

// maxNeedles bounds the terms of a query: each is a walk through the index, or, as
// a filter, through all people or rooms.
const maxNeedles = 16

// query is what was asked for, taken apart.
type query struct {
	needles []needle // all of which must stand in the message
	from    []string // names of authors, one of whom wrote it; none: anybody
	in      []string // names or ids of rooms, in one of which it stands; none: any
	before  wire.Time
	after   wire.Time // 0: none; a message of that very moment is after it
}

// parse takes a query apart. zone is where the days of before: and after:
// begin. The error is a Problem.
func parse(text string, zone *time.Location) (query, error) {
	var q query
	if !utf8.ValidString(text) {
		return q, wire.Errorf(wire.CodeBadRequest, "The query is not UTF-8.")
	}
	if utf8.RuneCountInString(text) > wire.MaxQuery {
		return q, wire.Errorf(wire.CodeBadRequest, "The query is longer than %d characters.", wire.MaxQuery)
	}
	for rest := trimLeft(typed.Replace(text)); rest != ""; rest = trimLeft(rest) {
		key, after := cutKey(rest)
		t, left := cutTerm(after)
		if key != "" && strings.TrimSpace(t.text) != "" {
			if err := q.filter(key, t.text, zone); err != nil {
				return q, err
			}
		} else {
			if key != "" {
				t, left = cutTerm(rest)
			}
			q.need(t)
		}
		rest = left
	}
	switch {
	case len(q.needles)+len(q.from)+len(q.in) > maxNeedles:
		return q, wire.Errorf(wire.CodeBadRequest, "The query has more than %d terms.", maxNeedles)
	case len(q.needles) == 0 && len(q.from) == 0 && len(q.in) == 0 && q.before == 0 && q.after == 0:
		return q, wire.Errorf(wire.CodeBadRequest, "Say what to look for.")
	}
	return q, nil
}

// typed are the quotes and the colon of Chinese keyboards and of phones.
var typed = strings.NewReplacer("“", `"`, "”", `"`, "＂", `"`, "：", ":")

func trimLeft(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }

// cutKey cuts the name of a filter and its colon off; "" where there is none.
func cutKey(s string) (key, rest string) {
	for _, key := range []string{"from", "in", "before", "after"} {
		if n := len(key); len(s) > n && strings.EqualFold(s[:n], key) && s[n] == ':' {
			return key, s[n+1:]
		}
	}
	return "", s
}

// term is a word or a phrase of a query.
type term struct {
	text   string
	prefix bool // nothing says that it has been typed to its end
}

// cutTerm cuts a term off: a phrase in quotes, or what goes on to the next
// space or quote.
func cutTerm(s string) (t term, rest string) {
	if phrase, ok := strings.CutPrefix(s, `"`); ok {
		text, rest, closed := strings.Cut(phrase, `"`)
		return term{text, !closed}, rest
	}
	end := strings.IndexFunc(s, func(r rune) bool { return r == '"' || unicode.IsSpace(r) })
	if end < 0 {
		return term{s, true}, ""
	}
	return term{s[:end], false}, s[end:]
}

// need adds a term, unless nothing of it can be seen.
func (q *query) need(t term) {
	var f folder
	if text := strings.TrimSpace(string(f.fold(t.text).text)); text != "" {
		q.needles = append(q.needles, needle{text, t.prefix})
	}
}

func (q *query) filter(key, value string, zone *time.Location) error {
	switch key {
	case "from":
		q.from = append(q.from, strings.TrimPrefix(value, "@"))
	case "in":
		q.in = append(q.in, strings.TrimPrefix(value, "#"))
	default:
		at, err := moment(value, zone)
		if err != nil {
			return wire.Errorf(wire.CodeBadRequest, "After %q comes a day such as 2026-11-01.", key+":")
		}
		if key == "before" {
			q.before = at
		} else {
			q.after = at
		}
	}
	return nil
}

// moment is the beginning of a day, or a time as in RFC 3339.
func moment(value string, zone *time.Location) (wire.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, value, zone)
	if err != nil {
		t, err = time.Parse(time.RFC3339, value)
	}
	return wire.TimeOf(t), err
}
