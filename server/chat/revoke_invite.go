package chat

import (
	"parley/server/store"
	"parley/shared/wire"
)

// RevokeInvite ends an invite of the actor's own; owner and admins end all. The
// result is [wire.Empty].
type RevokeInvite struct{ ID string }

func prepareRevokeInvite(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.InviteRef](args)
	return RevokeInvite{ID: r.ID}, "", err
}

func (RevokeInvite) command() string { return wire.CmdRevokeInvite }

func (op RevokeInvite) apply(c *change) (any, error) {
	var (
		hash   store.Hash
		invite store.Invite
		found  bool
	)
	err := c.tx.Invites(func(h store.Hash, i store.Invite) error {
		if h.ID() == op.ID && i.Expires > c.entry.Time {
			hash, invite, found = h, i, true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !found || invite.Creator != c.actor.ID && !moderates(c.actor.User) {
		return nil, wire.Errorf(wire.CodeNotFound, "There is no such invite.")
	}
	e := wire.AuditEntry{Action: wire.AuditRevokeInvite, User: invite.Creator, Room: invite.Room}
	if err := c.audit(e, "revoked an invite for a %s", invite.Role); err != nil {
		return nil, err
	}
	return wire.Empty{}, c.tx.DeleteInvite(hash)
}
