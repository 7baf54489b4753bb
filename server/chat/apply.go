package chat

import (
	"errors"
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

// Apply decides about an entry and does it: it changes the state, appends the
// events and returns the result. It is deterministic. The error is a
// *wire.Problem when the entry is refused, and then nothing has been written;
// any other error leaves the transaction to be rolled back.
func Apply(tx *store.Tx, e Entry) (any, error) {
	c := &change{tx: tx, entry: e}
	if op, ok := e.Op.(commandOp); ok {
		if err := c.admit(commands[op.command()]); err != nil {
			return nil, err
		}
	}
	return e.Op.apply(c)
}

// change is one entry while it is applied.
type change struct {
	tx    *store.Tx
	entry Entry
	actor store.User // zero where nobody is signed in yet

	logged wire.Time // what logTime found; 0 before
}

// admit loads the actor and checks its role.
func (c *change) admit(cmd command) error {
	actor, err := active(c.tx, c.entry.Actor)
	if err != nil {
		return err
	}
	if !slices.Contains(cmd.roles, actor.Role) {
		return wire.Errorf(wire.CodeForbidden, "The role %s does not allow this.", actor.Role)
	}
	c.actor = actor
	return nil
}

// active is the user, if there is one who may still do something.
func active(tx *store.Tx, id string) (store.User, error) {
	u, err := tx.User(id)
	if errors.Is(err, store.ErrNotExist) || (err == nil && u.Deactivated) {
		return store.User{}, unauthenticated()
	}
	return u, err
}

func unauthenticated() error { return wire.Errorf(wire.CodeUnauthenticated, "Sign in first.") }

// logTime is the time under which the entry goes into the log: its own, but
// never before the newest event's, whatever the clock did in between.
func (c *change) logTime() (wire.Time, error) {
	if c.logged != 0 {
		return c.logged, nil
	}
	newest, err := newestTime(c.tx)
	if err != nil {
		return 0, err
	}
	c.logged = max(c.entry.Time, newest)
	return c.logged, nil
}

func newestTime(tx *store.Tx) (wire.Time, error) {
	if events := tx.Appended(); len(events) > 0 {
		return events[len(events)-1].Time, nil
	}
	end := tx.End()
	if end < tx.First() {
		return 0, nil
	}
	var newest wire.Time
	err := tx.Log(end-1, func(e store.Event) bool {
		newest = e.Time
		return true
	})
	return newest, err
}

// announce appends an event to the log.
func (c *change) announce(to store.Audience, e wire.Event) error {
	if e.User != nil {
		u := spelled(*e.User)
		e.User = &u
	}
	return c.append(store.Event{Audience: to, Data: wire.Encode(e)})
}

func (c *change) append(e store.Event) error {
	now, err := c.logTime()
	if err != nil {
		return err
	}
	e.Time = now
	_, err = c.tx.Append(e)
	return err
}
