package chat

import (
	"errors"
	"maps"
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

// FileLimits are how many bytes files may have.
type FileLimits struct {
	Each int64 // of one; 0: there are none
	All  int64 // of all together
}

// CreateFile begins a file that is to be sent. The result is the [wire.Upload], of
// the file that was begun by the same nonce before, if there is one.
type CreateFile struct {
	Nonce string
	File  wire.File // without an id
	All   int64     // bytes that all files may have
}

func prepareCreateFile(v Env, args []byte) (Op, string, error) {
	a, err := decode[wire.CreateFile](args)
	if err != nil {
		return nil, "", err
	}
	if err := wire.CheckNonce(a.Nonce); err != nil {
		return nil, "", err
	}
	f := wire.File{Type: wire.CleanFileType(a.Type), Size: a.Size, Width: a.Width, Height: a.Height}
	if f.Name, err = wire.CleanFileName(a.Name); err != nil {
		return nil, "", err
	}
	switch {
	case v.Files.Each == 0:
		return nil, "", wire.Errorf(wire.CodeForbidden, "Files cannot be sent to this server.")
	case f.Size < 0:
		return nil, "", wire.Errorf(wire.CodeBadRequest, "The size must not be below 0.")
	case f.Size > v.Files.Each:
		return nil, "", wire.Errorf(wire.CodeTooLarge, "The file is larger than %d MB.", v.Files.Each>>20)
	case !isPixels(f.Width) || !isPixels(f.Height):
		return nil, "", wire.Errorf(wire.CodeBadRequest, "The width and height must be 0 to %d.", wire.MaxPixels)
	}
	return CreateFile{Nonce: a.Nonce, File: f, All: v.Files.All}, "", nil
}

func isPixels(n int) bool { return n >= 0 && n <= wire.MaxPixels }

func (CreateFile) command() string { return wire.CmdCreateFile }

// fileID is the id of the file that a user begins with a nonce: asked again, it is
// the same one.
func fileID(user, nonce string) string { return store.HashOf("file\x00" + user + "\x00" + nonce).ID() }

func (op CreateFile) apply(c *change) (any, error) {
	op.File.ID = fileID(c.actor.ID, op.Nonce)
	f, err := c.tx.File(op.File.ID)
	switch {
	case err == nil && (f.Name != op.File.Name || f.Type != op.File.Type || f.Size != op.File.Size):
		return nil, wire.Errorf(wire.CodeConflict, "This nonce was used for another file.")
	case err == nil:
		return uploadOf(f), nil
	case !errors.Is(err, store.ErrNotExist):
		return nil, err
	}
	if err := c.roomForFile(op.File.Size, op.All); err != nil {
		return nil, err
	}
	if err := c.fewUploads(); err != nil {
		return nil, err
	}
	f = store.File{File: op.File, Owner: c.actor.ID, Created: c.entry.Time}
	return uploadOf(f), c.tx.NewFile(f)
}

func uploadOf(f store.File) wire.Upload { return wire.Upload{File: f.File, Offset: f.Offset} }

// roomForFile refuses what would be more than all files may have.
func (c *change) roomForFile(size, all int64) error {
	have, err := c.tx.FileBytes()
	if err == nil && have+size > all {
		err = wire.Errorf(wire.CodeTooLarge, "The server has no room for more files. Whoever looks after it can make some.")
	}
	return err
}

// fewUploads makes room for one more file that no message has: the oldest of the
// actor's goes, if there are too many.
func (c *change) fewUploads() error {
	list, err := c.tx.Uploads(c.actor.ID)
	if err != nil || len(list) < wire.MaxUploads {
		return err
	}
	oldest := slices.MinFunc(slices.Sorted(maps.Keys(list)), func(a, b string) int { return int(list[a] - list[b]) })
	return c.tx.DropFile(oldest)
}
