package search

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"parley/shared/wire"
)

// formatVersion is the version of the format that doc.go describes, and of how
// texts become tokens. A file of another one is made anew.
const formatVersion = 1

var (
	// errDamaged is of a file that does not hold what it should, or is of other
	// data. It is made anew.
	errDamaged = errors.New("no good")
	// errInUse is of a file that another process has.
	errInUse = errors.New("in use by another process")
)

var (
	metaBucket     = []byte("meta")
	segmentsBucket = []byte("segments")
	staleBucket    = []byte("stale")
	breaksBucket   = []byte("breaks")

	keyState = []byte("state")
)

// state is how far the index has come. It moves with the postings, in the same
// transaction.
type state struct {
	Format int    `json:"format"`
	Epoch  string `json:"epoch"`  // of the log
	Cursor uint64 `json:"cursor"` // offset of the newest event that is indexed
	Mark   uint32 `json:"mark"`   // checksum of that event's data; 0: not known
	Next   uint64 `json:"next"`   // the generation of the next flush

	// What was there before the log was followed is read from the messages. These
	// are the room number and seq of the last one read.
	Room uint64 `json:"room"`
	Seq  uint64 `json:"seq"`
	Full bool   `json:"full"` // all have been read
}

// segment is a run of flushes, merged. It never changes.
type segment struct {
	Low, High uint64 // the generations that are in it, both included
	Purged    uint64 // postings that were stale at this generation are not in it
	Messages  int    // about how many
	Bytes     int
	Rooms     []roomRange // ascending by room
}

// roomRange is between which seqs the messages of a room in a segment lie.
type roomRange struct{ Room, First, Last uint64 }

// key is of its record in the bucket segments: whatever a query must know of it.
func (s *segment) key() []byte {
	key := binary.BigEndian.AppendUint64(make([]byte, 0, 24), s.Low)
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(key, s.High), s.Purged)
}

// postingsBucket is the name of the bucket with the postings of a segment.
func postingsBucket(key []byte) []byte { return append([]byte(postingsPrefix), key...) }

const postingsPrefix = "p-"

// has tells whether the message may be in it.
func (s *segment) has(p posting) bool {
	i, ok := slices.BinarySearchFunc(s.Rooms, p.room, func(r roomRange, room uint64) int {
		return posting{r.Room, 0}.compare(posting{room, 0})
	})
	return ok && s.Rooms[i].First <= p.seq && p.seq <= s.Rooms[i].Last
}

const (
	fileMode = 0o600
	lockWait = time.Second
	// mmapSize is the address space, not memory, that is mapped at once: when a
	// file outgrows it, writing waits for the queries that run.
	mmapSize = 1 << 30
	// growth is by how many bytes the file grows: bbolt's own 16 MiB would be
	// more than most communities have text.
	growth = 1 << 20
)

// openFile opens the index, or begins one. errInUse, errDamaged, or what the
// file system said.
func openFile(path string) (*bolt.DB, error) {
	options := &bolt.Options{Timeout: lockWait, FreelistType: bolt.FreelistMapType, NoStatistics: true}
	if strconv.IntSize == 64 {
		options.InitialMmapSize = mmapSize
	}
	var db *bolt.DB
	err := guard(func() (err error) {
		db, err = bolt.Open(path, fileMode, options)
		return err
	})
	var system *fs.PathError
	switch {
	case err == nil:
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, errInUse
	case errors.As(err, &system), isFull(err):
		return nil, err
	default:
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	db.AllocSize = growth
	err = update(db, func(tx *bolt.Tx) error {
		for _, name := range [][]byte{metaBucket, segmentsBucket, staleBucket, breaksBucket} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		_ = guard(db.Close)
		return nil, err
	}
	return db, nil
}

// update runs fn in a transaction and commits it. When the commit fails for
// another reason than a full disk, nobody knows what of it is on the disk: that
// is errDamaged, as are the panics of bbolt, which follows whatever page
// numbers it finds.
func update(db *bolt.DB, fn func(*bolt.Tx) error) error {
	return guard(func() error {
		tx, err := db.Begin(true)
		if err != nil {
			return err
		}
		defer func() { _ = guard(tx.Rollback) }() // does nothing after a commit
		if err := fn(tx); err != nil {
			return err
		}
		if err := tx.Commit(); err != nil && !isFull(err) {
			return fmt.Errorf("%w: commit: %w", errDamaged, err)
		} else if err != nil {
			return err
		}
		return nil
	})
}

// view runs fn in a transaction that changes nothing.
func view(db *bolt.DB, fn func(*bolt.Tx) error) error {
	return guard(func() error { return db.View(fn) })
}

func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v\n%s", errDamaged, v, debug.Stack())
		}
	}()
	return fn()
}

// isFull tells that the disk has no room. bbolt then is as before, and the
// write can be tried again.
func isFull(err error) bool {
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		// bbolt formats the error of its truncate with %s.
		if errors.Is(err, errno) || strings.HasSuffix(err.Error(), errno.Error()) {
			return true
		}
	}
	return false
}

func readState(tx *bolt.Tx) (state, error) {
	var s state
	value := tx.Bucket(metaBucket).Get(keyState)
	if value == nil {
		return s, nil
	}
	return s, getSealed(keyState, value, &s)
}

func writeState(tx *bolt.Tx, s state) error {
	return putSealed(tx.Bucket(metaBucket), keyState, s)
}

// getSealed reads a value that putSealed has stored: JSON behind a CRC-32C, as
// bbolt has no checksums on its data pages.
func getSealed(key, value []byte, v any) error {
	if len(value) < crcLen || binary.BigEndian.Uint32(value) != crc32.Checksum(value[crcLen:], crcTable) ||
		json.Unmarshal(value[crcLen:], v) != nil {
		return fmt.Errorf("%w: the record %q", errDamaged, key)
	}
	return nil
}

func putSealed(b *bolt.Bucket, key []byte, v any) error {
	value := append(make([]byte, crcLen), wire.Encode(v)...)
	binary.BigEndian.PutUint32(value, crc32.Checksum(value[crcLen:], crcTable))
	return b.Put(key, value)
}

// putSegment makes a segment count, whose postings have been written.
func putSegment(tx *bolt.Tx, s *segment) error {
	return putSealed(tx.Bucket(segmentsBucket), s.key(), s)
}

// dropSegment deletes a segment and its postings.
func dropSegment(tx *bolt.Tx, s *segment) error {
	return errors.Join(tx.Bucket(segmentsBucket).Delete(s.key()), dropPostings(tx, s))
}

// dropPostings deletes the postings of a segment, if there are any.
func dropPostings(tx *bolt.Tx, s *segment) error {
	err := tx.DeleteBucket(postingsBucket(s.key()))
	if errors.Is(err, bolterrors.ErrBucketNotFound) {
		return nil
	}
	return err
}

// createPostings makes the bucket for the postings of a segment.
func createPostings(tx *bolt.Tx, s *segment) (*bolt.Bucket, error) {
	b, err := tx.CreateBucketIfNotExists(postingsBucket(s.key()))
	if err != nil {
		return nil, err
	}
	b.FillPercent = 1 // it only grows at its end
	return b, nil
}

// segments are those that count, oldest first.
func segments(tx *bolt.Tx) ([]*segment, error) {
	var all []*segment
	err := tx.Bucket(segmentsBucket).ForEach(func(key, value []byte) error {
		s := &segment{}
		all = append(all, s)
		return getSealed(key, value, s)
	})
	return all, err
}

// sweep deletes what a merge has left that was cut off.
func sweep(tx *bolt.Tx) error {
	all, err := segments(tx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, s := range all {
		name := postingsBucket(s.key())
		known[string(name)] = true
		if tx.Bucket(name) == nil {
			return fmt.Errorf("%w: the postings of a segment are missing", errDamaged)
		}
	}
	var left [][]byte
	err = tx.ForEach(func(name []byte, _ *bolt.Bucket) error {
		if bytes.HasPrefix(name, []byte(postingsPrefix)) && !known[string(name)] {
			left = append(left, slices.Clone(name))
		}
		return nil
	})
	for _, name := range left {
		err = errors.Join(err, tx.DeleteBucket(name))
	}
	return err
}

// remove deletes the file at path, if there is one.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
