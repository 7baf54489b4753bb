package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// File is a file for those who may see the message that has it, and, while none
// does, for who sent it. The error is not_found.
func (q Queries) File(a Actor, id string) (wire.File, error) {
	var file wire.File
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		f, err := tx.File(id)
		switch {
		case errors.Is(err, store.ErrNotExist):
			return noFile()
		case err != nil:
			return err
		case f.Offset != f.Size || f.Room == "" && f.Owner != me.ID:
			return noFile()
		}
		file = f.File
		if f.Room == "" {
			return nil
		}
		if _, _, err = find(tx, me, f.Room); wire.CodeFrom(err) == wire.CodeNotFound {
			return noFile()
		}
		return err
	})
	return file, err
}

// Piece is the n-th piece of a file that [Queries.File] gave, or not_found when it
// was deleted since.
func (q Queries) Piece(id string, n uint32) (data []byte, err error) {
	err = q.DB.View(func(tx *store.Tx) error {
		data, err = tx.Piece(id, n)
		if errors.Is(err, store.ErrNotExist) {
			return noFile()
		}
		return err
	})
	return data, err
}
