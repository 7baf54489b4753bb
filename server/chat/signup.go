package chat

import (
	"context"
	"errors"
	"slices"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// Signup makes a user by an invite. The result is the [wire.User].
type Signup struct {
	ID       string
	Name     string
	Password string     // argon2id in PHC form; empty for guests
	Invite   store.Hash // of the code
	Session  store.Hash
	Expires  wire.Time
}

// Signup prepares the use of an invite; the Secret is the session token. It
// looks at the invite and the name before it spends time on a password; Apply
// looks again. Errors: bad_request, conflict for a name that is taken,
// not_found for an invite that does not work (whatever the reason), unavailable.
func (v Env) Signup(ctx context.Context, q Queries, s wire.Signup) (Call, error) {
	op := Signup{Invite: store.HashOf(s.Invite)}
	var err error
	if op.Name, err = names.Clean("name", s.Name); err != nil {
		return Call{}, err
	}
	var role wire.Role
	err = q.DB.View(func(tx *store.Tx) error {
		invite, err := op.check(tx, v.now())
		role = invite.Role
		return err
	})
	if err != nil {
		return Call{}, err
	}
	if op.Password, err = v.passwordFor(ctx, role, s.Password); err != nil {
		return Call{}, err
	}
	if op.ID, err = v.id(); err != nil {
		return Call{}, err
	}
	secret, hash, err := v.secret("")
	op.Session, op.Expires = hash, v.now().Add(SessionLife)
	return v.call("", op, secret), err
}

// passwordFor hashes the password that a user of this role must give: guests
// give none.
func (v Env) passwordFor(ctx context.Context, role wire.Role, password string) (string, error) {
	if role == wire.RoleGuest {
		if password != "" {
			return "", wire.Errorf(wire.CodeBadRequest, "A guest has no password; leave it out.")
		}
		return "", nil
	}
	if err := checkPassword(password); err != nil {
		return "", err
	}
	return v.passwords().hash(ctx, v.Rand, password)
}

// check is the invite, if it and the name can be used now.
func (op Signup) check(tx *store.Tx, now wire.Time) (store.Invite, error) {
	invite, err := tx.Invite(op.Invite)
	if errors.Is(err, store.ErrNotExist) {
		return store.Invite{}, noInvite()
	}
	if err != nil {
		return store.Invite{}, err
	}
	if invite.Expires <= now || (invite.Limited && invite.Left < 1) {
		return store.Invite{}, noInvite()
	}
	if err := checkCreator(tx, invite); err != nil {
		return store.Invite{}, err
	}
	_, err = tx.UserByName(op.Name)
	if err == nil {
		return store.Invite{}, nameTaken()
	}
	if !errors.Is(err, store.ErrNotExist) {
		return store.Invite{}, err
	}
	return invite, nil
}

// checkCreator refuses an invite whose creator could not make it today.
func checkCreator(tx *store.Tx, invite store.Invite) error {
	if invite.Creator == "" {
		return nil
	}
	u, err := tx.User(invite.Creator)
	if errors.Is(err, store.ErrNotExist) {
		return noInvite()
	}
	if err != nil {
		return err
	}
	if u.Deactivated || !slices.Contains(commands[wire.CmdCreateInvite].roles, u.Role) {
		return noInvite()
	}
	if invite.Room == "" {
		return nil
	}
	_, _, err = find(tx, u.User, invite.Room)
	if wire.CodeFrom(err) == wire.CodeNotFound {
		return noInvite()
	}
	return err
}

// noInvite is one text for every reason, so that nobody learns which codes
// there have been.
func noInvite() error {
	return wire.Errorf(wire.CodeNotFound, "This invite does not work. It may have expired or been used; ask for a new one.")
}

func (op Signup) apply(c *change) (any, error) {
	invite, err := op.check(c.tx, c.entry.Time)
	if err != nil {
		return nil, err
	}
	if err := op.use(c, invite); err != nil {
		return nil, err
	}
	u := store.User{
		User:     wire.User{ID: op.ID, Name: op.Name, Role: invite.Role},
		Password: op.Password, Created: c.entry.Time,
	}
	if err := c.addUser(u); err != nil {
		return nil, err
	}
	if invite.Room != "" && invite.Room != wire.Lobby {
		room, err := c.tx.Room(invite.Room)
		if err != nil {
			return nil, err
		}
		if !room.Archived { // since the invite was made
			if err := c.enter(invite.Room, u); err != nil {
				return nil, err
			}
		}
	}
	return u.User, c.signIn(op.ID, op.Session, op.Expires)
}

// use counts one use of the invite.
func (op Signup) use(c *change, invite store.Invite) error {
	if !invite.Limited {
		return nil
	}
	invite.Left--
	if invite.Left == 0 {
		return c.tx.DeleteInvite(op.Invite)
	}
	return c.tx.PutInvite(op.Invite, invite)
}
