package search

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	bolt "go.etcd.io/bbolt"
)

const (
	// blockSize is how many bytes of postings lie under one key: two of them
	// fill four pages of bbolt, and finding a token in one takes microseconds.
	blockSize = 8100

	// bodySize is about how long the postings of one entry get; more of the same
	// token go into further entries.
	bodySize = 1000
)

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// posting is a message under a token.
type posting struct{ room, seq uint64 }

func (p posting) compare(o posting) int {
	switch {
	case p.room != o.room:
		if p.room < o.room {
			return -1
		}
		return 1
	case p.seq < o.seq:
		return -1
	case p.seq > o.seq:
		return 1
	}
	return 0
}

// blockWriter writes the postings of a segment, which must come in order: by
// token, then room, then seq.
type blockWriter struct {
	bucket *bolt.Bucket
	number uint32 // of the next block
	bytes  int    // written so far

	block []byte // of which crcLen bytes are kept free in front
	first string // the first token in block
	last  string // the last one

	token string
	body  []byte // of the entry that is being written
	prior uint64 // the last room in body
	group []byte // the seqs of room
	room  uint64
	seq   uint64
}

const crcLen = 4

// add adds a posting.
func (w *blockWriter) add(token string, p posting) error {
	if token != w.token || len(w.body)+len(w.group) >= bodySize {
		if err := w.endEntry(); err != nil {
			return err
		}
		w.token = token
	}
	if len(w.group) > 0 && w.room != p.room {
		w.endGroup()
	}
	if len(w.group) == 0 {
		w.room, w.seq = p.room, 0
	}
	w.group = binary.AppendUvarint(w.group, p.seq-w.seq)
	w.seq = p.seq
	return nil
}

// endGroup writes the seqs of one room: how far the room is from the one
// before, the length, and each seq as its distance from the one before.
func (w *blockWriter) endGroup() {
	w.body = binary.AppendUvarint(w.body, w.room-w.prior)
	w.body = binary.AppendUvarint(w.body, uint64(len(w.group)))
	w.body = append(w.body, w.group...)
	w.prior, w.group = w.room, w.group[:0]
}

// endEntry writes a token and its postings: what it shares with the token
// before, and the rest of it and the postings, each behind its length.
func (w *blockWriter) endEntry() error {
	if len(w.group) > 0 {
		w.endGroup()
	}
	if len(w.body) == 0 {
		return nil
	}
	if len(w.block)+len(w.token)+len(w.body)+3*binary.MaxVarintLen32 > blockSize {
		if err := w.endBlock(); err != nil {
			return err
		}
	}
	if len(w.block) == 0 {
		w.block = append(w.block, make([]byte, crcLen)...)
		w.first, w.last = w.token, ""
	}
	shared := sharedPrefix(w.last, w.token)
	w.block = binary.AppendUvarint(w.block, uint64(shared))
	w.block = binary.AppendUvarint(w.block, uint64(len(w.token)-shared))
	w.block = append(w.block, w.token[shared:]...)
	w.block = binary.AppendUvarint(w.block, uint64(len(w.body)))
	w.block = append(w.block, w.body...)
	w.last, w.body, w.prior = w.token, w.body[:0], 0
	return nil
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// endBlock stores the block. bbolt keeps what it is given until the commit.
func (w *blockWriter) endBlock() error {
	if len(w.block) == 0 {
		return nil
	}
	block := append([]byte(nil), w.block...)
	binary.BigEndian.PutUint32(block, crc32.Checksum(block[crcLen:], crcTable))
	w.number++
	w.bytes += len(block)
	w.block = w.block[:0]
	return w.bucket.Put(blockKey(w.first, w.number), block)
}

// close stores what is left.
func (w *blockWriter) close() error {
	if err := w.endEntry(); err != nil {
		return err
	}
	w.token = ""
	return w.endBlock()
}

// blockKey is the first token of a block, NUL, which no token holds, and the
// number of the block. So a block lies before all whose tokens are larger.
func blockKey(first string, number uint32) []byte {
	key := append(make([]byte, 0, len(first)+5), first...)
	return binary.BigEndian.AppendUint32(append(key, 0), number)
}

// blockReader goes through the entries of a segment. The order of use is seek,
// then next until it is false, then err.
type blockReader struct {
	cursor *bolt.Cursor
	rest   []byte // of the block
	held   bool   // the entry has been read, and next is yet to give it

	token []byte // valid until the next step
	body  []byte // valid as long as the transaction
	err   error
}

// seek moves before the first entry whose token is at least from.
func (r *blockReader) seek(from string) {
	// The block before the one that bbolt finds may hold it too. At the end there
	// is none to step back from: bbolt's Prev would then skip the last.
	var key, value []byte
	if k, _ := r.cursor.Seek(blockKey(from, 0)); k == nil {
		key, value = r.cursor.Last()
	} else if key, value = r.cursor.Prev(); key == nil {
		key, value = r.cursor.First()
	}
	r.rest, r.held = nil, false
	if key == nil || !r.open(key, value) {
		return
	}
	for r.next() {
		if string(r.token) >= from {
			r.held = true
			return
		}
	}
}

func (r *blockReader) open(key, value []byte) bool {
	if len(value) < crcLen || binary.BigEndian.Uint32(value) != crc32.Checksum(value[crcLen:], crcTable) {
		r.err = fmt.Errorf("%w: the block %q", errDamaged, key)
		return false
	}
	r.rest, r.token = value[crcLen:], r.token[:0]
	return true
}

// next moves to the next entry.
func (r *blockReader) next() bool {
	if r.err != nil {
		return false
	}
	if r.held {
		r.held = false
		return true
	}
	for len(r.rest) == 0 {
		key, value := r.cursor.Next()
		if key == nil || !r.open(key, value) {
			return false
		}
	}
	shared, ok := r.uvarint()
	suffix, ok2 := r.bytes()
	body, ok3 := r.bytes()
	if !ok || !ok2 || !ok3 || shared > uint64(len(r.token)) {
		r.err = fmt.Errorf("%w: an entry after %q", errDamaged, r.token)
		return false
	}
	r.token = append(r.token[:shared], suffix...)
	r.body = body
	return true
}

func (r *blockReader) uvarint() (uint64, bool) {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		return 0, false
	}
	r.rest = r.rest[n:]
	return v, true
}

func (r *blockReader) bytes() ([]byte, bool) {
	n, ok := r.uvarint()
	if !ok || n > uint64(len(r.rest)) {
		return nil, false
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b, true
}

// eachRoom calls fn for the rooms in the body of an entry, with their seqs,
// which eachSeq reads. False if the body is damaged.
func eachRoom(body []byte, fn func(room uint64, seqs []byte) bool) bool {
	room := uint64(0)
	for len(body) > 0 {
		distance, n := binary.Uvarint(body)
		if n <= 0 {
			return false
		}
		length, m := binary.Uvarint(body[n:])
		if m <= 0 || length > uint64(len(body)-n-m) {
			return false
		}
		room += distance
		seqs := body[n+m : n+m+int(length)]
		body = body[n+m+int(length):]
		if !fn(room, seqs) {
			return false
		}
	}
	return true
}

// eachSeq calls fn for the seqs of one room. False if they are damaged.
func eachSeq(seqs []byte, fn func(seq uint64)) bool {
	seq := uint64(0)
	for len(seqs) > 0 {
		distance, n := binary.Uvarint(seqs)
		if n <= 0 {
			return false
		}
		seq += distance
		seqs = seqs[n:]
		fn(seq)
	}
	return true
}
