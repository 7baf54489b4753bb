package search

import (
	"fmt"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// flush moves what is in memory into the file, as a segment of its own, and the
// cursor with it: in one transaction, which is on the disk when it has ended.
func (f *follower) flush() error {
	if f.next == f.state && len(f.fresh) == 0 {
		return nil
	}
	next := f.next
	s := &segment{Low: next.Next, High: next.Next, Purged: next.Next}
	next.Next++
	stale := map[posting]uint64{}
	err := update(f.file, func(tx *bolt.Tx) error {
		if len(f.fresh) > 0 {
			if err := f.writeFresh(tx, s, stale); err != nil {
				return err
			}
		}
		for _, at := range f.broken {
			if err := tx.Bucket(breaksBucket).Put(postingKey(at), nil); err != nil {
				return err
			}
		}
		return writeState(tx, next)
	})
	if err != nil {
		return fmt.Errorf("store the search index: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.fresh) > 0 {
		f.segments = append(f.segments, s)
	}
	for at, generation := range stale {
		f.stale[at] = generation
	}
	f.broken = nil
	f.state, f.next, f.since = next, next, time.Time{}
	f.fresh, f.bytes = map[posting]doc{}, 0
	return nil
}

// writeFresh writes the segment s of what is in memory, and adds to stale what
// older segments should no longer have.
func (f *follower) writeFresh(tx *bolt.Tx, s *segment, stale map[posting]uint64) error {
	order := make([]posting, 0, len(f.fresh))
	for at := range f.fresh {
		order = append(order, at)
	}
	slices.SortFunc(order, posting.compare)
	bucket, err := createPostings(tx, s)
	if err != nil {
		return err
	}
	byToken := map[string][]posting{}
	for _, at := range order {
		d := f.fresh[at]
		if d.stale {
			stale[at] = s.High
			if err := putStale(tx, at, s.High); err != nil {
				return err
			}
		}
		if d.gone {
			continue
		}
		s.add(at)
		d.tokens(func(token string) {
			list := byToken[token]
			if n := len(list); n == 0 || list[n-1] != at {
				byToken[token] = append(list, at)
			}
		})
	}
	if err := writePostings(bucket, s, byToken); err != nil {
		return err
	}
	return putSegment(tx, s)
}

// tokens calls fn for everything under which the message is found.
func (d *doc) tokens(fn func(string)) {
	text := folded{text: []byte(d.text), humps: d.humps}
	text.tokens(func(token []byte) { fn(string(token)) })
	fn(authorToken(d.author))
}

// add counts a message; they come in order.
func (s *segment) add(p posting) {
	s.Messages++
	if n := len(s.Rooms); n > 0 && s.Rooms[n-1].Room == p.room {
		s.Rooms[n-1].Last = p.seq
		return
	}
	s.Rooms = append(s.Rooms, roomRange{p.room, p.seq, p.seq})
}

func writePostings(bucket *bolt.Bucket, s *segment, byToken map[string][]posting) error {
	tokens := make([]string, 0, len(byToken))
	for token := range byToken {
		tokens = append(tokens, token)
	}
	slices.SortFunc(tokens, strings.Compare)
	w := blockWriter{bucket: bucket}
	for _, token := range tokens {
		for _, p := range byToken[token] {
			if err := w.add(token, p); err != nil {
				return err
			}
		}
	}
	err := w.close()
	s.Bytes = w.bytes
	return err
}
