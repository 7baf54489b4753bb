package store

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
)

const (
	// defaultLockWait is how long Open waits for the file when nothing is said:
	// long enough for a process that is just ending, short for a person.
	defaultLockWait = time.Second

	// mmapSize is the address space (not memory) that is mapped at once. When
	// the file outgrows its map it is mapped anew, which waits for every open
	// read transaction, a backup for example, and stalls everybody meanwhile. It is
	// more than files and messages take.
	mmapSize int64 = 64 << 30

	folderMode = 0o700
	fileMode   = 0o600
)

// Options are the settings of Open. The zero value is good.
type Options struct {
	// LockWait is how long to wait for a file that another process has before
	// ErrLocked; 0 stands for a second.
	LockWait time.Duration
}

// DB is an open data file. All methods may be called concurrently.
type DB struct {
	// Static after Open.
	bolt  *bolt.DB
	file  *os.File // bolt's own, for reading past the map
	path  string
	epoch string

	// failed is set once, by the first commit that failed without being full.
	failed atomic.Pointer[error]

	durability durability
}

// Open opens the file, or creates it (0600) with a new epoch, and the folder
// (0700) with it. It returns ErrLocked, ErrNewer or ErrDamaged, wrapped, having
// written nothing, or what the file system said.
func Open(path string, o Options) (*DB, error) {
	wait := cmp.Or(o.LockWait, defaultLockWait)
	if err := os.MkdirAll(filepath.Dir(path), folderMode); err != nil {
		return nil, fmt.Errorf("create the data folder: %w", err)
	}
	if err := inspect(path, wait); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	b, file, err := openBolt(path, boltOptions(wait))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db := &DB{bolt: b, file: file, path: path}
	if err := db.prepare(); err != nil {
		_ = b.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}

func boltOptions(wait time.Duration) *bolt.Options {
	o := &bolt.Options{
		Timeout: wait, // without one a second process hangs for ever
		// The list of free pages is written with every commit: finding it again
		// takes seconds for a cold file of half a gigabyte.
		NoFreelistSync: false,
		FreelistType:   bolt.FreelistMapType,
		NoStatistics:   true, // a lock that every reader takes
	}
	if strconv.IntSize == 64 {
		o.InitialMmapSize = int(mmapSize)
	}
	return o
}

// prepare gives a new file its buckets and reads what stays the same.
func (db *DB) prepare() error {
	err := db.Update(func(tx *Tx) error {
		if tx.bolt.Bucket([]byte(bucketNames[metaBucket])) != nil {
			return nil
		}
		return tx.initialise(newEpoch())
	})
	if err != nil {
		return err
	}
	if err := db.migrate(); err != nil {
		return err
	}
	return db.View(func(tx *Tx) error {
		if err := checkFormat(tx.bolt); err != nil {
			return err
		}
		epoch, err := tx.get(metaBucket, keyEpoch)
		db.epoch = string(epoch)
		return err
	})
}

// Close closes the file. It waits for open transactions to end.
func (db *DB) Close() error {
	if err := db.bolt.Close(); err != nil {
		return fmt.Errorf("close %s: %w", db.path, err)
	}
	return nil
}

// Epoch names the log: cursors of another epoch mean nothing in it.
func (db *DB) Epoch() string { return db.epoch }
