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

func textEmpty() error { return wire.Errorf(wire.CodeBadRequest, "The text is empty.") }

// cleanCaption is the text of a message that may do without, as it has files.
func cleanCaption(text string, optional bool) (string, error) {
	if optional && wire.Blank(text) {
		return "", nil
	}
	return wire.CleanText(text)
}

// checkFiles refuses files that no message can have.
func checkFiles(ids []string) error {
	if len(ids) > wire.MaxFiles {
		return wire.Errorf(wire.CodeTooLarge, "A message has at most %d files.", wire.MaxFiles)
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return wire.Errorf(wire.CodeBadRequest, "The file %.40q is there twice.", id)
		}
	}
	return nil
}

// ownFiles are files of the actor's that are whole and that no message has.
func (c *change) ownFiles(ids []string) ([]wire.File, error) {
	var list []wire.File
	for _, id := range ids {
		f, err := c.tx.File(id)
		switch {
		case errors.Is(err, store.ErrNotExist) || err == nil && (f.Owner != c.actor.ID || f.Room != ""):
			return nil, wire.Errorf(wire.CodeBadRequest, "There is no file %.40q to attach.", id)
		case err != nil:
			return nil, err
		case f.Offset != f.Size:
			return nil, wire.Errorf(wire.CodeBadRequest, "The file %.40q is not whole.", id)
		}
		list = append(list, f.File)
	}
	return list, nil
}
