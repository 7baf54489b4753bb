package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"
)

// Backup writes a consistent copy of the file, as it is at this moment, to a
// new file (0600) with an epoch of its own, so that restoring it tells every
// client to read /sync again. The copy grows under the name path.part and gets
// its own when it is complete and on the disk; an existing file is never
// replaced. Reading and writing go on meanwhile.
func (db *DB) Backup(path string) (err error) {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fs.ErrExist
		}
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("back up to %s: another backup is being written there, or was cut off; delete %s", path, part)
	}
	if err != nil {
		return fmt.Errorf("back up to %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part)
			err = fmt.Errorf("back up to %s: %w", path, err)
		}
	}()
	if err := db.copyTo(f); err != nil {
		return err
	}
	if err := renewEpoch(part); err != nil {
		return err
	}
	return publish(part, path)
}

// copyTo writes the file as it is at this moment to f, and closes f.
func (db *DB) copyTo(f *os.File) error {
	err := db.View(func(tx *Tx) error {
		_, err := tx.bolt.WriteTo(f)
		return err
	})
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// renewEpoch gives the file another epoch.
func renewEpoch(path string) error {
	o := boltOptions(defaultLockWait)
	o.InitialMmapSize = 0
	b, _, err := openBolt(path, o)
	if err != nil {
		return err
	}
	err = guard(func() error {
		return b.Update(func(bt *bolt.Tx) error {
			return bt.Bucket([]byte(bucketNames[metaBucket])).Put(keyEpoch, seal(keyEpoch, []byte(newEpoch())))
		})
	})
	return errors.Join(err, b.Close())
}

// publish renames part, which is complete, to path.
func publish(part, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist // came while we were writing
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the folder's entries durable.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
