package ui

import (
	"strings"
	"unicode"
)

// How well a name fits what was typed.
const (
	fitsNot   = iota
	fitsLoose // all letters are there, in this order
	fitsInside
	fitsLatin   // by the sound of its characters, or their first letters
	fitsWord    // a word of it begins so
	fitsAtStart // it begins so
	fitsWhole
)

// fits tells how well a name fits what was typed. latin is how it is typed on a
// keyboard of Latin letters, see wire.User; "" where that is no question.
func fits(typed, name, latin string) int {
	typed, name = strings.ToLower(strings.TrimSpace(typed)), strings.ToLower(name)
	switch at := strings.Index(name, typed); {
	case typed == name:
		return fitsWhole
	case at == 0:
		return fitsAtStart
	case at > 0 && strings.ContainsAny(name[at-1:at], " -_./&"):
		return fitsWord
	case latin != "" && typed != "" && spells(strings.Fields(strings.ToLower(latin)), letters(typed)):
		return fitsLatin
	case at > 0:
		return fitsInside
	case loosely(letters(typed), name):
		return fitsLoose
	}
	return fitsNot
}

// letters leaves out what divides syllables.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\'' {
			return -1
		}
		return r
	}, s)
}

// loosely tells whether all letters are in a name, in this order.
func loosely(typed, name string) bool {
	rest := []rune(name)
	for _, r := range typed {
		at := 0
		for at < len(rest) && rest[at] != r {
			at++
		}
		if at == len(rest) {
			return false
		}
		rest = rest[at+1:]
	}
	return typed != ""
}
