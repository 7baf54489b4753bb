package store

import (
	"encoding/json"
	"errors"

	"parley/shared/wire"
)

// TrimLog drops up to limit of the oldest events that are older than before,
// keeping at least keep events; their nonces go with them. It gives the count.
// It stops at the first event that is not older, so the log has no hole.
func (tx *Tx) TrimLog(before wire.Time, keep, limit int) (int, error) {
	first, end := tx.First(), tx.End()
	surplus := uint64(0)
	if kept := end + 1 - first; kept > uint64(max(keep, 0)) {
		surplus = kept - uint64(max(keep, 0))
	}
	n := int(min(surplus, uint64(max(limit, 0))))
	if n == 0 {
		return 0, nil
	}
	old := make([]Event, 0, min(n, 1024))
	err := tx.Log(first-1, func(e Event) bool {
		if e.Time >= before {
			return false
		}
		old = append(old, e)
		return len(old) < n
	})
	if err != nil {
		return 0, err
	}
	for _, e := range old {
		if err := tx.dropEvent(e); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}

func (tx *Tx) dropEvent(e Event) error {
	if err := tx.del(logBucket, offsetKey(e.Offset)); err != nil {
		return err
	}
	if e.Nonce == "" {
		return nil
	}
	n, err := tx.Nonce(e.Owner, e.Nonce)
	if errors.Is(err, ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	// A nonce may have been used again after its first message left the log.
	// The event of a later change of that message must not take it along.
	var data wire.Event
	if json.Unmarshal(e.Data, &data) != nil || data.Message == nil {
		return damagedRecord(logBucket, offsetKey(e.Offset))
	}
	if data.Message.Room != n.Room || data.Message.Seq != n.Seq {
		return nil
	}
	return tx.del(noncesBucket, pair(e.Owner, e.Nonce))
}
