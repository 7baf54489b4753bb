package browser

// Upload is a file to be posted.
type Upload struct {
	Path string
	File File
	Type string // media type
	// Sent tells how many bytes of it have left, Text what has come of the answer
	// since it was last called. Both are called on the browser's own goroutine and
	// must not block.
	Sent func(done, total int)
	Text func(string)
}

// File is a file that was chosen.
type File struct {
	Name string
	Size int // bytes

	handle any //nolint:unused // the browser's, which only its half looks at
}
