package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// TellTask tells a user's devices how far their long work has come. The result
// is [wire.Empty].
type TellTask struct {
	User string
	Task wire.Task
}

// TellTask makes an entry that tells of a task.
func (v Env) TellTask(user string, t wire.Task) Call {
	return v.call(user, TellTask{User: user, Task: t}, "")
}

func (op TellTask) apply(c *change) (any, error) {
	return wire.Empty{}, c.announce(store.ToUser(op.User), wire.Event{Task: &op.Task})
}

// CheckImport tells whether the actor may import messages into a room, before
// anybody sends a gigabyte. Errors: forbidden, not_found, conflict.
func (q Queries) CheckImport(a Actor, room string) error {
	return q.as(a, func(tx *store.Tx, me wire.User) error {
		c := change{tx: tx, entry: Entry{Actor: me.ID}}
		_, err := c.mayImport(room)
		return err
	})
}

// Unknown are those of the names, clean, by which nobody here is called.
func (q Queries) Unknown(a Actor, list []string) ([]string, error) {
	var unknown []string
	err := q.as(a, func(tx *store.Tx, _ wire.User) error {
		for _, name := range list {
			if _, err := tx.UserByName(name); errors.Is(err, store.ErrNotExist) {
				unknown = append(unknown, name)
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return unknown, err
}
