package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// AppendFile adds the piece that follows to a file of the actor's. The result is
// the [wire.Upload]. What is there already is passed over.
type AppendFile struct {
	ID     string
	Offset int64
	Data   []byte
	All    int64 // bytes that all files may have
}

// AppendFile makes an entry of a piece of a file.
func (v Env) AppendFile(a Actor, id string, offset int64, data []byte) Call {
	return v.call(a.User.ID, AppendFile{ID: id, Offset: offset, Data: data, All: v.Files.All}, "")
}

func (op AppendFile) size() int { return len(op.Data) }

func (op AppendFile) apply(c *change) (any, error) {
	actor, err := active(c.tx, c.entry.Actor)
	if err != nil {
		return nil, err
	}
	f, err := c.tx.File(op.ID)
	switch n := int64(len(op.Data)); {
	case errors.Is(err, store.ErrNotExist) || err == nil && f.Owner != actor.ID:
		return nil, noFile()
	case err != nil:
		return nil, err
	case op.Offset < f.Offset:
		return uploadOf(f), nil
	case op.Offset > f.Offset:
		return nil, wire.Errorf(wire.CodeConflict, "The file has %d bytes so far, so nothing can follow at %d.", f.Offset, op.Offset)
	case n == 0 || f.Offset+n > f.Size || n != wire.ChunkSize && f.Offset+n != f.Size:
		return nil, wire.Errorf(wire.CodeBadRequest, "A piece of a file has %d bytes, and the last one what is left.", wire.ChunkSize)
	}
	if err := c.roomForFile(int64(len(op.Data)), op.All); err != nil {
		return nil, err
	}
	f, err = c.tx.AppendFile(op.ID, op.Data)
	return uploadOf(f), err
}

func noFile() error { return wire.Errorf(wire.CodeNotFound, "There is no such file.") }
