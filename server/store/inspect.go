package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
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
	b, file, err := openBolt(path, &bolt.Options{Timeout: wait, ReadOnly: true, NoStatistics: true})
	if err != nil {
		return err
	}
	defer func() { _ = b.Close() }()
	if info, err = file.Stat(); err != nil { // of before it was locked
		return err
	}
	if err := checkHead(file, info.Size()); err != nil {
		return err
	}
	return guard(func() error {
		return b.View(func(bt *bolt.Tx) error {
			if k, _ := bt.Cursor().First(); k == nil {
				return nil // made by a process that ended before it wrote the first record
			}
			return checkFormat(bt)
		})
	})
}

// openBolt is bolt.Open with its panics and errors turned into ours. The file
// is bolt's, which closes it.
func openBolt(path string, o *bolt.Options) (*bolt.DB, *os.File, error) {
	var (
		b    *bolt.DB
		file *os.File
	)
	o.OpenFile = func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
		file, err = os.OpenFile(name, flag, mode)
		return file, err
	}
	err := guard(func() (err error) {
		b, err = bolt.Open(path, fileMode, o)
		return err
	})
	if err == nil {
		return b, file, nil
	}
	if file != nil {
		// After a panic bbolt has it still open. It also stays mapped, and so
		// locked, until the process ends; inspect refuses such files before.
		_ = file.Close()
	}
	return nil, nil, openError(err)
}

func openError(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrLocked
	case strings.HasPrefix(err.Error(), "file size too small"), // bbolt has no name for it
		errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrVersionMismatch),
		errors.Is(err, bolterrors.ErrChecksum):
		return fmt.Errorf("%w: not a data file, or its head is broken (%w)", ErrDamaged, err)
	case errors.As(err, &path):
		return path.Err // the caller names the file
	}
	return err
}
