package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// SetRole gives a user another role. The result is the [wire.User], in [Revoked]
// with the tokens of the bots of one who becomes a guest: guests make none.
//
// Owners give every role, that of an owner too: so ownership is passed on by
// making somebody else an owner and stepping down. Admins make members guests
// and guests members. Everybody may step down, but not the last owner. Bots
// stay bots.
type SetRole struct {
	User string
	Role wire.Role
}

func prepareSetRole(_ Env, args []byte) (Op, string, error) {
	r, err := decode[wire.SetRole](args)
	if err != nil {
		return nil, "", err
	}
	if rank(r.Role) < 0 {
		return nil, "", wire.Errorf(wire.CodeBadRequest, `The role is "owner", "admin", "member" or "guest".`)
	}
	return SetRole{User: r.User, Role: r.Role}, "", nil
}

func (SetRole) command() string { return wire.CmdSetRole }

func (op SetRole) apply(c *change) (any, error) {
	u, err := findUser(c.tx, op.User)
	if err != nil {
		return nil, err
	}
	if err := op.check(c, u); err != nil {
		return nil, err
	}
	if u.Role == op.Role {
		return u.User, nil
	}
	e := wire.AuditEntry{Action: wire.AuditSetRole, User: u.ID}
	if err := c.audit(e, "changed the role of %s from %s to %s", u.Name, u.Role, op.Role); err != nil {
		return nil, err
	}
	u.Role = op.Role
	result, err := c.putUser(u)
	if err != nil || u.Role != wire.RoleGuest {
		return result, err
	}
	bots, err := c.endBotsOf(u.ID)
	return Revoked{Credentials: bots, Result: result}, err
}

func (op SetRole) check(c *change, u store.User) error {
	stepsDown := u.ID == c.actor.ID && rank(op.Role) <= rank(u.Role)
	switch {
	case u.Role == wire.RoleBot:
		return wire.Errorf(wire.CodeForbidden, "A bot stays a bot.")
	case !stepsDown && !manages(c.actor.User, u.User):
		return notYours()
	case !stepsDown && c.actor.Role != wire.RoleOwner && rank(op.Role) > rank(wire.RoleMember):
		return wire.Errorf(wire.CodeForbidden, "Only an owner makes owners and admins.")
	case u.Role == wire.RoleOwner && op.Role != wire.RoleOwner:
		return c.checkOtherOwner(u.ID)
	}
	return nil
}

// checkOtherOwner refuses to leave the community without an owner.
func (c *change) checkOtherOwner(but string) error {
	found := errors.New("found")
	err := c.tx.Users(func(u store.User) error {
		if u.Role == wire.RoleOwner && !u.Deactivated && u.ID != but {
			return found
		}
		return nil
	})
	switch {
	case errors.Is(err, found):
		return nil
	case err != nil:
		return err
	}
	return wire.Errorf(wire.CodeConflict, "A community needs an owner. Make somebody else one first.")
}
