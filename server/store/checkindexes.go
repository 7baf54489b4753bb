package store

import (
	"encoding/binary"
	"strings"

	"parley/shared/names"
	"parley/shared/wire"
)

// checkIndexes verifies what format 2 has brought: indexes that lead to what
// they say, and notes about messages and users that are there.
func (c *recordCheck) checkIndexes() {
	c.checkRoomNames()
	c.checkLogins()
	c.checkRoles()
	c.checkNotes()
	c.each(auditBucket, func(key, value []byte) {
		var e wire.AuditEntry
		if c.decode(auditBucket, key, value, &e) && (len(key) != 8 || binary.BigEndian.Uint64(key) != e.ID) {
			c.add("%v: another entry's place", damagedRecord(auditBucket, key))
		}
	})
}

func (c *recordCheck) checkRoomNames() {
	public := 0
	for _, r := range c.rooms {
		if r.Kind == wire.KindPublic {
			public++
		}
	}
	c.each(roomNamesBucket, func(key, value []byte) {
		public--
		if r := c.rooms[string(value)]; r.Kind != wire.KindPublic || names.Fold(r.Name) != string(key) {
			c.add("the room name %q leads to %q, which has another", key, value)
		}
	})
	if public != 0 {
		c.add("there are %d names of public rooms too few", public)
	}
	c.each(directBucket, func(key, value []byte) {
		if r := c.rooms[string(value)]; r.Kind != wire.KindDirect || r.Count != 1+strings.Count(string(key), "\x00") {
			c.add("%q is not the direct room of %q", value, key)
		}
	})
}

func (c *recordCheck) checkLogins() {
	logins := 0
	c.each(loginsBucket, func(key, _ []byte) {
		logins++
		user, hash, ok := splitPair(key)
		if !ok || len(hash) != len(Hash{}) {
			c.add("%v: not a key", damagedRecord(loginsBucket, key))
			return
		}
		if s, err := c.tx.Session(Hash([]byte(hash))); err != nil || s.User != user {
			c.add("a login of user %q leads to no session", user)
		}
	})
	if logins != c.Sessions {
		c.add("there are %d logins for %d sessions", logins, c.Sessions)
	}
}

func (c *recordCheck) checkRoles() {
	c.each(rolesBucket, func(key, value []byte) {
		var spans []Span
		if !c.decode(rolesBucket, key, value, &spans) {
			return
		}
		u, err := c.tx.User(string(key))
		if err != nil || isOpen(spans) != (u.Role != wire.RoleGuest) {
			c.add("user %s: the role and its history do not agree", key)
		}
	})
}

// checkNotes verifies what is noted about messages and for users.
func (c *recordCheck) checkNotes() {
	c.each(revisionsBucket, func(key, value []byte) {
		var r wire.Revision
		num, seq, ok := splitMessageKey(key[:max(0, len(key)-8)])
		if !ok || seq > c.nums[num].Head {
			c.add("%v: there is no such message", damagedRecord(revisionsBucket, key))
		}
		c.decode(revisionsBucket, key, value, &r)
	})
	c.each(changedBucket, func(key, value []byte) {
		room, seq, ok := splitPair(key)
		if !ok || len(seq) != 8 || len(value) != 16 || binary.BigEndian.Uint64([]byte(seq)) > c.rooms[room].Head {
			c.add("%v: there is no such message", damagedRecord(changedBucket, key))
		}
	})
	c.each(mentionsBucket, func(key, _ []byte) {
		user, room, seq, ok := splitMentionKey(key)
		if !ok || seq > c.rooms[room].Head || user != InRoom && !c.users[user] {
			c.add("%v: there is no such message, or no such user", damagedRecord(mentionsBucket, key))
		}
	})
	c.each(notifyBucket, func(key, value []byte) {
		var n wire.Notify
		user, room, _ := splitPair(key)
		if c.decode(notifyBucket, key, value, &n) && (n.Room != room || !c.users[user] || room != "" && c.rooms[room].ID == "") {
			c.add("%v: there is no such user, or no such room", damagedRecord(notifyBucket, key))
		}
	})
}
