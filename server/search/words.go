package search

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

const (
	// maxParts is into how many parts a word is taken apart. What has more, such
	// as a checksum, is no word that people made, and would fill the index with
	// the square of its parts.
	maxParts = 6

	// maxToken bounds, in characters, what is indexed of a word; the rest is
	// looked at when a message is verified.
	maxToken = 24
)

// class is what a folded character is to a search. It does not depend on the
// neighbours, so that a part of a text has the same classes as the whole.
type class byte

const (
	apart  class = iota // punctuation and space: not indexed
	letter              // of words, which are written apart; digits too
	dense               // of scripts that are written without spaces
	symbol              // says something by itself, such as an emoji
)

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return letter
		}
		return apart
	case isNear(r), r == 'ー', unicode.In(r, denseScripts...):
		return dense
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
		return letter
	case unicode.Is(unicode.So, r), unicode.Is(unicode.Sk, r): // Sk: the skin of emoji
		return symbol
	}
	return apart
}

var denseScripts = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Yi,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// runs calls fn for each stretch of characters of one class, in bytes of s. Of
// symbols each is a stretch of its own; what is apart is left out.
func runs(s []byte, fn func(c class, start, end int)) {
	start, now := 0, apart
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRune(s[i:])
		if c := classOf(r); c != now || c == symbol {
			if now != apart {
				fn(now, start, i)
			}
			start, now = i, c
		}
		i += size
	}
	if now != apart {
		fn(now, start, len(s))
	}
}

// parts are the places in the word text[start:end] at which a part of it
// begins or ends, both ends included: ab|cd of camelCase, and between letters
// and digits.
func (f *folded) parts(cuts []int, start, end int) []int {
	cuts = append(cuts[:0], start)
	hump, _ := slices.BinarySearch(f.humps, start+1)
	number := isNumberAt(f.text, start)
	for i := start; i < end; {
		r, size := utf8.DecodeRune(f.text[i:])
		for hump < len(f.humps) && f.humps[hump] < i {
			hump++
		}
		isNumber := unicode.IsNumber(r)
		if i > start && (isNumber != number && !unicode.IsMark(r) || hump < len(f.humps) && f.humps[hump] == i) {
			cuts = append(cuts, i)
		}
		if !unicode.IsMark(r) {
			number = isNumber
		}
		i += size
	}
	if len(cuts) > maxParts {
		cuts = cuts[:1]
	}
	return append(cuts, end)
}

func isNumberAt(s []byte, i int) bool {
	r, _ := utf8.DecodeRune(s[i:])
	return unicode.IsNumber(r)
}

// tokens calls fn for everything under which a text is indexed; the same may
// come more than once. Of words: the whole, each part, and all that parts make
// together. Of dense writing: each two neighbours, and the last one alone, so
// that whatever begins with a character finds that character.
func (f *folded) tokens(fn func(token []byte)) {
	var cuts []int
	runs(f.text, func(c class, start, end int) {
		switch c {
		case letter:
			cuts = f.parts(cuts, start, end)
			for i, from := range cuts[:len(cuts)-1] {
				for _, to := range cuts[i+1:] {
					fn(cutToken(f.text[from:to]))
				}
			}
		case dense:
			pairs(f.text[start:end], fn)
			_, size := utf8.DecodeLastRune(f.text[start:end])
			fn(f.text[end-size : end])
		default:
			fn(f.text[start:end])
		}
	})
}

// pairs calls fn for each two neighbours.
func pairs(s []byte, fn func([]byte)) {
	_, size := utf8.DecodeRune(s)
	for next := size; next < len(s); {
		_, second := utf8.DecodeRune(s[next:])
		fn(s[next-size : next+second])
		next, size = next+second, second
	}
}

// cutToken is a word as far as it is indexed.
func cutToken(word []byte) []byte {
	if len(word) <= maxToken {
		return word
	}
	n := 0
	for i := range string(word) {
		if n == maxToken {
			return word[:i]
		}
		n++
	}
	return word
}
