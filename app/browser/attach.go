package browser

import "errors"

// ErrUnreadable is returned for a file without any bytes that can be read: one
// that is empty or gone, or a folder.
var ErrUnreadable = errors.New("the file cannot be read")
