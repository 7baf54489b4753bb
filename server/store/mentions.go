package store

import (
	"bytes"
	"encoding/binary"

	"parley/shared/wire"
)

// InRoom is the user in whose name mentions of @room are kept: one record
// instead of one for each member.
const InRoom = ""

func mentionKey(user, room string, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(append(pair(user, room), 0), seq)
}

// splitMentionKey is what mentionKey has made a key of.
func splitMentionKey(key []byte) (user, room string, seq uint64, ok bool) {
	if len(key) < 10 || key[len(key)-9] != 0 {
		return "", "", 0, false
	}
	user, room, ok = splitPair(key[:len(key)-9])
	return user, room, binary.BigEndian.Uint64(key[len(key)-8:]), ok
}

// PutMention notes that a message mentions a user, or [InRoom] everybody.
func (tx *Tx) PutMention(user string, m wire.Message) error {
	return tx.put(mentionsBucket, mentionKey(user, m.Room, m.Seq), []byte(m.Author))
}

// DeleteMention takes that back.
func (tx *Tx) DeleteMention(user string, m wire.Message) error {
	return tx.del(mentionsBucket, mentionKey(user, m.Room, m.Seq))
}

// Mentions are the messages of a room after seq that mention the user, or
// everybody, and are not its own: the newest limit of them, ascending.
func (tx *Tx) Mentions(user, room string, after uint64, limit int) ([]uint64, error) {
	own, err := tx.mentionsOf(user, user, room, after, limit)
	if err != nil {
		return nil, err
	}
	all, err := tx.mentionsOf(InRoom, user, room, after, limit)
	if err != nil {
		return nil, err
	}
	var merged []uint64
	for len(own)+len(all) > 0 && len(merged) < limit { // newest first
		switch {
		case len(all) == 0 || len(own) > 0 && own[0] > all[0]:
			merged, own = append(merged, own[0]), own[1:]
		case len(own) == 0 || all[0] > own[0]:
			merged, all = append(merged, all[0]), all[1:]
		default:
			merged, own, all = append(merged, own[0]), own[1:], all[1:]
		}
	}
	for i, j := 0, len(merged)-1; i < j; i, j = i+1, j-1 {
		merged[i], merged[j] = merged[j], merged[i]
	}
	return merged, nil
}

// mentionsOf are mentions kept under a name and not written by reader, newest first.
func (tx *Tx) mentionsOf(name, reader, room string, after uint64, limit int) ([]uint64, error) {
	prefix := append(pair(name, room), 0)
	c := tx.bucket(mentionsBucket).Cursor()
	var seqs []uint64
	k, sealed := c.Seek(append(bytes.Clone(prefix), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))
	if k == nil {
		k, sealed = c.Last()
	} else if !bytes.HasPrefix(k, prefix) {
		k, sealed = c.Prev()
	}
	for ; k != nil && bytes.HasPrefix(k, prefix) && len(seqs) < limit; k, sealed = c.Prev() {
		author, ok := unseal(k, sealed)
		if !ok || len(k) != len(prefix)+8 {
			return nil, damagedRecord(mentionsBucket, k)
		}
		seq := binary.BigEndian.Uint64(k[len(prefix):])
		if seq <= after {
			break
		}
		if string(author) != reader {
			seqs = append(seqs, seq)
		}
	}
	return seqs, nil
}

// sweepMention drops a mention that lies far behind its room's head.
func sweepMention(tx *Tx, _ wire.Time, key, _ []byte) error {
	_, room, seq, ok := splitMentionKey(key)
	if !ok {
		return damagedRecord(mentionsBucket, key)
	}
	r, err := tx.Room(room)
	if err != nil {
		return err
	}
	if seq+wire.MentionReach > r.Head {
		return nil
	}
	return tx.del(mentionsBucket, key)
}
