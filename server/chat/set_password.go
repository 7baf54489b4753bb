package chat

import (
	"cmp"
	"context"

	"parley/server/store"
	"parley/shared/wire"
)

// SetPassword gives a user another password and ends the user's logins, but for
// the one that asked. The result is [Revoked] with the [wire.User].
type SetPassword struct {
	User     string
	Password string // argon2id in PHC form
	Was      string // the one that was checked; "" when it is somebody else's, or there was none
	Own      bool
	Keep     store.Hash // the actor's own session
}

// SetPassword prepares the command of that name: the one whose arguments take
// a look at the store, and time. One's own password takes the current one, if
// there is one (guests begin without); that of others is for those who look
// after them (see manages). Errors: bad_request, forbidden, not_found,
// unavailable; conflict from Apply when the password has changed meanwhile.
func (v Env) SetPassword(ctx context.Context, q Queries, a Actor, args []byte) (Call, error) {
	p, err := decode[wire.SetPassword](args)
	if err != nil {
		return Call{}, err
	}
	if err := checkPassword(p.Password); err != nil {
		return Call{}, err
	}
	op := SetPassword{User: p.User, Own: p.User == a.User.ID, Keep: a.Credential}
	err = q.as(a, func(tx *store.Tx, me wire.User) error {
		u, err := findUser(tx, p.User)
		op.Was = u.Password
		if err != nil {
			return err
		}
		return op.check(me, u)
	})
	if err != nil {
		return Call{}, err
	}
	if err := v.checkCurrent(ctx, op, p.Current); err != nil {
		return Call{}, err
	}
	if op.Password, err = v.passwords().hash(ctx, v.Rand, p.Password); err != nil {
		return Call{}, err
	}
	return v.call(a.User.ID, op, ""), nil
}

func (v Env) checkCurrent(ctx context.Context, op SetPassword, current string) error {
	if !op.Own || op.Was == "" {
		return nil
	}
	ok, err := v.passwords().verify(ctx, op.Was, current)
	if err == nil && !ok {
		return wire.Errorf(wire.CodeForbidden, "The current password is wrong.")
	}
	return err
}

func (op SetPassword) check(me wire.User, u store.User) error {
	switch {
	case u.Role == wire.RoleBot:
		return wire.Errorf(wire.CodeForbidden, "A bot has tokens, and no password.")
	case !op.Own && !manages(me, u.User):
		return notYours()
	}
	return nil
}

// prepareSetPassword refuses what [Env.SetPassword] refuses without a look at
// the store, and is not enough for the rest.
func prepareSetPassword(_ Env, args []byte) (Op, string, error) {
	if p, err := decode[wire.SetPassword](args); err != nil || checkPassword(p.Password) != nil {
		return nil, "", cmp.Or(err, checkPassword(p.Password))
	}
	return nil, "", wire.Errorf(wire.CodeInternal, "A password is set by Env.SetPassword.")
}

func (SetPassword) command() string { return wire.CmdSetPassword }

func (op SetPassword) apply(c *change) (any, error) {
	u, err := findUser(c.tx, op.User)
	if err != nil {
		return nil, err
	}
	if err := op.check(c.actor.User, u); err != nil {
		return nil, err
	}
	if op.Own && u.Password != op.Was {
		return nil, wire.Errorf(wire.CodeConflict, "The password has just been changed elsewhere.")
	}
	keep := store.Hash{}
	if op.Own {
		keep = op.Keep
	} else {
		e := wire.AuditEntry{Action: wire.AuditSetPassword, User: u.ID}
		if err := c.audit(e, "gave %s a new password", u.Name); err != nil {
			return nil, err
		}
	}
	ended, err := c.endLogins(u.ID, keep)
	if err != nil {
		return nil, err
	}
	u.Password = op.Password
	return Revoked{Credentials: ended, Result: u.User}, c.tx.PutUser(u)
}
