package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Joiner tells the characters that have no ink but change how their
// neighbours are drawn: the joiners of emoji and of Persian and Indic scripts,
// and the variation selectors of emoji, Han and Mongolian.
func Joiner(r rune) bool {
	return r == '\u200C' || r == '\u200D' || unicode.Is(unicode.Variation_Selector, r)
}

// Visible tells the characters that leave a mark on the screen by themselves.
func Visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !Joiner(r) &&
		!unicode.In(r, unicode.Cf, unicode.Co, unicode.Other_Default_Ignorable_Code_Point) &&
		r != '\u2800' // Braille without a dot
}

// Blank tells whether nothing of a text can be seen.
func Blank(text string) bool { return utf8.ValidString(text) && !strings.ContainsFunc(text, Visible) }

// CleanText is a message's text as it is stored: line ends are \n. The error
// is a Problem: [CodeBadRequest] for a text in which nothing can be seen, that
// is not UTF-8 or holds NUL, [CodeTooLarge] for one over [MaxText] characters.
func CleanText(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", Errorf(CodeBadRequest, "The text is not UTF-8.")
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	switch {
	case Blank(text):
		return "", Errorf(CodeBadRequest, "The text is empty.")
	case strings.ContainsRune(text, 0):
		return "", Errorf(CodeBadRequest, "The text has a NUL character.")
	case utf8.RuneCountInString(text) > MaxText:
		return "", Errorf(CodeTooLarge, "The text is longer than %d characters.", MaxText)
	}
	return text, nil
}

// CheckNonce refuses a nonce that is not 1 to [MaxNonce] printable characters.
func CheckNonce(nonce string) error { return checkToken("nonce", nonce, MaxNonce) }

// CheckSession refuses the name of a feed session that is not 1 to
// [MaxSession] printable characters.
func CheckSession(session string) error { return checkToken("session", session, MaxSession) }

func checkToken(what, s string, limit int) error {
	if n := utf8.RuneCountInString(s); n == 0 || n > limit || !utf8.ValidString(s) {
		return Errorf(CodeBadRequest, "The %s must have 1 to %d characters.", what, limit)
	}
	for _, r := range s {
		// What stands for a character that got lost (encoding/json reads every
		// half of a surrogate pair as it) would make two keys one.
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return Errorf(CodeBadRequest, "The %s has a character that cannot be printed.", what)
		}
	}
	return nil
}
