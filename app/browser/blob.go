package browser

import (
	"context"
	"errors"

	"parley/app/client"
)

// Blob is a file that somebody has chosen, or what this browser has kept of one.
// Its methods may be called concurrently.
type Blob struct {
	size int64

	handle any //nolint:unused // the browser's, which only its half looks at
}

var _ client.Blob = (*Blob)(nil)

// Size is how many bytes it has.
func (b *Blob) Size() int64 { return b.size }

// errShort is given by Read for a range that is not there.
var errShort = errors.New("the file is shorter than it was")

// Read gives the bytes from one place to before another, from the disk.
func (b *Blob) Read(ctx context.Context, from, to int64) ([]byte, error) {
	data, err := b.read(ctx, from, to)
	if err == nil && int64(len(data)) != to-from {
		err = errShort
	}
	return data, err
}
