package store

import (
	"bytes"
	"encoding/binary"
	"encoding/json"

	"parley/shared/wire"
)

// PutRevision keeps what a message said.
func (tx *Tx) PutRevision(room string, seq uint64, r wire.Revision) error {
	prefix, err := tx.revisionPrefix(room, seq)
	if err != nil {
		return err
	}
	return tx.putJSON(revisionsBucket, binary.BigEndian.AppendUint64(prefix, r.Rev), r)
}

// Revisions are what a message said before, oldest first.
func (tx *Tx) Revisions(room string, seq uint64) ([]wire.Revision, error) {
	prefix, err := tx.revisionPrefix(room, seq)
	if err != nil {
		return nil, err
	}
	var list []wire.Revision
	err = tx.scan(revisionsBucket, prefix, func(key, value []byte) error {
		var r wire.Revision
		if json.Unmarshal(value, &r) != nil {
			return damagedRecord(revisionsBucket, append(prefix, key...))
		}
		list = append(list, r)
		return nil
	})
	return list, err
}

// CountRevisions is how many there are, without reading them.
func (tx *Tx) CountRevisions(room string, seq uint64) (n int, err error) {
	prefix, err := tx.revisionPrefix(room, seq)
	if err != nil {
		return 0, err
	}
	c := tx.bucket(revisionsBucket).Cursor()
	for k, _ := c.Seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		n++
	}
	return n, nil
}

// DeleteRevisions forgets what a message said before.
func (tx *Tx) DeleteRevisions(room string, seq uint64) error {
	list, err := tx.Revisions(room, seq)
	if err != nil {
		return err
	}
	for _, r := range list {
		prefix, err := tx.revisionPrefix(room, seq)
		if err != nil {
			return err
		}
		if err := tx.del(revisionsBucket, binary.BigEndian.AppendUint64(prefix, r.Rev)); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) revisionPrefix(room string, seq uint64) ([]byte, error) {
	r, err := tx.Room(room)
	return messageKey(r.Num, seq), err
}
