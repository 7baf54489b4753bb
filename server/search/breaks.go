package search

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"

	"parley/server/store"
	"parley/shared/wire"
)

// maxBreaks bounds the runs of a room: an import in no order at all. Beyond it
// the order of answers is not exact.
const maxBreaks = 1000

// breaks are the seqs of a room, by its number, at which the time falls: what
// was imported lies behind newer messages. Between two of them the times of a
// room's messages rise with their seqs, so that places can be searched for. The
// lists ascend and are never changed, only replaced.
type breaks map[uint64][]uint64

// stamp is the time of a message.
type stamp struct {
	at   posting
	time wire.Time
}

// falls tells whether a message is older than the one before it in its room.
// last is what was looked at last, which becomes this message.
func falls(tx *store.Tx, last *stamp, at posting, m *wire.Message) (bool, error) {
	before := posting{at.room, at.seq - 1}
	if last.at != before && before.seq > 0 {
		b, err := tx.MessageOf(store.Room{Room: wire.Room{ID: m.Room}, Num: at.room}, before.seq)
		if err != nil {
			return false, err
		}
		last.time = b.Time
	}
	fell := before.seq > 0 && m.Time < last.time
	*last = stamp{at, m.Time}
	return fell, nil
}

// add notes a break, and tells whether it was not known.
func (b breaks) add(at posting) bool {
	list := b[at.room]
	i, known := slices.BinarySearch(list, at.seq)
	if known || len(list) >= maxBreaks {
		return false
	}
	b[at.room] = slices.Insert(slices.Clone(list), i, at.seq)
	return true
}

// of are those of some rooms.
func (b breaks) of(heads map[uint64]uint64) breaks {
	if len(b) <= len(heads) {
		return maps.Clone(b)
	}
	some := breaks{}
	for room := range heads {
		some[room] = b[room]
	}
	return some
}

func readBreaks(tx *bolt.Tx) (breaks, error) {
	b := breaks{}
	err := tx.Bucket(breaksBucket).ForEach(func(key, _ []byte) error {
		if len(key) != 16 {
			return fmt.Errorf("%w: a record of breaks", errDamaged)
		}
		room := binary.BigEndian.Uint64(key)
		b[room] = append(b[room], binary.BigEndian.Uint64(key[8:]))
		return nil
	})
	return b, err
}
