package rows

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text writes a message's text: escaped, with its links made clickable. Line
// breaks stay line breaks; the style sheet keeps them.
func Text(b *strings.Builder, text string) {
	for text != "" {
		start, end := FindLink(text)
		if start < 0 {
			Escape(b, text)
			return
		}
		Escape(b, text[:start])
		link(b, text[start:end])
		text = text[end:]
	}
}

func link(b *strings.Builder, url string) {
	b.WriteString("<a")
	attr(b, "href", url)
	b.WriteString(` target="_blank" rel="noopener nofollow">`)
	Escape(b, url)
	b.WriteString("</a>")
}

// schemes that may be followed from a message. Nothing else becomes a link:
// javascript: and data: are programs.
var schemes = []string{"https://", "http://", "mailto:"}

// FindLink gives the place of the first link in s, start -1 when there is none.
func FindLink(s string) (start, end int) {
	for i := 0; i < len(s); i++ {
		c := s[i] | 0x20
		if c != 'h' && c != 'm' {
			continue
		}
		if n := LinkLength(s[:i], s[i:]); n > 0 {
			return i, i + n
		}
	}
	return -1, -1
}

// LinkLength is how many bytes at the beginning of s are a link that may be
// followed, 0 when none begins there. before is what stands in front of s.
func LinkLength(before, s string) int {
	for _, scheme := range schemes {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) && startsWord(before, len(before)) {
			return linkLength(s, scheme)
		}
	}
	return 0
}

// startsWord is false inside a word: xhttp://a is no link.
func startsWord(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return i == 0 || r > unicode.MaxASCII || !isAlnum(byte(r))
}

// linkLength is how many bytes of s, which begins with scheme, are the link; 0
// when too little follows for one.
func linkLength(s, scheme string) int {
	end := len(scheme)
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !inLink(r) {
			break
		}
		end += size
	}
	end = len(trimLink(s[:end]))
	rest := s[len(scheme):max(end, len(scheme))]
	if rest == "" || !isAlnum(rest[0]) && rest[0] != '[' && rest[0] < utf8.RuneSelf {
		return 0
	}
	if scheme == "mailto:" && !strings.Contains(rest, "@") {
		return 0
	}
	return end
}

// inLink tells whether a link goes on with r. Chinese, Japanese and Korean are
// written without spaces, so a link ends where their letters or punctuation
// begin: 看https://example.com吧.
func inLink(r rune) bool {
	switch {
	case r <= ' ', r == utf8.RuneError, r == '<', r == '>', r == '"', r == '`', r == 0x7f:
		return false
	case r < utf8.RuneSelf:
		return true
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return false
	case r >= 0x3000 && r <= 0x303f, r >= 0xff00 && r <= 0xffef, r >= 0x2000 && r <= 0x206f:
		return false // CJK and general punctuation, full-width forms, invisible marks
	}
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r)
}

// trimLink takes off what at the end belongs to the sentence: full stops,
// quotes, and brackets that the link does not open.
func trimLink(s string) string {
	for s != "" {
		last := s[len(s)-1]
		switch {
		case strings.IndexByte(".,:;!?'*_~", last) >= 0:
		case last == ')' && strings.Count(s, ")") > strings.Count(s, "("):
		case last == ']' && strings.Count(s, "]") > strings.Count(s, "["):
		case last == '}' && strings.Count(s, "}") > strings.Count(s, "{"):
		default:
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
