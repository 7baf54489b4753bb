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
	case latin != "" && sounds(letters(typed), strings.Fields(strings.ToLower(latin))):
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

// sounds tells whether what was typed is the beginning of readings of words, each
// begun or whole: "xm", "xiaom" and "xiaoming" are all of "xiao ming". It may
// begin at any word: people are called by their given name.
func sounds(typed string, words []string) bool {
	for i := range words {
		if spells(typed, words[i:]) {
			return true
		}
	}
	return false
}

func spells(typed string, words []string) bool {
	if typed == "" {
		return true
	}
	if len(words) == 0 {
		return false
	}
	for _, reading := range strings.Split(words[0], "/") {
		n := 0
		for n < len(typed) && n < len(reading) && typed[n] == reading[n] {
			n++
			if spells(typed[n:], words[1:]) {
				return true
			}
		}
	}
	return false
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
