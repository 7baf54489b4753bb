package texts

import "strconv"

// Number is a number of things: to choose the right form by, and as it is
// written.
type Number struct {
	N       int
	Written string
}

// Plain writes a number where there is no Intl to do it, as both of our
// languages do: 1,234,567.
func Plain(n int) Number {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return Number{N: n, Written: s}
}

// Sentences are two sentences, one after the other.
func (t *Texts) Sentences(a, b string) string { return a + t.gap + b }

// Badge writes a number of unread messages in the little room of a badge: past
// 99 it is only "many".
func Badge(n uint64) string {
	if n > 99 {
		return "99+"
	}
	return strconv.FormatUint(n, 10)
}
