package store

import (
	"encoding/json"
	"fmt"

	"parley/shared/wire"
)

// AppendAudit puts an entry at the end of the audit log and gives it its id. The
// log keeps the newest wire.MaxAudit entries.
func (tx *Tx) AppendAudit(e wire.AuditEntry) error {
	id, err := tx.bucket(auditBucket).NextSequence()
	if err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	e.ID = id
	if id > wire.MaxAudit {
		if err := tx.del(auditBucket, offsetKey(id-wire.MaxAudit)); err != nil {
			return err
		}
	}
	return tx.putJSON(auditBucket, offsetKey(id), e)
}

// Audit calls fn for the entries before an id (0: all), newest first, until it
// returns false.
func (tx *Tx) Audit(before uint64, fn func(wire.AuditEntry) bool) error {
	c := tx.bucket(auditBucket).Cursor()
	k, sealed := c.Last()
	if before > 0 {
		if k, _ = c.Seek(offsetKey(before)); k != nil {
			k, sealed = c.Prev()
		} else {
			k, sealed = c.Last()
		}
	}
	for ; k != nil; k, sealed = c.Prev() {
		value, ok := unseal(k, sealed)
		var e wire.AuditEntry
		if !ok || json.Unmarshal(value, &e) != nil {
			return damagedRecord(auditBucket, k)
		}
		if !fn(e) {
			return nil
		}
	}
	return nil
}
