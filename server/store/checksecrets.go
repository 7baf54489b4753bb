package store

import "encoding/binary"

// checkSecrets verifies login sessions, API tokens and invites.
func (c *recordCheck) checkSecrets() {
	c.each(sessionsBucket, func(key, value []byte) {
		var s Session
		if c.decode(sessionsBucket, key, value, &s) && !c.users[s.User] {
			c.add("a session of user %q, who is not there", s.User)
		}
		c.Sessions++
	})
	c.each(tokensBucket, func(key, value []byte) {
		var t Token
		if c.decode(tokensBucket, key, value, &t) && !c.users[t.User] {
			c.add("token %s is of user %q, who is not there", t.ID, t.User)
		}
		c.Tokens++
	})
	c.each(invitesBucket, func(key, value []byte) {
		var i Invite
		if c.decode(invitesBucket, key, value, &i) && i.Room != "" && c.rooms[i.Room].ID == "" {
			c.add("an invite to room %q, which is not there", i.Room)
		}
		c.Invites++
	})
}

// checkHooks verifies webhooks, both ways.
func (c *recordCheck) checkHooks() {
	c.each(hooksBucket, func(key, value []byte) {
		var k Hook
		if !c.decode(hooksBucket, key, value, &k) {
			return
		}
		if !c.users[k.User] || c.rooms[k.Room].ID == "" {
			c.add("webhook %s is of user %q in room %q, who are not both there", k.ID, k.User, k.Room)
		}
	})
	c.each(webhooksBucket, func(key, value []byte) {
		var w Webhook
		if !c.decode(webhooksBucket, key, value, &w) {
			return
		}
		if !c.users[string(key)] {
			c.add("an outgoing webhook of user %q, who is not there", key)
		}
		if end := c.tx.End(); w.Cursor > end {
			c.add("the outgoing webhook of %s has come to offset %d of %d", key, w.Cursor, end)
		}
	})
}

// checkReads verifies how far users have read.
func (c *recordCheck) checkReads() {
	c.each(readsBucket, func(key, value []byte) {
		user, room, _ := splitPair(key)
		switch r, ok := c.rooms[room]; {
		case !ok || !c.users[user] || len(value) != 8:
			c.add("%v", damagedRecord(readsBucket, key))
		case binary.BigEndian.Uint64(value) > r.Head:
			c.add("user %s has read room %s past its head", user, room)
		}
	})
}
