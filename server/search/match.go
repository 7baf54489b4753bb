package search

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// maxHighlights bounds the places that are shown in one message: a single
// letter would mark a long one thousands of times.
const maxHighlights = 100

// needle is what must stand in a message, folded.
type needle struct {
	text   string
	prefix bool // a word may go on after it: it is still being typed
}

// matcher finds needles in texts. It must not be used concurrently.
type matcher struct {
	folder
	bound []bool // by byte of the fold: a word, or a part of one, may begin or end there
	cuts  []int
}

// match tells whether all needles stand in a text, and where: places in
// characters of the text, ascending and apart from each other.
func (m *matcher) match(text string, needles []needle) (places [][2]int, ok bool) {
	f := m.fold(text)
	m.findBounds()
	for _, n := range needles {
		found := m.find(f, n, &places)
		if !found {
			return nil, false
		}
	}
	return join(places), true
}

// findBounds fills in bound. Inside a word it is false but between parts.
func (m *matcher) findBounds() {
	m.bound = slices.Grow(m.bound[:0], len(m.text)+1)[:len(m.text)+1]
	for i := range m.bound {
		m.bound[i] = true
	}
	runs(m.text, func(c class, start, end int) {
		if c != letter {
			return
		}
		clear(m.bound[start+1 : end])
		m.cuts = m.parts(m.cuts, start, end)
		for _, i := range m.cuts {
			m.bound[i] = true
		}
	})
}

// find adds the places of one needle.
func (m *matcher) find(f *folded, n needle, places *[][2]int) bool {
	first, size := utf8.DecodeRuneInString(n.text)
	last, _ := utf8.DecodeLastRuneInString(n.text)
	atStart := classOf(first) == letter
	atEnd := classOf(last) == letter && !n.prefix
	needle, count := []byte(n.text), 0
	for from := 0; count < maxHighlights; {
		i := bytes.Index(f.text[from:], needle)
		if i < 0 {
			break
		}
		start := from + i
		end := start + len(needle)
		if atStart && !m.bound[start] || atEnd && !m.bound[end] {
			from = start + size
			continue
		}
		begin, finish := f.original(start, end)
		*places = append(*places, [2]int{begin, finish})
		count++
		from = end
	}
	return count > 0
}

// join sorts places and makes one of those that touch.
func join(places [][2]int) [][2]int {
	slices.SortFunc(places, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	joined := places[:0]
	for _, p := range places {
		if n := len(joined); n > 0 && p[0] <= joined[n-1][1] {
			joined[n-1][1] = max(joined[n-1][1], p[1])
			continue
		}
		joined = append(joined, p)
	}
	return joined[:min(len(joined), maxHighlights)]
}
