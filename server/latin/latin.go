// Package latin says how a name is typed on a keyboard of Latin letters: a
// Chinese one by its pinyin, one with accents without them. Only the server
// knows: the table of pinyin alone would weigh as much as the app.
package latin

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"
)

// Bounds of a spelling: what a name of 32 characters needs at most, and no more
// than a list of five thousand people can carry.
const (
	maxReadings = 4   // of one character; the dictionary gives some as many as ten, nearly all of them dead
	maxBytes    = 256 // of a spelling
)

var plain = pinyin.Args{Style: pinyin.Normal, Heteronym: true}

// Spell gives the words by which a name is typed, lower case, with a space
// between: one for each Chinese character, its readings divided by "/", and one
// for each run of other letters and digits. It is empty for a name that is
// typed as it is written. The same name gives the same spelling.
func Spell(name string) string {
	var words []string
	var run strings.Builder
	other := false // the name has something that is typed otherwise
	end := func() {
		if run.Len() > 0 {
			words = append(words, run.String())
			run.Reset()
		}
	}
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
			other = true
		case unicode.Is(unicode.Han, r):
			if readings := read(r); readings != "" {
				end()
				words, other = append(words, readings), true
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			run.WriteRune(r)
		default:
			end()
		}
	}
	end()
	if !other {
		return ""
	}
	for len(strings.Join(words, " ")) > maxBytes {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}

// read gives a character's readings without their tones, most usual first. ü is
// typed as v, and by many as u.
func read(r rune) string {
	var readings []string
	add := func(reading string) {
		if reading != "" && len(readings) < maxReadings && !slices.Contains(readings, reading) {
			readings = append(readings, reading)
		}
	}
	for _, reading := range pinyin.SinglePinyin(r, plain) {
		add(reading)
		if strings.Contains(reading, "v") {
			add(strings.ReplaceAll(reading, "v", "u"))
		}
	}
	return strings.Join(readings, "/")
}
