package main

import "strings"

// minify takes comments out, and white space where it has no meaning. It knows
// strings, and nothing else of CSS: what it cannot be sure of, it leaves.
func minify(css string) string {
	var b strings.Builder
	space := false // white space was read and not yet written
	for i := 0; i < len(css); i++ {
		switch c := css[i]; {
		case strings.HasPrefix(css[i:], "/*"):
			end := strings.Index(css[i+2:], "*/")
			if end < 0 {
				return b.String()
			}
			i += end + 3
			space = true
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			space = true
		case c == '"' || c == '\'':
			end := quoteEnd(css, i)
			writeSpaced(&b, css[i:end], &space)
			i = end - 1
		default:
			writeSpaced(&b, css[i:i+1], &space)
		}
	}
	return strings.ReplaceAll(b.String(), ";}", "}") + "\n"
}

// writeSpaced writes a piece, after the space that stood before it if that
// matters. A space before a colon does (a :hover), one after it does not.
func writeSpaced(b *strings.Builder, piece string, space *bool) {
	out := b.String()
	if *space && out != "" && !strings.Contains("{};:,", out[len(out)-1:]) && !strings.Contains("{};,", piece[:1]) {
		b.WriteByte(' ')
	}
	*space = false
	b.WriteString(piece)
}

// quoteEnd is the place after the string that starts at start.
func quoteEnd(css string, start int) int {
	for i := start + 1; i < len(css); i++ {
		switch css[i] {
		case '\\':
			i++
		case css[start]:
			return i + 1
		}
	}
	return len(css)
}
