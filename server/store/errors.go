package store

import "errors"

var (
	// ErrLocked is returned by Open when another process has the file.
	ErrLocked = errors.New("in use by another process")

	// ErrNewer is returned by Open for a file of a newer format.
	ErrNewer = errors.New("written by a newer version of parley")

	// ErrDamaged is returned for a file or record that does not hold what it should.
	ErrDamaged = errors.New("damaged")

	// ErrFull is returned by Update when the disk has no room. Nothing was
	// stored; it can be tried again.
	ErrFull = errors.New("no room on the disk")

	// ErrCommit is returned by Update when a commit failed in another way, and
	// by every later View and Update. Whether the change is on the disk is not
	// known, and what the page cache says cannot be trusted: the process must end.
	ErrCommit = errors.New("commit failed")

	// ErrClosed is returned after Close.
	ErrClosed = errors.New("the data file is closed")

	// ErrNotExist is returned for a record that is not there.
	ErrNotExist = errors.New("no such record")

	// ErrNameTaken is returned by PutUser when another user has the name.
	ErrNameTaken = errors.New("the name belongs to another user")
)
