package store

import (
	"encoding/binary"
	"errors"
	"fmt"
)

func offsetKey(offset uint64) []byte {
	return binary.BigEndian.AppendUint64(make([]byte, 0, 8), offset)
}

// Cursor is the cursor after the newest event.
func (tx *Tx) Cursor() string { return FormatCursor(tx.Epoch(), tx.End()) }

// End is the offset of the newest event ever appended, 0 when there was none.
func (tx *Tx) End() uint64 { return tx.bucket(logBucket).Sequence() }

// First is the offset of the oldest event that is still kept; End()+1 when none is.
func (tx *Tx) First() uint64 {
	if k, _ := tx.bucket(logBucket).Cursor().First(); len(k) == 8 {
		return binary.BigEndian.Uint64(k)
	}
	return tx.End() + 1
}

// Log calls fn for the events after offset, in order, until it returns false.
// What was trimmed is left out; compare with First. Events of a message that was
// edited or deleted since carry the text that it has now, in their old place.
func (tx *Tx) Log(after uint64, fn func(Event) bool) error {
	if after >= tx.End() {
		return nil
	}
	c := tx.bucket(logBucket).Cursor()
	changes, expected := tx.changes(), uint64(0)
	for k, sealed := c.Seek(offsetKey(after + 1)); k != nil; k, sealed = c.Next() {
		value, ok := unseal(k, sealed)
		if !ok || len(k) != 8 {
			return damagedRecord(logBucket, k)
		}
		offset := binary.BigEndian.Uint64(k)
		if expected != 0 && offset != expected {
			return fmt.Errorf("%w: the event at offset %d is missing", ErrDamaged, expected)
		}
		e, ok := decodeEvent(offset, value)
		if !ok {
			return damagedRecord(logBucket, k)
		}
		if err := changes.correct(&e); err != nil {
			return err
		}
		if !fn(e) {
			return nil
		}
		expected = offset + 1
	}
	return nil
}

// Append puts an event at the end of the log and gives its offset. It keeps
// Data, which must not be changed any more.
func (tx *Tx) Append(e Event) (uint64, error) {
	if !e.valid() {
		return 0, errors.New("an event needs data and an audience")
	}
	offset, err := tx.bucket(logBucket).NextSequence()
	if err != nil {
		return 0, fmt.Errorf("append to the log: %w", err)
	}
	e.Offset = offset
	if err := tx.put(logBucket, offsetKey(offset), e.encode()); err != nil {
		return 0, err
	}
	tx.appended = append(tx.appended, e)
	return offset, nil
}

// Appended are the events that this Tx has appended so far, in order.
func (tx *Tx) Appended() []Event { return tx.appended }
