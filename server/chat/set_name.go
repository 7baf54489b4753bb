package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// SetName gives the actor another name, or somebody it looks after (see
// manages), or a bot of its own. The result is the [wire.User].
type SetName struct{ User, Name string }

func prepareSetName(_ Env, args []byte) (Op, string, error) {
	n, err := decode[wire.SetName](args)
	if err != nil {
		return nil, "", err
	}
	n.Name, err = names.Clean("name", n.Name)
	return SetName{User: n.User, Name: n.Name}, "", err
}

func (SetName) command() string { return wire.CmdSetName }

func (op SetName) apply(c *change) (any, error) {
	u, err := findUser(c.tx, op.User)
	if err != nil {
		return nil, err
	}
	self := u.ID == c.actor.ID
	own := u.Role == wire.RoleBot && u.Creator == c.actor.ID
	if !self && !own && !manages(c.actor.User, u.User) {
		return nil, notYours()
	}
	if u.Name == op.Name {
		return u.User, nil
	}
	holder, err := c.tx.UserByName(op.Name)
	switch {
	case err == nil && holder.ID != u.ID:
		return nil, nameTaken()
	case err != nil && !errors.Is(err, store.ErrNotExist):
		return nil, err
	}
	if !self {
		e := wire.AuditEntry{Action: wire.AuditSetName, User: u.ID}
		if err := c.audit(e, "renamed %s to %s", u.Name, op.Name); err != nil {
			return nil, err
		}
	}
	u.Name = op.Name
	return c.putUser(u)
}
