package store

import (
	"encoding/binary"

	"parley/shared/wire"
)

// checkLog verifies that offsets follow each other up to the end, that each
// event can be read, and that each new message's nonce is kept.
func (c *recordCheck) checkLog() {
	end, last := c.tx.End(), uint64(0)
	c.each(logBucket, func(key, value []byte) {
		c.Events++
		if len(key) != 8 {
			c.add("%v: not a key", damagedRecord(logBucket, key))
			return
		}
		offset := binary.BigEndian.Uint64(key)
		if last != 0 && offset != last+1 || offset > end {
			c.add("log: after offset %d comes %d; the end is %d", last, offset, end)
		}
		last = offset
		e, ok := decodeEvent(offset, value)
		var data wire.Event
		switch {
		case !ok:
			c.add("%v", damagedRecord(logBucket, key))
		case c.decode(logBucket, key, e.Data, &data):
			c.checkEventNonce(e, data.Message)
		}
	})
	if last != 0 && last != end {
		c.add("log: it ends at offset %d, not at %d", last, end)
	}
}

func (c *recordCheck) checkEventNonce(e Event, m *wire.Message) {
	if e.Nonce == "" || m == nil || m.Rev != 0 {
		return
	}
	if n, err := c.tx.Nonce(e.Owner, e.Nonce); err != nil || n.Room != m.Room || n.Seq != m.Seq {
		c.add("the event at offset %d: its nonce does not lead to message %s/%d", e.Offset, m.Room, m.Seq)
		return
	}
	c.claimed++
}
