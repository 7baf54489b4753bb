package store

import (
	"encoding/json"
	"errors"

	"parley/shared/names"
)

// recordCheck verifies the records of a file whose pages are good.
type recordCheck struct {
	*Report
	tx    *Tx
	users map[string]bool
	names int             // how many users there are whose name leads to them
	rooms map[string]Room // by id
	nums  map[uint64]Room // by number

	claimed int // nonces that an event in the log claims
}

func newRecordCheck(tx *Tx, r *Report) *recordCheck {
	return &recordCheck{Report: r, tx: tx, users: map[string]bool{}, rooms: map[string]Room{}, nums: map[uint64]Room{}}
}

func (c *recordCheck) run() {
	if err := checkMeta(c.tx.bucket(metaBucket)); err != nil {
		c.add("%v", err)
	}
	c.checkUsers()
	c.checkNames()
	c.checkRooms()
	c.checkMembers()
	c.checkMessages()
	c.checkLog()
	c.checkNonces()
	c.checkReads()
	c.checkSecrets()
	c.checkHooks()
	c.checkIndexes()
	c.checkFiles()
}

// each calls fn for each record of a bucket whose checksum fits, and reports
// the others.
func (c *recordCheck) each(id bucketID, fn func(key, value []byte)) {
	cursor := c.tx.bucket(id).Cursor()
	for key, sealed := cursor.First(); key != nil; key, sealed = cursor.Next() {
		if value, ok := unseal(key, sealed); ok {
			fn(key, value)
		} else {
			c.add("%v: the checksum does not fit", damagedRecord(id, key))
		}
	}
}

// decode reads JSON, and reports the record that is none.
func (c *recordCheck) decode(id bucketID, key, value []byte, v any) bool {
	if err := json.Unmarshal(value, v); err != nil {
		c.add("%v: %v", damagedRecord(id, key), err)
		return false
	}
	return true
}

func (c *recordCheck) checkUsers() {
	c.each(usersBucket, func(key, value []byte) {
		var u User
		if !c.decode(usersBucket, key, value, &u) {
			return
		}
		c.Users++
		c.users[u.ID] = true
		if u.ID != string(key) {
			c.add("user %s lies in the place of %s", u.ID, key)
		}
		if id, err := c.tx.get(namesBucket, []byte(names.Fold(u.Name))); err != nil || string(id) != u.ID {
			c.add("user %s: the name %q does not lead to them", u.ID, u.Name)
		} else {
			c.names++
		}
	})
}

func (c *recordCheck) checkNames() {
	names := 0
	c.each(namesBucket, func(key, value []byte) {
		names++
		if !c.users[string(value)] {
			c.add("the name %q leads to %s, who is not there", key, value)
		}
	})
	if names != c.names {
		c.add("there are %d names for %d users", names, c.names)
	}
}

func (c *recordCheck) checkRooms() {
	last, newest := c.tx.bucket(roomsBucket).Sequence(), uint64(0)
	c.each(roomsBucket, func(key, value []byte) {
		var r Room
		if !c.decode(roomsBucket, key, value, &r) {
			return
		}
		c.Rooms++
		if r.ID != string(key) {
			c.add("room %s lies in the place of %s", r.ID, key)
		}
		if other, ok := c.nums[r.Num]; ok || r.Num == 0 || r.Num > last {
			c.add("room %s: its number %d is wrong, or that of %q too", r.ID, r.Num, other.ID)
		}
		c.rooms[r.ID], c.nums[r.Num] = r, r
		newest = max(newest, r.Num)
	})
	if last != newest {
		c.add("the newest room number is %d, not %d", newest, last)
	}
}

// checkMessages verifies that each room has the messages 1 to its head.
func (c *recordCheck) checkMessages() {
	next := map[uint64]uint64{} // room number to the seq after the last one seen
	c.each(messagesBucket, func(key, value []byte) {
		num, seq, ok := splitMessageKey(key)
		r, known := c.nums[num]
		if !ok || !known {
			c.add("%v: there is no such room", damagedRecord(messagesBucket, key))
			return
		}
		if expected := max(next[num], 1); seq != expected {
			c.add("room %s: after message %d comes %d", r.ID, expected-1, seq)
		}
		next[num] = seq + 1
		c.Messages++
		m, err := decodeMessage(r.ID, seq, value)
		switch {
		case err != nil:
			c.add("%v", err)
		case !c.users[m.Author]:
			c.add("message %s/%d: its author %q is not there", r.ID, seq, m.Author)
		}
		c.checkFilesOf(m)
	})
	for _, id := range sortedKeys(c.rooms) {
		if r := c.rooms[id]; max(next[r.Num], 1) != r.Head+1 {
			c.add("room %s: its head is %d, its newest message %d", id, r.Head, max(next[r.Num], 1)-1)
		}
	}
}

func (c *recordCheck) checkNonces() {
	c.each(noncesBucket, func(key, value []byte) {
		c.Nonces++
		user, nonce, _ := splitPair(key)
		n, ok := decodeNonce(value)
		if !ok {
			c.add("%v", damagedRecord(noncesBucket, key))
			return
		}
		m, err := c.tx.Message(n.Room, n.Seq)
		if err != nil {
			if !errors.Is(err, ErrDamaged) { // else told already
				c.add("nonce %q of %s: message %s/%d is not there", nonce, user, n.Room, n.Seq)
			}
			return
		}
		if m.Author != user || m.Nonce != nonce {
			c.add("nonce %q of %s: message %s/%d is another's, or has another", nonce, user, n.Room, n.Seq)
		}
	})
	if c.Nonces != c.claimed {
		c.add("there are %d nonces for %d events in the log that have one", c.Nonces, c.claimed)
	}
}
