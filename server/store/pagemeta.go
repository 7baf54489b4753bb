package store

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
)

// The layout of bbolt's pages, version 2 (its internal/common: page.go and
// meta.go). Numbers have the byte order of the machine.
//
//	page     id (8), flags (2), count (2), overflow (4), elements
//	meta     magic (4), version (4), page size (4), flags (4), root (8),
//	         sequence (8), free list (8), number of pages (8), txid (8), FNV-1a (8)
//	branch   per element: position (4), key size (4), page (8)
//	leaf     per element: flags (4), position (4), key size (4), value size (4)
const (
	pageHeaderLen  = 16
	pageElementLen = 16
	pageMetaLen    = 64
	bucketHeadLen  = 16 // root page (8), sequence (8)

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketFlag   = 0x01 // of a leaf's element

	boltMagic      = 0xED0CDAED
	boltVersion    = 2
	noFreelistPage = ^uint64(0)

	minPageSize, maxPageSize = 1 << 10, 64 << 10
)

var order = binary.NativeEndian

// pageMeta is what a meta page says.
type pageMeta struct {
	pageSize       int64
	root, freelist uint64
	pages          uint64 // how many are in use, meta pages included
	txid           uint64
}

// readMeta is the newer of the meta pages, or the one that is whole.
func readMeta(r io.ReaderAt) (pageMeta, error) {
	first, ok := metaAt(r, 0)
	if ok {
		if second, ok := metaAt(r, first.pageSize); ok && second.txid > first.txid {
			return second, nil
		}
		return first, nil
	}
	for size := int64(minPageSize); size <= maxPageSize; size *= 2 {
		if second, ok := metaAt(r, size); ok && second.pageSize == size {
			return second, nil
		}
	}
	return pageMeta{}, fmt.Errorf("%w: not a data file, or its head is broken", ErrDamaged)
}

// bothHeads tells whether both meta pages of a file that nobody writes to are
// whole. With one of them the file is as it was one commit ago, or now.
func bothHeads(r io.ReaderAt, pageSize int64) bool {
	_, ok0 := metaAt(r, 0)
	_, ok1 := metaAt(r, pageSize)
	return ok0 && ok1
}

// metaAt is the meta page at off; false if it is not one, or not whole.
func metaAt(r io.ReaderAt, off int64) (pageMeta, bool) {
	buf := make([]byte, pageHeaderLen+pageMetaLen)
	if _, err := r.ReadAt(buf, off); err != nil {
		return pageMeta{}, false
	}
	buf = buf[pageHeaderLen:]
	sum := fnv.New64a()
	sum.Write(buf[:pageMetaLen-8])
	m := pageMeta{
		pageSize: int64(order.Uint32(buf[8:])),
		root:     order.Uint64(buf[16:]),
		freelist: order.Uint64(buf[32:]),
		pages:    order.Uint64(buf[40:]),
		txid:     order.Uint64(buf[48:]),
	}
	ok := order.Uint32(buf) == boltMagic && order.Uint32(buf[4:]) == boltVersion &&
		order.Uint64(buf[56:]) == sum.Sum64() && m.pageSize >= minPageSize && m.pageSize <= maxPageSize && m.pages > 2
	return m, ok
}
