package feed

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"parley/server/store"
)

// Batch is what [Conn.Next] gives: events, and the cursor after them. Nothing
// of it may be changed: it is shared with other connections.
type Batch struct {
	Cursor      string
	Events      [][]byte // each a wire.Event as JSON
	More        bool     // there are further events right now
	Reset       bool     // the cursor is of no use; Next gives ErrReset from now on
	ReconnectMS int      // when not 0: the server is going down; Next gives ErrDraining from now on

	shared *frame
}

// Bytes is the batch as JSON, a wire.Batch on one line. Live readers that get
// the same events share the same bytes, whatever their number: a batch is
// encoded when the first of them asks. It may be called from any goroutine.
func (b Batch) Bytes() []byte {
	if b.shared != nil {
		return b.shared.encode()
	}
	return b.encode()
}

func (b Batch) encode() []byte {
	size := batchCost
	for _, e := range b.Events {
		size += len(e) + 1
	}
	p := make([]byte, 0, size)
	p = append(p, `{"cursor":"`...)
	p = append(p, b.Cursor...) // URL-safe characters: nothing to escape
	p = append(p, `","events":[`...)
	for i, e := range b.Events {
		if i > 0 {
			p = append(p, ',')
		}
		p = append(p, e...)
	}
	p = append(p, ']')
	if b.More {
		p = append(p, `,"more":true`...)
	}
	if b.Reset {
		p = append(p, `,"reset":true`...)
	}
	if b.ReconnectMS != 0 {
		p = append(p, `,"reconnect_ms":`...)
		p = strconv.AppendInt(p, int64(b.ReconnectMS), 10)
	}
	return append(p, '}')
}

// frame is a batch that several readers get.
type frame struct {
	// static after construction
	offset  uint64 // of the cursor
	entries []*entry
	batch   Batch // shared is not set here
	encoded *atomic.Uint64

	once  sync.Once
	bytes []byte // by encode
}

func (r *frame) encode() []byte {
	r.once.Do(func() {
		r.bytes = r.batch.encode()
		r.encoded.Add(1)
	})
	return r.bytes
}

func (r *frame) share() Batch {
	b := r.batch
	b.shared = r
	return b
}

// frames gives readers that are to get the same the same frame.
type frames struct {
	// static after construction
	epoch   string
	encoded *atomic.Uint64 // counts

	// guarded by Feed.mu
	newest [keptFrames]*frame // a ring
	next   int                // the place in it
	offset uint64             // of cursor
	cursor string             // the newest one formatted
}

// of is the frame with these entries, of which it keeps a copy, and the cursor
// at offset. A single event of the log remembers its own, so that many rooms
// that talk at once do not push each other's out. Feed.mu is held.
func (s *frames) of(offset uint64, entries []*entry, more bool) *frame {
	if len(entries) == 1 && entries[0].offset == offset && !more {
		e := entries[0]
		if e.alone == nil {
			e.alone = s.make(offset, entries, more)
		}
		return e.alone
	}
	for _, r := range s.newest {
		if r != nil && r.offset == offset && r.batch.More == more && slices.Equal(r.entries, entries) {
			return r
		}
	}
	r := s.make(offset, entries, more)
	r.entries = slices.Clone(entries)
	s.newest[s.next] = r
	s.next = (s.next + 1) % keptFrames
	return r
}

func (s *frames) make(offset uint64, entries []*entry, more bool) *frame {
	events := make([][]byte, len(entries))
	for i, e := range entries {
		events[i] = e.data
	}
	return &frame{offset: offset, batch: Batch{Cursor: s.cursorAt(offset), Events: events, More: more}, encoded: s.encoded}
}

// cursorAt formats a cursor, once for all who are at the same place. Feed.mu is held.
func (s *frames) cursorAt(offset uint64) string {
	if s.cursor == "" || s.offset != offset {
		s.offset, s.cursor = offset, store.FormatCursor(s.epoch, offset)
	}
	return s.cursor
}
