package chat

import (
	"context"
	"errors"

	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// Setup makes the owner and the lobby. The result is the owner, a [wire.User].
type Setup struct {
	ID        string
	Name      string
	Password  string // argon2id in PHC form
	Community string
	Session   store.Hash
	Expires   wire.Time
}

// Setup prepares the first start; the Secret is the owner's session token.
// Whether the asker may (the code, the address) is the caller's to know, and
// also to ask [Queries.About] first: a password is hashed here. Errors:
// bad_request, unavailable; conflict from Apply when there is an owner.
func (v Env) Setup(ctx context.Context, s wire.Setup) (Call, error) {
	op := Setup{Community: s.Community}
	var err error
	if op.Name, err = names.Clean("name", s.Name); err != nil {
		return Call{}, err
	}
	if s.Community != "" {
		if op.Community, err = names.Clean("community's name", s.Community); err != nil {
			return Call{}, err
		}
	}
	if err = checkPassword(s.Password); err != nil {
		return Call{}, err
	}
	if op.Password, err = v.passwords().hash(ctx, v.Rand, s.Password); err != nil {
		return Call{}, err
	}
	if op.ID, err = v.id(); err != nil {
		return Call{}, err
	}
	secret, hash, err := v.secret("")
	op.Session, op.Expires = hash, v.now().Add(SessionLife)
	return v.call("", op, secret), err
}

func (op Setup) apply(c *change) (any, error) {
	_, err := c.tx.Room(wire.Lobby)
	if err == nil {
		return nil, wire.Errorf(wire.CodeConflict, "This community has been created already. Sign in.")
	}
	if !errors.Is(err, store.ErrNotExist) {
		return nil, err
	}
	owner := store.User{
		User:     wire.User{ID: op.ID, Name: op.Name, Role: wire.RoleOwner},
		Password: op.Password, Created: c.entry.Time,
	}
	if op.Community != "" { // else the operator may have named it
		if err := c.tx.SetCommunity(op.Community); err != nil {
			return nil, err
		}
	}
	err = c.tx.PutRoom(store.Room{
		Room:    wire.Room{ID: wire.Lobby, Kind: wire.KindPublic, Name: wire.Lobby, Creator: op.ID},
		Created: c.entry.Time,
	})
	if err != nil {
		return nil, err
	}
	if err := c.addUser(owner); err != nil {
		return nil, err
	}
	return owner.User, c.signIn(op.ID, op.Session, op.Expires)
}
