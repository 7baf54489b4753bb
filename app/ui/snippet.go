package ui

import (
	"strings"

	"parley/shared/rows"
)

// How much of a found message is shown, in characters.
const (
	snippetBefore = 30  // in front of the first place that matches
	snippetMost   = 180 // in all
)

// piece is a stretch of text, looked for or not.
type piece struct {
	text   string
	marked bool
}

// snippet cuts a found message to what is shown of it. places count characters,
// ascending and apart. The marks of Markdown are left out.
func snippet(text string, places [][2]int) []piece {
	rs := []rune(strings.NewReplacer("\n", " ", "\t", " ").Replace(text))
	from := 0
	if len(places) > 0 && places[0][0] > snippetBefore && len(rs) > snippetMost {
		from = min(places[0][0], len(rs)) - snippetBefore
	}
	to := min(len(rs), from+snippetMost)
	var list []piece
	add := func(a, b int, marked bool) {
		if a, b = max(a, from), min(b, to); a < b {
			list = append(list, piece{rows.Unmarked(string(rs[a:b])), marked})
		}
	}
	if from > 0 {
		list = append(list, piece{text: "…"})
	}
	at := from
	for _, p := range places {
		add(at, p[0], false)
		add(p[0], p[1], true)
		at = max(at, p[1])
	}
	add(at, to, false)
	if to < len(rs) {
		list = append(list, piece{text: "…"})
	}
	return list
}
