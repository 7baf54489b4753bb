package search

import (
	"fmt"
	"math/bits"
	"strings"

	bolt "go.etcd.io/bbolt"
)

// seqs is a set of messages of a room, a bit each.
type seqs []uint64

func newSeqs(head uint64) seqs { return make(seqs, head/64+1) }

// add adds a seq, unless it is beyond the head.
func (s seqs) add(seq uint64) {
	if i := seq / 64; i < uint64(len(s)) {
		s[i] |= 1 << (seq % 64)
	}
}

// below is the largest seq in the set that is smaller than end; 0: none.
func (s seqs) below(end uint64) uint64 {
	if end == 0 {
		return 0
	}
	i := min((end-1)/64, uint64(len(s))-1)
	word := s[i]
	if (end-1)/64 == i {
		word &= ^uint64(0) >> (63 - (end-1)%64)
	}
	for word == 0 {
		if i == 0 {
			return 0
		}
		i--
		word = s[i]
	}
	return i*64 + uint64(bits.Len64(word)) - 1
}

// keep leaves what is in other too, and tells whether that is anything.
func (s seqs) keep(other seqs) bool {
	left := uint64(0)
	for i := range s {
		s[i] &= other[i]
		left |= s[i]
	}
	return left != 0
}

// sets are seqs by room number.
type sets map[uint64]seqs

// candidates are the messages of the rooms that may match: those that do, and
// some that do not; and the rooms' breaks. heads are the rooms' newest seqs by
// their numbers.
func (x *Index) candidates(q *query, plan []lookup, authors []string, heads map[uint64]uint64) (found sets, runs breaks, incomplete bool, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	runs = x.breaks.of(heads)
	incomplete = x.stuck || x.file == nil || !x.state.Full
	if x.file != nil {
		// What is flushed meanwhile is in fresh all the same, until mu is free.
		err = view(x.file, func(tx *bolt.Tx) (err error) {
			found, err = stored(tx, plan, heads)
			return err
		})
	}
	if found == nil {
		found = sets{}
	}
	for at, d := range x.fresh {
		if head, ok := heads[at.room]; ok && !d.gone && d.mayMatch(q, authors) {
			found.of(at.room, head).add(at.seq)
		}
	}
	return found, runs, incomplete, err
}

func (s sets) of(room, head uint64) seqs {
	set, ok := s[room]
	if !ok {
		set = newSeqs(head)
		s[room] = set
	}
	return set
}

func (d *doc) mayMatch(q *query, authors []string) bool {
	for _, n := range q.needles {
		if !strings.Contains(d.text, n.text) {
			return false
		}
	}
	for _, id := range authors {
		if id == d.author {
			return true
		}
	}
	return len(authors) == 0
}

// stored are the candidates in the file.
func stored(tx *bolt.Tx, plan []lookup, heads map[uint64]uint64) (sets, error) {
	if len(plan) == 0 { // everything
		all := sets{}
		for room, head := range heads {
			set := newSeqs(head)
			for i := range set {
				set[i] = ^uint64(0)
			}
			set[0] &^= 1 // there is no message 0
			set[head/64] &= ^uint64(0) >> (63 - head%64)
			all[room] = set
		}
		return all, nil
	}
	var found sets
	for _, l := range plan {
		next, err := l.find(tx, heads)
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = next
			continue
		}
		for room, set := range found {
			if other, ok := next[room]; !ok || !set.keep(other) {
				delete(found, room)
			}
		}
		if len(found) == 0 {
			break
		}
	}
	return found, nil
}

// find is what is indexed under one of the tokens, in all segments.
func (l *lookup) find(tx *bolt.Tx, heads map[uint64]uint64) (sets, error) {
	found := sets{}
	err := tx.Bucket(segmentsBucket).ForEach(func(key, _ []byte) error {
		postings := tx.Bucket(postingsBucket(key))
		if postings == nil {
			return fmt.Errorf("%w: the postings of a segment are missing", errDamaged)
		}
		r := blockReader{cursor: postings.Cursor()}
		for _, token := range l.tokens {
			r.seek(token)
			for r.next() && (string(r.token) == token || l.prefix && strings.HasPrefix(string(r.token), token)) {
				if !found.addAll(r.body, heads) {
					return fmt.Errorf("%w: the postings of %q", errDamaged, token)
				}
			}
			if r.err != nil {
				return r.err
			}
		}
		return nil
	})
	return found, err
}

// addAll adds the postings in the body of an entry that are of the rooms. Those
// of other rooms are passed over as they are. False if they are damaged.
func (s sets) addAll(body []byte, heads map[uint64]uint64) bool {
	return eachRoom(body, func(room uint64, list []byte) bool {
		head, ok := heads[room]
		if !ok {
			return true
		}
		set := s.of(room, head)
		return eachSeq(list, set.add)
	})
}
