package chat

import (
	"errors"

	"parley/server/latin"
	"parley/server/store"
	"parley/shared/wire"
)

// rank orders the roles of people; -1 is none of them.
func rank(r wire.Role) int {
	switch r {
	case wire.RoleOwner:
		return 3
	case wire.RoleAdmin:
		return 2
	case wire.RoleMember:
		return 1
	case wire.RoleGuest:
		return 0
	}
	return -1
}

// manages tells whether a decides about b: owners about everybody, admins about
// those who are neither.
func manages(a, b wire.User) bool {
	return a.Role == wire.RoleOwner || a.Role == wire.RoleAdmin && !moderates(b)
}

func notYours() error { return wire.Errorf(wire.CodeForbidden, "This is not for you to decide.") }

// findUser is a user who is there, deactivated or not.
func findUser(tx *store.Tx, id string) (store.User, error) {
	u, err := tx.User(id)
	if errors.Is(err, store.ErrNotExist) {
		return store.User{}, noUser()
	}
	return u, err
}

// spelled is a user as clients get to know it: with how its name is typed.
func spelled(u wire.User) wire.User {
	u.Latin = latin.Spell(u.Name)
	return u
}

// putUser stores a user who is not what it was, and tells so.
func (c *change) putUser(u store.User) (any, error) {
	if err := c.tx.PutUser(u); err != nil {
		return nil, err
	}
	return u.User, c.announceUser(u.User)
}

// endLogins ends the sessions of a user, but for one, and gives their hashes.
func (c *change) endLogins(user string, but store.Hash) ([]store.Hash, error) {
	logins, err := c.tx.Logins(user)
	if err != nil {
		return nil, err
	}
	var ended []store.Hash
	for _, l := range logins {
		if l.Hash == but {
			continue
		}
		if err := c.tx.DeleteSession(l.Hash); err != nil {
			return nil, err
		}
		ended = append(ended, l.Hash)
	}
	return ended, nil
}
