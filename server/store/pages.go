package store

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
)

// pageWalk verifies the tree of pages from the file itself, not from the map:
// it believes no number before it has looked at it, so that nothing a damaged
// file holds can crash it, hang it or make it take memory. bbolt's own code
// does believe them.
type pageWalk struct {
	r        io.ReaderAt
	pageSize int64
	pages    uint64 // in use; page numbers are below
	shallow  bool   // leave out the trees of buckets below the root bucket
	seen     []bool
	report   func(format string, args ...any)
}

// maxPageDepth is how deep a tree may be: more levels than a file of any size
// has, so that pages that lead in circles end.
const maxPageDepth = 64

// maxPageLen is the longest page in bytes, with its overflow: far more than
// the largest records need, so that a wrong length does not take the memory.
const maxPageLen = 64 << 20

func newPageWalk(r io.ReaderAt, pageSize int64, pages uint64, report func(string, ...any)) *pageWalk {
	return &pageWalk{r: r, pageSize: pageSize, pages: pages, seen: make([]bool, pages), report: report}
}

// tree verifies the pages below page id, whose keys must be from low up to
// but without high (nil: no bound).
func (w *pageWalk) tree(id uint64, low, high []byte, depth int) {
	if depth > maxPageDepth {
		w.report("page %d: the tree is deeper than %d", id, maxPageDepth)
		return
	}
	page, err := w.read(id)
	if err != nil {
		w.report("page %d: %v", id, err)
		return
	}
	w.elements(fmt.Sprintf("page %d", id), page, low, high, depth)
}

// read is page id with its overflow, marked as seen.
func (w *pageWalk) read(id uint64) ([]byte, error) {
	head := make([]byte, pageHeaderLen)
	if id < 2 || id >= w.pages {
		return nil, fmt.Errorf("there are %d pages", w.pages)
	}
	if _, err := w.r.ReadAt(head, int64(id)*w.pageSize); err != nil {
		return nil, err
	}
	if self := order.Uint64(head); self != id {
		return nil, fmt.Errorf("it says it is page %d", self)
	}
	overflow := uint64(order.Uint32(head[12:]))
	if id+overflow >= w.pages || int64(overflow)*w.pageSize > maxPageLen && order.Uint16(head[8:]) != freelistPage {
		return nil, fmt.Errorf("its overflow of %d pages cannot be", overflow)
	}
	for i := id; i <= id+overflow; i++ {
		if w.seen[i] {
			return nil, fmt.Errorf("page %d is used twice", i)
		}
		w.seen[i] = true
	}
	page := make([]byte, int64(overflow+1)*w.pageSize)
	if _, err := w.r.ReadAt(page, int64(id)*w.pageSize); err != nil {
		return nil, err
	}
	return page, nil
}

// elements verifies what stands on a page, called name, and below it.
func (w *pageWalk) elements(name string, page []byte, low, high []byte, depth int) {
	flags, count := order.Uint16(page[8:]), int(order.Uint16(page[10:]))
	switch {
	case flags != branchPage && flags != leafPage:
		w.report("%s: neither branch nor leaf (flags %#x)", name, flags)
		return
	case flags == branchPage && count == 0:
		w.report("%s: a branch that leads nowhere", name)
		return
	case pageHeaderLen+count*pageElementLen > len(page):
		w.report("%s: its %d elements do not fit on it", name, count)
		return
	}
	keys := make([][]byte, count+1)
	keys[count] = high
	for i := range count {
		key, _, ok := element(page, i, flags)
		if !ok {
			w.report("%s: element %d lies outside", name, i)
			return
		}
		if bytes.Compare(key, low) < 0 || i > 0 && bytes.Equal(key, low) || high != nil && bytes.Compare(key, high) >= 0 {
			w.report("%s: element %d is out of order", name, i)
			return
		}
		keys[i], low = key, key
	}
	for i := range count {
		_, value, _ := element(page, i, flags)
		switch {
		case flags == branchPage:
			w.tree(order.Uint64(page[pageHeaderLen+i*pageElementLen+8:]), keys[i], keys[i+1], depth+1)
		case order.Uint32(page[pageHeaderLen+i*pageElementLen:])&bucketFlag != 0:
			w.bucket(string(keys[i]), value, depth+1)
		}
	}
}

// element is the key and value of the element i; false if it lies outside.
func element(page []byte, i int, flags uint16) (key, value []byte, ok bool) {
	start := uint64(pageHeaderLen + i*pageElementLen)
	e := page[start:]
	pos, keyLen, valueLen := uint64(order.Uint32(e)), uint64(order.Uint32(e[4:])), uint64(0)
	if flags == leafPage {
		pos, keyLen, valueLen = uint64(order.Uint32(e[4:])), uint64(order.Uint32(e[8:])), uint64(order.Uint32(e[12:]))
	}
	start += pos
	end := start + keyLen + valueLen
	if keyLen == 0 || end > uint64(len(page)) {
		return nil, nil, false
	}
	return page[start : start+keyLen], page[start+keyLen : end], true
}

// bucket verifies the pages of a bucket: a tree of its own, or, when it is
// small, one page inside the value.
func (w *pageWalk) bucket(name string, value []byte, depth int) {
	if len(value) < bucketHeadLen {
		w.report("bucket %q: its head is cut off", name)
		return
	}
	if root := order.Uint64(value); root != 0 {
		if !w.shallow {
			w.tree(root, nil, nil, depth)
		}
		return
	}
	if page := value[bucketHeadLen:]; len(page) < pageHeaderLen {
		w.report("bucket %q: its page is cut off", name)
	} else {
		w.elements(fmt.Sprintf("bucket %q", name), page, nil, nil, depth)
	}
}

// checkHead verifies what bbolt believes when it opens a file: that the file
// is as long as it says, that the list of free pages is one, and the pages that
// name the buckets.
func checkHead(r io.ReaderAt, size int64) error {
	m, err := readMeta(r)
	if err != nil {
		return err
	}
	if m.pages > uint64(size)/uint64(m.pageSize) {
		return fmt.Errorf("%w: cut short: %d pages of %d bytes should be there, the file has %d bytes", ErrDamaged, m.pages, m.pageSize, size)
	}
	if m.freelist == noFreelistPage {
		return fmt.Errorf("%w: a bbolt file, but not one of parley", ErrDamaged)
	}
	w := newPageWalk(r, m.pageSize, m.pages, func(format string, args ...any) {
		err = cmp.Or(err, fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...)))
	})
	w.shallow = true
	if w.tree(m.root, nil, nil, 0); err != nil {
		return err
	}
	page, err := w.read(m.freelist)
	if err != nil || order.Uint16(page[8:]) != freelistPage || !isFreelist(page[pageHeaderLen:], order.Uint16(page[10:]), m.pages) {
		return fmt.Errorf("%w: the list of free pages is broken", ErrDamaged)
	}
	return nil
}

// isFreelist tells whether list is count ascending page numbers. A count of
// 0xFFFF means that the true one is the first number.
func isFreelist(list []byte, count uint16, pages uint64) bool {
	n := uint64(count)
	if n == 0xFFFF {
		n, list = order.Uint64(list), list[8:]
	}
	if n > uint64(len(list))/8 {
		return false
	}
	last := uint64(1)
	for i := range n {
		id := order.Uint64(list[8*i:])
		if id <= last || id >= pages {
			return false
		}
		last = id
	}
	return true
}
