package markup

import "time"

const (
	// maxDepth bounds how deep quotes, lists and emphasis nest: parsers and
	// browsers both recurse, and a message is no place for a tree.
	maxDepth = 16

	// maxMarks bounds the characters that could open or close something: what
	// parsers do with them grows faster than their number.
	maxMarks = 2000

	// maxHTML bounds the result in bytes: a thousand readers get every one of
	// them, in batches of a quarter of a megabyte. The longest text without much
	// in it stays below.
	maxHTML = 96 << 10

	// maxCode bounds in bytes a block of code that is highlighted; a longer one
	// is shown plain. Lexers are regular expressions, and some are slow.
	maxCode = 8 << 10

	// codeTime is how long highlighting one message may take in all.
	codeTime = 50 * time.Millisecond

	// matchTime is how long one expression of a lexer may look at one place: a few of
	// them can do so after one another before codeTime is looked at again.
	matchTime = 10 * time.Millisecond
)
