package store

import (
	"bytes"
	"encoding/json"
	"errors"

	"parley/shared/wire"
)

// SweepExpired looks at up to limit records behind the place where the last
// sweep ended (kept in the file) and drops what has had its time: expired
// sessions and invites, spans of membership that ended before the oldest event
// kept, what is only needed to correct events that are gone, mentions far
// behind a room's head, and files that no message has. After the last record the next sweep starts anew.
func (tx *Tx) SweepExpired(now wire.Time, limit int) error {
	old, err := tx.get(metaBucket, keySweep)
	if err != nil && !errors.Is(err, ErrNotExist) {
		return err
	}
	old = bytes.Clone(old)
	stage, after := 0, []byte(nil)
	if len(old) > 0 {
		stage, after = int(old[0]), old[1:]
	}
	for left := limit; stage < len(sweeps) && left > 0; {
		keys, values, err := tx.sweepPage(sweeps[stage], after, left)
		if err != nil {
			return err
		}
		for i, key := range keys {
			before := tx.writes
			if err := sweeps[stage].sweep(tx, now, key, values[i]); err != nil {
				return err
			}
			after = key
			if left -= max(1, tx.writes-before-2); left <= 0 { // a file's pieces count: it may have thousands
				break
			}
		}
		if left > 0 { // the end of this bucket
			stage, after = stage+1, nil
		}
	}
	place := append([]byte{byte(stage)}, after...)
	if stage >= len(sweeps) {
		place = []byte{0}
	}
	if bytes.Equal(place, old) || len(old) == 0 && len(place) == 1 && place[0] == 0 {
		return nil
	}
	return tx.put(metaBucket, keySweep, place)
}

// sweeping is one stage: which records, and what to do with each.
type sweeping struct {
	bucket bucketID
	prefix []byte
	sweep  func(tx *Tx, now wire.Time, key, value []byte) error
}

// sweeps are in this order by the format: the place of a sweep is a number in it.
var sweeps = []sweeping{
	{sessionsBucket, nil, sweepSession},
	{invitesBucket, nil, sweepInvite},
	{membersBucket, []byte("u"), sweepSpans},
	{changedBucket, nil, sweepChanged},
	{mentionsBucket, nil, sweepMention},
	{uploadsBucket, nil, sweepUpload},
}

// sweepPage copies up to limit records behind key after.
func (tx *Tx) sweepPage(s sweeping, after []byte, limit int) (keys, values [][]byte, err error) {
	c := tx.bucket(s.bucket).Cursor()
	k, sealed := c.Seek(append(bytes.Clone(s.prefix), bytes.TrimPrefix(after, s.prefix)...))
	if after != nil && bytes.Equal(k, after) {
		k, sealed = c.Next()
	}
	for ; k != nil && bytes.HasPrefix(k, s.prefix) && len(keys) < limit; k, sealed = c.Next() {
		value, ok := unseal(k, sealed)
		if !ok {
			return nil, nil, damagedRecord(s.bucket, k)
		}
		keys, values = append(keys, bytes.Clone(k)), append(values, bytes.Clone(value))
	}
	return keys, values, nil
}

func sweepSession(tx *Tx, now wire.Time, key, value []byte) error {
	var s Session
	if len(key) != len(Hash{}) || json.Unmarshal(value, &s) != nil {
		return damagedRecord(sessionsBucket, key)
	}
	if s.Expires > now {
		return nil
	}
	return tx.DeleteSession(Hash(key))
}

func sweepInvite(tx *Tx, now wire.Time, key, value []byte) error {
	var i Invite
	if json.Unmarshal(value, &i) != nil {
		return damagedRecord(invitesBucket, key)
	}
	if i.Expires > now {
		return nil
	}
	return tx.del(invitesBucket, key)
}

func sweepSpans(tx *Tx, _ wire.Time, key, value []byte) error {
	var spans []Span
	if json.Unmarshal(value, &spans) != nil {
		return damagedRecord(membersBucket, key)
	}
	kept := reached(spans, tx.First())
	switch len(kept) {
	case len(spans):
		return nil
	case 0:
		return tx.del(membersBucket, key)
	}
	return tx.put(membersBucket, key, wire.Encode(kept))
}
