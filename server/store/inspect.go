package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// inspect looks at an existing file without writing to it: ErrLocked, ErrNewer,
// ErrDamaged, or nil when it can be opened. A file that is not there, or is
// empty, is a new one.
func inspect(path string, wait time.Duration) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a folder")
	case info.Size() == 0:
		return nil
	}
	b, err := openBolt(path, &bolt.Options{Timeout: wait, ReadOnly: true, NoStatistics: true})
	if err != nil {
		return err
	}
	defer func() { _ = b.Close() }()
	return guard(func() error {
		return b.View(func(bt *bolt.Tx) error {
			if k, _ := bt.Cursor().First(); k == nil {
				return nil // made by a process that ended before it wrote the first record
			}
			return checkFormat(bt)
		})
	})
}

// openBolt is bolt.Open with its panics and errors turned into ours.
func openBolt(path string, o *bolt.Options) (b *bolt.DB, err error) {
	var file *os.File
	o.OpenFile = func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
		file, err = os.OpenFile(name, flag, mode)
		return file, err
	}
	err = guard(func() (err error) {
		b, err = bolt.Open(path, fileMode, o)
		return err
	})
	var path2 *fs.PathError
	switch {
	case err == nil:
		return b, nil
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, ErrLocked
	case errors.Is(err, ErrDamaged):
		_ = file.Close() // bbolt has panicked and left it open, and locked
		return nil, err
	case errors.As(err, &path2):
		return nil, path2.Err
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum):
		return nil, fmt.Errorf("%w: not a data file, or its head is broken (%w)", ErrDamaged, err)
	}
	return nil, err
}
