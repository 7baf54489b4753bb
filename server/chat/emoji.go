package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/shared/wire"
)

// checkEmoji refuses what is not exactly one emoji, by the grammar of UTS #51,
// section 1.4.9: so also sequences that no font draws as one, but neither words
// nor two emoji in a row.
func checkEmoji(s string) error {
	if s == "" || len(s) > wire.MaxEmojiBytes || !utf8.ValidString(s) {
		return wire.Errorf(wire.CodeBadRequest, "A reaction is one emoji.")
	}
	rest := []rune(s)
	for {
		n := emojiElement(rest)
		switch {
		case n == 0:
			return wire.Errorf(wire.CodeBadRequest, "A reaction is one emoji.")
		case n == len(rest):
			return nil
		case rest[n] != zeroWidthJoiner:
			return wire.Errorf(wire.CodeBadRequest, "A reaction is one emoji.")
		}
		rest = rest[n+1:]
	}
}

const (
	zeroWidthJoiner   = '\u200D'
	emojiPresentation = '\uFE0F'
	keycap            = '\u20E3'
	firstTag, lastTag = 0xE0020, 0xE007E
	endOfTags         = 0xE007F
)

// emojiElement is the length of the element that s begins with: a flag, a
// keycap, or an emoji with what changes it; 0 when it is none.
func emojiElement(s []rune) int {
	at := func(i int) rune {
		if i < len(s) {
			return s[i]
		}
		return 0
	}
	switch {
	case isRegional(at(0)):
		if isRegional(at(1)) {
			return 2
		}
		return 0
	case strings.ContainsRune("0123456789#*", at(0)):
		if at(1) == emojiPresentation && at(2) == keycap {
			return 3
		}
		return 0
	case !unicode.Is(emoji, at(0)):
		return 0
	case at(1) >= 0x1F3FB && at(1) <= 0x1F3FF: // a skin tone
		return 2
	case at(1) == emojiPresentation:
		return 2
	}
	n := 1
	for at(n) >= firstTag && at(n) <= lastTag {
		n++
	}
	if n == 1 {
		return 1
	}
	if at(n) != endOfTags {
		return 0
	}
	return n + 1
}

func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// sameEmoji tells whether two reactions are one emoji, whether or not a
// keyboard has said that it is to be drawn in colour.
func sameEmoji(a, b string) bool {
	return a == b || plainEmoji(a) == plainEmoji(b)
}

func plainEmoji(s string) string { return strings.ReplaceAll(s, string(emojiPresentation), "") }
