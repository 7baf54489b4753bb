package search

import (
	_ "embed"
	"strings"
	"unicode/utf8"
)

// hanClasses are the characters that stand for each other, see its head.
//
//go:embed han.txt
var hanClasses string

// Most of Han lies here in one stretch: a table is several times faster than a map.
const (
	hanFirst = 0x3400
	hanEnd   = 0xA000
)

// hanTable is what a character is folded to.
type hanTable struct {
	near [hanEnd - hanFirst]rune
	far  map[rune]rune
}

var han = readHan(hanClasses)

func readHan(classes string) *hanTable {
	t := &hanTable{far: map[rune]rune{}}
	for r := range t.near {
		t.near[r] = hanFirst + rune(r)
	}
	for line := range strings.Lines(classes) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		to, _ := utf8.DecodeRuneInString(line)
		for _, from := range line {
			if isNear(from) {
				t.near[from-hanFirst] = to
			} else {
				t.far[from] = to
			}
		}
	}
	return t
}

func isNear(r rune) bool { return hanFirst <= r && r < hanEnd }

// fold is the character that stands for all of r's class.
func (t *hanTable) fold(r rune) rune {
	if isNear(r) {
		return t.near[r-hanFirst]
	}
	if to, ok := t.far[r]; ok {
		return to
	}
	return r
}
