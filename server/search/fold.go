package search

import (
	"sort"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/shared/wire"
)

// folded is a text in the form in which texts and queries are compared, and the
// way back to the text that it was made of.
type folded struct {
	text  []byte
	units []unit
	humps []int // where in text a word of camelCase begins anew, ascending
}

// unit is a stretch of the original that was folded as a whole: one character,
// or one with its combining marks, or white space.
type unit struct {
	at       int // where its fold begins in folded.text
	from, to int // its place in the original, in characters
}

// folder folds. What it gives is valid until the next call. It must not be used
// concurrently.
type folder struct {
	folded
	pos int // in the original, in characters

	// The letters just before pos decide where the humps of camelCase are.
	last, before letterCase
	lastAt       int // where the last one's fold begins
}

type letterCase byte

const (
	notLetter letterCase = iota
	lower
	upper
)

// fold folds a text: compatibility forms (full width, ligatures) become plain
// (NFKC), upper case lower, Latin letters lose their accents, Han characters
// become the one that stands for their class, white space becomes one space,
// and what cannot be seen goes.
func (f *folder) fold(s string) *folded {
	f.text, f.units, f.humps = f.text[:0], f.units[:0], f.humps[:0]
	f.pos, f.last, f.before, f.lastAt = 0, notLetter, notLetter, 0
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf && (i+1 == len(s) || s[i+1] < utf8.RuneSelf) {
			f.one(rune(s[i]), foldASCII(s[i]))
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if isNear(r) {
			f.one(r, han.fold(r))
			i += size
			continue
		}
		size = max(size, norm.NFKC.NextBoundaryInString(s[i:], true))
		f.segment(s[i : i+size])
		i += size
	}
	return &f.folded
}

func foldASCII(b byte) rune {
	switch {
	case 'A' <= b && b <= 'Z':
		return rune(b + 'a' - 'A')
	case b == ' ' || '\t' <= b && b <= '\r':
		return ' '
	}
	return rune(b)
}

// one adds a unit of one character.
func (f *folder) one(original, to rune) {
	f.begin(original)
	f.emit(to)
	f.end(1)
}

// segment adds a unit that NFKC looks at as a whole.
func (f *folder) segment(s string) {
	first, _ := utf8.DecodeRuneInString(s)
	f.begin(first)
	latin := false // the marks that follow go
	for _, r := range norm.NFKC.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r) && latin, isInvisible(r):
		case unicode.IsSpace(r):
			f.emit(' ')
		default:
			r = foldCase(r)
			if latin = unicode.Is(unicode.Latin, r); latin {
				f.latin(r)
			} else {
				f.emit(han.fold(r))
			}
		}
	}
	f.end(utf8.RuneCountInString(s))
}

// latin adds a letter without its accents.
func (f *folder) latin(r rune) {
	switch r {
	case 'ß':
		f.emit('s')
		f.emit('s')
		return
	case 'ø':
		r = 'o'
	case 'đ':
		r = 'd'
	case 'ł':
		r = 'l'
	}
	if r >= utf8.RuneSelf {
		r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	}
	f.emit(r)
}

// foldCase gives all forms of a letter the same one. The curly quotes that
// phones make are quotes.
func foldCase(r rune) rune {
	switch r {
	case '‘', '’':
		return '\''
	case '“', '”':
		return '"'
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

// isInvisible tells what people cannot see, and so do not type.
func isInvisible(r rune) bool {
	return wire.Joiner(r) || unicode.Is(unicode.Cf, r) || r == '\u034F' // which NFKC puts between very many marks
}

func (f *folder) begin(original rune) {
	f.units = append(f.units, unit{at: len(f.text), from: f.pos})
	c := caseOf(original)
	switch {
	case c == upper && f.last == lower: // camel|Case
		f.humps = append(f.humps, len(f.text))
	case c == lower && f.last == upper && f.before == upper: // HTTP|Server
		f.humps = append(f.humps, f.lastAt)
	}
	f.before, f.last, f.lastAt = f.last, c, len(f.text)
}

func caseOf(r rune) letterCase {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case 'a' <= r && r <= 'z':
			return lower
		case 'A' <= r && r <= 'Z':
			return upper
		}
		return notLetter
	case unicode.IsUpper(r):
		return upper
	case unicode.IsLower(r):
		return lower
	}
	return notLetter
}

// emit adds a character of the fold; a space only where none is before it.
func (f *folder) emit(r rune) {
	if r == ' ' && (len(f.text) == 0 || f.text[len(f.text)-1] == ' ') {
		return
	}
	f.text = utf8.AppendRune(f.text, r)
}

// end closes the unit that began last. One that has left nothing is forgotten.
func (f *folder) end(characters int) {
	f.pos += characters
	u := &f.units[len(f.units)-1]
	if u.to = f.pos; u.at == len(f.text) {
		f.units = f.units[:len(f.units)-1]
	}
}

// original is the place in the original of the bytes from start to end of the
// fold, in characters. What was folded as a whole is in it as a whole.
func (f *folded) original(start, end int) (from, to int) {
	first := sort.Search(len(f.units), func(i int) bool { return f.units[i].at > start }) - 1
	last := sort.Search(len(f.units), func(i int) bool { return f.units[i].at >= end }) - 1
	return f.units[first].from, f.units[last].to
}
