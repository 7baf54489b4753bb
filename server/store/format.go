package store

import (
	"bytes"
	"fmt"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// formatVersion is the version of the format that doc.go describes. A change
// of the format raises it and brings a migration with it.
const formatVersion = 3

// Keys of the bucket meta. The format carries no checksum, so that every
// version can read that of every other.
var (
	keyFormat    = []byte("format")
	keyEpoch     = []byte("epoch")
	keyCommunity = []byte("community")
	keySweep     = []byte("sweep")
	keyFileBytes = []byte("files")
)

// initialise gives an empty file its buckets.
func (tx *Tx) initialise(epoch string) error {
	if err := tx.createBuckets(bucketNames[:]); err != nil {
		return err
	}
	if err := tx.setFormat(formatVersion); err != nil {
		return err
	}
	return tx.put(metaBucket, keyEpoch, []byte(epoch))
}

func (tx *Tx) createBuckets(names []string) error {
	for _, name := range names {
		if _, err := tx.bolt.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("create the bucket %s: %w", name, err)
		}
	}
	return nil
}

func (tx *Tx) setFormat(version int) error {
	tx.writes++
	if err := tx.bucket(metaBucket).Put(keyFormat, []byte(strconv.Itoa(version))); err != nil {
		return fmt.Errorf("store the format: %w", err)
	}
	return nil
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
	names := bucketNames[:]
	switch format {
	case 1:
		names = bucketNames[:roomNamesBucket]
	case 2:
		names = bucketNames[:filesBucket]
	}
	for _, name := range names {
		if bt.Bucket([]byte(name)) == nil {
			return fmt.Errorf("%w: the bucket %s is missing", ErrDamaged, name)
		}
	}
	return checkMeta(meta)
}

// checkMeta verifies the few records of the bucket meta.
func checkMeta(meta *bolt.Bucket) error {
	if epoch, _ := unseal(keyEpoch, meta.Get(keyEpoch)); !validEpoch(string(epoch)) {
		return fmt.Errorf("%w: the epoch is not one", ErrDamaged)
	}
	return meta.ForEach(func(key, sealed []byte) error {
		if _, ok := unseal(key, sealed); !ok && !bytes.Equal(key, keyFormat) {
			return damagedRecord(metaBucket, key)
		}
		return nil
	})
}

// Epoch names the log, see [DB.Epoch].
func (tx *Tx) Epoch() string { return tx.db.epoch }

// Community is the community's name, "" before it has one.
func (tx *Tx) Community() string {
	name, err := tx.get(metaBucket, keyCommunity)
	if err != nil {
		return "" // not there: what is was verified by Open
	}
	return string(name)
}

// SetCommunity names the community.
func (tx *Tx) SetCommunity(name string) error { return tx.put(metaBucket, keyCommunity, []byte(name)) }
