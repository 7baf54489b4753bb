package search

import (
	"fmt"
	"math/bits"
	"slices"

	bolt "go.etcd.io/bbolt"
)

const (
	// fanIn is how many segments of about one size become one: a message is
	// written again once for each power of it.
	fanIn = 8

	// maxSegment is how many messages a merged segment may have: while it is
	// written both it and what it replaces are on the disk.
	maxSegment = 1 << 18

	// maxMergeBytes is how much one step of a merge writes.
	maxMergeBytes = 512 << 10
)

// merge writes several neighbouring segments as one, in steps. Queries see it
// when it is complete; one that is cut off is swept away at the next start.
type merge struct {
	from []*segment
	to   *segment
	last string // the newest token that was written
	part uint32 // blocks written so far
}

// mergeStep begins a merge or goes on with one. busy: there was something to do.
func (f *follower) mergeStep() (busy bool, err error) {
	if f.merging == nil {
		from := nextMerge(f.segments)
		if from == nil {
			if s := f.nextPurge(); s != nil {
				from = []*segment{s}
			}
		}
		if from == nil {
			return false, nil
		}
		f.merging = f.beginMerge(from)
	}
	next := *f.merging
	var kept []*segment
	var done bool
	var forgotten []posting
	err = update(f.file, func(tx *bolt.Tx) (err error) {
		if done, err = f.copy(tx, &next); err != nil || !done {
			return err
		}
		if kept, err = f.finish(tx, &next); err != nil {
			return err
		}
		before := f.segments
		f.segments = kept // for forget; a failed commit opens the file anew or comes back here
		forgotten, err = f.forget(tx)
		f.segments = before
		return err
	})
	if err != nil {
		return false, fmt.Errorf("merge segments: %w", err)
	}
	if *f.merging = next; !done {
		return true, nil
	}
	f.merging, f.segments = nil, kept
	for _, p := range forgotten {
		delete(f.stale, p)
	}
	return true, nil
}

// nextMerge chooses the newest neighbours of which there are enough of about
// one size; nil when there are none.
func nextMerge(all []*segment) []*segment {
	for level := range maxLevel {
		first, sum := len(all), 0
		for first > 0 && levelOf(all[first-1]) <= level && sum+all[first-1].Messages <= maxSegment {
			first--
			sum += all[first].Messages
		}
		if len(all)-first >= fanIn {
			return slices.Clone(all[first:])
		}
	}
	return nil
}

// levelOf is the power of fanIn of a segment's size.
func levelOf(s *segment) int { return bits.Len(uint(s.Messages)) / 3 }

const maxLevel = 8

func (f *follower) beginMerge(from []*segment) *merge {
	to := &segment{Low: from[0].Low, High: from[len(from)-1].High, Purged: f.state.Next - 1}
	ranges := map[uint64]roomRange{}
	for _, s := range from {
		to.Messages += s.Messages
		for _, r := range s.Rooms {
			if old, ok := ranges[r.Room]; ok {
				r.First, r.Last = min(r.First, old.First), max(r.Last, old.Last)
			}
			ranges[r.Room] = r
		}
	}
	for _, r := range ranges {
		to.Rooms = append(to.Rooms, r)
	}
	slices.SortFunc(to.Rooms, func(a, b roomRange) int { return posting{a.Room, 0}.compare(posting{b.Room, 0}) })
	return &merge{from: from, to: to}
}

// copy writes the next tokens.
func (f *follower) copy(tx *bolt.Tx, m *merge) (done bool, err error) {
	if m.part == 0 { // of a try that failed
		if err := dropPostings(tx, m.to); err != nil {
			return false, err
		}
	}
	bucket, err := createPostings(tx, m.to)
	if err != nil {
		return false, err
	}
	readers := make([]*blockReader, len(m.from))
	for i, s := range m.from {
		postings := tx.Bucket(postingsBucket(s.key()))
		if postings == nil {
			return false, fmt.Errorf("%w: the postings of a segment are missing", errDamaged)
		}
		readers[i] = &blockReader{cursor: postings.Cursor()}
		readers[i].seek(m.last + "\x00") // no token holds NUL: the first one after last
		if !readers[i].next() {
			if readers[i].err != nil {
				return false, readers[i].err
			}
			readers[i] = nil
		}
	}
	w := blockWriter{bucket: bucket, number: m.part}
	var list []posting
	for w.bytes < maxMergeBytes {
		token, found := smallest(readers)
		if !found {
			done = true
			break
		}
		if list, err = f.gather(m, readers, token, list[:0]); err != nil {
			return false, err
		}
		for _, p := range list {
			if err := w.add(token, p); err != nil {
				return false, err
			}
		}
		m.last = token
	}
	err = w.close()
	m.part = w.number
	m.to = m.to.grown(w.bytes)
	return done, err
}

func (s *segment) grown(bytes int) *segment {
	grown := *s
	grown.Bytes += bytes
	return &grown
}

func smallest(readers []*blockReader) (token string, found bool) {
	var least []byte
	for _, r := range readers {
		if r != nil && (least == nil || string(r.token) < string(least)) {
			least = r.token
		}
	}
	return string(least), least != nil
}

// gather collects the postings of a token, in order, without those that are
// stale, and moves the readers past them.
func (f *follower) gather(m *merge, readers []*blockReader, token string, list []posting) ([]posting, error) {
	for i, r := range readers {
		for r != nil && string(r.token) == token {
			ok := eachRoom(r.body, func(room uint64, seqs []byte) bool {
				return eachSeq(seqs, func(seq uint64) {
					if p := (posting{room, seq}); len(f.stale) == 0 || !f.isStale(m.from[i], p) {
						list = append(list, p)
					}
				})
			})
			if !ok {
				return nil, fmt.Errorf("%w: the postings of %q", errDamaged, token)
			}
			if !r.next() {
				if r.err != nil {
					return nil, r.err
				}
				r, readers[i] = nil, nil
			}
		}
	}
	if !slices.IsSortedFunc(list, posting.compare) {
		slices.SortFunc(list, posting.compare)
	}
	return slices.Compact(list), nil
}

// finish puts the merged segment in the place of the others. kept are then all.
func (f *follower) finish(tx *bolt.Tx, m *merge) (kept []*segment, err error) {
	for _, s := range f.segments {
		switch {
		case s == m.from[0]:
			kept = append(kept, m.to)
		case !slices.Contains(m.from, s):
			kept = append(kept, s)
		}
	}
	for _, s := range m.from {
		if err := dropSegment(tx, s); err != nil {
			return nil, err
		}
	}
	return kept, putSegment(tx, m.to)
}
