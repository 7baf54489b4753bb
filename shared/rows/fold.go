package rows

import "unicode/utf8"

const (
	foldLines = 24 // a message of more lines is folded, to the twenty that the style sheet shows
	lineWidth = 90 // of a line, in Latin letters
)

// isLong tells whether a text is to be folded. It guesses: where lines break
// knows only who draws them, and both that draw are to fold the same.
func isLong(text string) bool {
	if len(text) < foldLines {
		return false
	}
	lines, width := 1, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r == '\n':
			lines, width = lines+1, 0
			continue
		case r >= 0x1100:
			width += 2
		default:
			width++
		}
		if width > lineWidth {
			lines, width = lines+1, 1
		}
		if lines > foldLines {
			return true
		}
	}
	return lines > foldLines
}
