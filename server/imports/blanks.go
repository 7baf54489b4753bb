package imports

import "io"

// blanks reads JSON and leaves out white space that means nothing, but for one of
// each run: encoding/json looks for the next value from the start of a run
// whenever more of it has come, and 60 MB of nothing, which a zip file has in 60
// KB, would take it minutes.
type blanks struct {
	r io.Reader

	inString, escaped, blank bool // of the last byte
}

// Read reads at least one byte, unless there is none.
func (b *blanks) Read(p []byte) (int, error) {
	for {
		n, err := b.r.Read(p)
		if n = b.squeeze(p[:n]); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// squeeze moves to the front what is left, and tells how much that is.
func (b *blanks) squeeze(p []byte) int {
	n := 0
	for _, c := range p {
		blank := !b.inString && (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		switch {
		case blank && b.blank:
			continue
		case b.escaped:
			b.escaped = false
		case b.inString && c == '\\':
			b.escaped = true
		case c == '"':
			b.inString = !b.inString
		}
		b.blank = blank
		p[n] = c
		n++
	}
	return n
}
