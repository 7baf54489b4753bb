package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// CleanName is a user's or a room's name as it is stored: NFKC, no white space
// around it, single spaces inside. what is the word for it in the error, a
// Problem with [CodeBadRequest] ("name", "room name").
//
// Refused are names that are empty or longer than [MaxName] characters, and
// those with characters that cannot be seen or that turn the direction of the
// line, with which one name could be made to look like another. The joiners of
// emoji and scripts pass, as FoldName leaves them out.
func CleanName(what, name string) (string, error) {
	if !utf8.ValidString(name) {
		return "", Errorf(CodeBadRequest, "The %s is not UTF-8.", what)
	}
	if len(name) > 64*MaxName { // far past any name: do not normalise megabytes
		return "", Errorf(CodeBadRequest, "The %s is longer than %d characters.", what, MaxName)
	}
	name = strings.Join(strings.Fields(norm.NFKC.String(name)), " ")
	for _, r := range name {
		if !allowedInName(r) {
			return "", Errorf(CodeBadRequest, "The %s has a character that cannot be seen (%U).", what, r)
		}
	}
	switch n := utf8.RuneCountInString(name); {
	case !strings.ContainsFunc(name, visible):
		return "", Errorf(CodeBadRequest, "The %s is empty.", what)
	case n > MaxName:
		return "", Errorf(CodeBadRequest, "The %s is longer than %d characters.", what, MaxName)
	}
	return name, nil
}

func allowedInName(r rune) bool {
	return isJoiner(r) || r == ' ' || visible(r)
}

// isJoiner tells the characters that have no ink but change how their
// neighbours are drawn: the joiners of emoji and of Persian and Indic scripts,
// and the variation selectors of emoji, Han and Mongolian.
func isJoiner(r rune) bool {
	return r == '\u200C' || r == '\u200D' || unicode.Is(unicode.Variation_Selector, r)
}

// visible tells the characters that leave a mark on the screen by themselves.
func visible(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !isJoiner(r) &&
		!unicode.In(r, unicode.Cf, unicode.Co, unicode.Other_Default_Ignorable_Code_Point) &&
		r != '\u2800' // Braille without a dot
}

// FoldName is the key under which a name is unique: two names with the same
// key are the same name, and [CleanName] does not change a name's key. It folds
// case after NFKC (Unicode 3.13, D146) and leaves the invisible joiners out.
func FoldName(name string) string {
	name = strings.Map(func(r rune) rune {
		if isJoiner(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(name))
	name = strings.Map(upperCherokee, cases.Fold().String(norm.NFKC.String(name)))
	return strings.Join(strings.Fields(norm.NFKC.String(name)), " ")
}

// upperCherokee gives Cherokee, the one script that folds to upper case
// (Unicode's CaseFolding.txt), the form that package cases exchanges for the
// other one instead.
func upperCherokee(r rune) rune {
	if unicode.Is(unicode.Cherokee, r) {
		return unicode.ToUpper(r)
	}
	return r
}

// CleanText is a message's text as it is stored: line ends are \n. The error
// is a Problem: [CodeBadRequest] for a text in which nothing can be seen, that
// is not UTF-8 or holds NUL, [CodeTooLarge] for one over [MaxText] characters.
func CleanText(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", Errorf(CodeBadRequest, "The text is not UTF-8.")
	}
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	switch {
	case !strings.ContainsFunc(text, visible):
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
		if !unicode.IsPrint(r) {
			return Errorf(CodeBadRequest, "The %s has a character that cannot be printed.", what)
		}
	}
	return nil
}
