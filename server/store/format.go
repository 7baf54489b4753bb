package store

import (
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// formatVersion is the version of the format that doc.go describes. A change
// of the format raises it and brings a migration with it.
const formatVersion = 1

// Keys of the bucket meta. Its values carry no checksum, so that every version
// can read the format of every other.
var (
	keyFormat    = []byte("format")
	keyEpoch     = []byte("epoch")
	keyCommunity = []byte("community")
	keySweep     = []byte("sweep")
)

// initialise gives an empty file its buckets.
func (tx *Tx) initialise(epoch string) error {
	for _, name := range bucketNames {
		if _, err := tx.bolt.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("create the bucket %s: %w", name, err)
		}
	}
	if err := tx.putMeta(keyFormat, []byte(strconv.Itoa(formatVersion))); err != nil {
		return err
	}
	return tx.putMeta(keyEpoch, []byte(epoch))
}

// checkFormat refuses a file that this version cannot read: ErrNewer or ErrDamaged.
func checkFormat(bt *bolt.Tx) error {
	meta := bt.Bucket([]byte(bucketNames[metaBucket]))
	if meta == nil {
		return fmt.Errorf("%w: a bbolt file, but not one of parley", ErrDamaged)
	}
	format, err := strconv.ParseUint(string(meta.Get(keyFormat)), 10, 32)
	switch {
	case err != nil || format == 0:
		return fmt.Errorf("%w: a bbolt file, but not one of parley", ErrDamaged)
	case format > formatVersion:
		return fmt.Errorf("%w (format %d; this version reads up to %d)", ErrNewer, format, formatVersion)
	}
	for _, name := range bucketNames {
		if bt.Bucket([]byte(name)) == nil {
			return fmt.Errorf("%w: the bucket %s is missing", ErrDamaged, name)
		}
	}
	if !validEpoch(string(meta.Get(keyEpoch))) {
		return fmt.Errorf("%w: the epoch is not one", ErrDamaged)
	}
	return nil
}

func (tx *Tx) putMeta(key, value []byte) error {
	tx.writes++
	if err := tx.bucket(metaBucket).Put(key, value); err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}

// Epoch names the log, see [DB.Epoch].
func (tx *Tx) Epoch() string { return tx.db.epoch }

// Community is the community's name, "" before it has one.
func (tx *Tx) Community() string { return string(tx.bucket(metaBucket).Get(keyCommunity)) }

// SetCommunity names the community.
func (tx *Tx) SetCommunity(name string) error { return tx.putMeta(keyCommunity, []byte(name)) }
