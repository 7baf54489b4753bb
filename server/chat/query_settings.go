package chat

import (
	"cmp"
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

// Sessions are the actor's own logins, the newest first.
func (q Queries) Sessions(a Actor, now wire.Time) (wire.SessionList, error) {
	list := wire.SessionList{Sessions: []wire.Session{}}
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		logins, err := tx.Logins(me.ID)
		for _, l := range logins {
			if l.Expires > now {
				list.Sessions = append(list.Sessions, wire.Session{
					ID: l.Hash.ID(), Device: l.Device, Created: l.Created,
					Seen: l.Expires.Add(-SessionLife), Current: l.Hash == a.Credential,
				})
			}
		}
		return err
	})
	slices.SortFunc(list.Sessions, func(a, b wire.Session) int {
		return cmp.Or(cmp.Compare(b.Created, a.Created), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// Tokens are the actor's own API tokens, and for owner and admins all, the
// oldest first.
func (q Queries) Tokens(a Actor) (wire.TokenList, error) {
	list := wire.TokenList{Tokens: []wire.TokenInfo{}}
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		return tx.Tokens(func(_ store.Hash, t store.Token) error {
			if t.Creator == me.ID || moderates(me) {
				list.Tokens = append(list.Tokens, wire.TokenInfo{ID: t.ID, User: t.User, Creator: t.Creator, Created: t.Created})
			}
			return nil
		})
	})
	slices.SortFunc(list.Tokens, func(a, b wire.TokenInfo) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// Invites are those of the actor's invites that still work, and for owner and
// admins all of them, by their end.
func (q Queries) Invites(a Actor, now wire.Time) (wire.InviteList, error) {
	list := wire.InviteList{Invites: []wire.InviteInfo{}}
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		return tx.Invites(func(h store.Hash, i store.Invite) error {
			if i.Expires > now && (i.Creator == me.ID || moderates(me)) {
				list.Invites = append(list.Invites, wire.InviteInfo{
					ID: h.ID(), Role: i.Role, Room: i.Room, Left: i.Left, Expires: i.Expires, Creator: i.Creator,
				})
			}
			return nil
		})
	})
	slices.SortFunc(list.Invites, func(a, b wire.InviteInfo) int {
		return cmp.Or(cmp.Compare(a.Expires, b.Expires), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// Audit is a page of the audit log, the newest first, for owner and admins:
// what is before an entry, or without one the newest. Errors: forbidden.
func (q Queries) Audit(a Actor, before uint64, limit int) (wire.AuditList, error) {
	list := wire.AuditList{Entries: []wire.AuditEntry{}}
	if limit <= 0 {
		limit = wire.DefaultAudit
	}
	limit = min(limit, wire.MaxAuditListed)
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		if !moderates(me) {
			return wire.Errorf(wire.CodeForbidden, "The audit log is for owner and admins.")
		}
		return tx.Audit(before, func(e wire.AuditEntry) bool {
			if list.More = len(list.Entries) == limit; list.More {
				return false
			}
			list.Entries = append(list.Entries, e)
			return true
		})
	})
	return list, err
}
