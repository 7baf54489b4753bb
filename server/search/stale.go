package search

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

// maxDropped bounds how many records of stale one transaction deletes.
const maxDropped = 4096

// A message that was edited or deleted leaves postings of its older text in
// older segments. Queries do not fall for them, as they look at the text itself;
// but deleted text must leave the index too. The bucket stale holds, by room
// number and seq, the generation that has the newest text: what segments from
// before it say of the message is left out whenever they are written anew.

// postingKey is the key of a message in the buckets stale and breaks.
func postingKey(p posting) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, p.room), p.seq)
}

func putStale(tx *bolt.Tx, p posting, generation uint64) error {
	return tx.Bucket(staleBucket).Put(postingKey(p), binary.BigEndian.AppendUint64(nil, generation))
}

// load reads what the follower keeps in memory of the file.
func (f *follower) load() error {
	f.broken, f.stale = nil, map[posting]uint64{}
	return view(f.file, func(tx *bolt.Tx) (err error) {
		if f.segments, err = segments(tx); err != nil {
			return err
		}
		known, err := readBreaks(tx)
		if err != nil {
			return err
		}
		f.mu.Lock()
		f.breaks = known
		f.mu.Unlock()
		return tx.Bucket(staleBucket).ForEach(func(key, value []byte) error {
			if len(key) != 16 || len(value) != 8 {
				return fmt.Errorf("%w: a record of stale messages", errDamaged)
			}
			at := posting{binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])}
			f.stale[at] = binary.BigEndian.Uint64(value)
			return nil
		})
	})
}

// isStale tells whether a posting of a segment is of an older text.
func (f *follower) isStale(s *segment, p posting) bool {
	generation, ok := f.stale[p]
	return ok && s.High < generation
}

// dirty tells whether the segment may hold postings of the message's older text.
func dirty(s *segment, p posting, generation uint64) bool {
	return s.High < generation && s.Purged < generation && s.has(p)
}

// nextPurge is a segment from which stale postings should go, nil when there is
// none or it is not yet time.
func (f *follower) nextPurge() *segment {
	if time.Since(f.purged) < f.pace.purge {
		return nil
	}
	for _, s := range f.segments {
		for p, generation := range f.stale {
			if dirty(s, p, generation) {
				return s
			}
		}
	}
	f.purged = time.Now()
	return nil
}

// forget deletes the records of stale messages that no segment needs any more.
func (f *follower) forget(tx *bolt.Tx) ([]posting, error) {
	var done []posting
	for p, generation := range f.stale {
		if len(done) == maxDropped {
			break
		}
		if !slices.ContainsFunc(f.segments, func(s *segment) bool { return dirty(s, p, generation) }) {
			done = append(done, p)
		}
	}
	for _, p := range done {
		if err := tx.Bucket(staleBucket).Delete(postingKey(p)); err != nil {
			return nil, err
		}
	}
	return done, nil
}
