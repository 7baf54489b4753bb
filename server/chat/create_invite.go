package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// maxInviteUses is how often one invite may work: more is a number mistyped.
const maxInviteUses = 100_000

// CreateInvite makes an invite. The result is the [wire.Invite] with neither
// code nor URL.
type CreateInvite struct {
	Code    store.Hash
	Role    wire.Role
	Room    string // may be empty
	Uses    int    // 0: as often as one likes
	Expires wire.Time
}

func prepareCreateInvite(v Env, args []byte) (Op, string, error) {
	i, err := decode[wire.CreateInvite](args)
	if err != nil {
		return nil, "", err
	}
	op, secret, err := v.invite(i)
	return op, secret, err
}

func (v Env) invite(i wire.CreateInvite) (CreateInvite, string, error) {
	now := v.now()
	if i.Expires == 0 {
		i.Expires = now.Add(wire.InviteLife)
	}
	if err := checkInvite(i, now); err != nil {
		return CreateInvite{}, "", err
	}
	code, hash, err := v.secret("")
	return CreateInvite{Code: hash, Role: i.Role, Room: i.Room, Uses: i.Uses, Expires: i.Expires}, code, err
}

func checkInvite(i wire.CreateInvite, now wire.Time) error {
	switch {
	case i.Role != wire.RoleMember && i.Role != wire.RoleGuest:
		return wire.Errorf(wire.CodeBadRequest, `The role of an invite is "member" or "guest".`)
	case i.Uses < 0 || i.Uses > maxInviteUses:
		return wire.Errorf(wire.CodeBadRequest, "An invite works 1 to %d times, or 0 for any number.", maxInviteUses)
	case i.Expires <= now:
		return wire.Errorf(wire.CodeBadRequest, "The invite would have expired already.")
	case i.Expires > now.Add(wire.MaxInviteLife):
		return wire.Errorf(wire.CodeBadRequest, "An invite expires within %d days.", int(wire.MaxInviteLife.Hours()/24))
	}
	return nil
}

func (CreateInvite) command() string { return wire.CmdCreateInvite }

func (op CreateInvite) apply(c *change) (any, error) {
	if op.Room != "" {
		room, _, err := find(c.tx, c.actor.User, op.Room)
		if err != nil {
			return nil, err
		}
		if room.Kind == wire.KindDirect {
			return nil, staysDirect()
		}
		if room.Archived {
			return nil, isArchived()
		}
	}
	return op.put(c)
}

func (op CreateInvite) put(c *change) (any, error) {
	e := wire.AuditEntry{Action: wire.AuditCreateInvite, Room: op.Room}
	if err := c.audit(e, "made an invite for a %s", op.Role); err != nil {
		return nil, err
	}
	return wire.Invite{}, c.tx.PutInvite(op.Code, store.Invite{
		Role: op.Role, Room: op.Room, Left: op.Uses, Limited: op.Uses > 0,
		Expires: op.Expires, Creator: c.actor.ID,
	})
}

// Invite prepares an invite of whoever runs the server: by the command line,
// not by the protocol. Its room may be any but a direct one.
func (v Env) Invite(i wire.CreateInvite) (Call, error) {
	op, secret, err := v.invite(i)
	if err != nil {
		return Call{}, err
	}
	return v.call("", LocalInvite{Invite: op}, secret), nil
}

// LocalInvite is [CreateInvite] without an actor.
type LocalInvite struct{ Invite CreateInvite }

func (op LocalInvite) apply(c *change) (any, error) {
	_, err := c.tx.Room(wire.Lobby)
	if errors.Is(err, store.ErrNotExist) {
		return nil, wire.Errorf(wire.CodeConflict, "Create the community first: open the page in a browser.")
	}
	if err != nil {
		return nil, err
	}
	if op.Invite.Room != "" {
		room, err := c.tx.Room(op.Invite.Room)
		if errors.Is(err, store.ErrNotExist) || (err == nil && room.Kind == wire.KindDirect) {
			return nil, noRoom()
		}
		if err != nil {
			return nil, err
		}
	}
	return op.Invite.put(c)
}
