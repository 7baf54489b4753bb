package journal

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"testing"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// What files may have here: little, so that both limits are met.
var fileLimits = chat.FileLimits{Each: wire.ChunkSize + 100, All: wire.ChunkSize + 200}

type modelFile struct {
	wire.File
	owner   string
	created wire.Time
	data    []byte
	room    string // of the message that has it
	seq     uint64
}

func (f *modelFile) upload() wire.Upload {
	return wire.Upload{File: f.File, Offset: int64(len(f.data))}
}

func (m *model) fileBytes() (n int64) {
	for _, f := range m.files {
		n += int64(len(f.data))
	}
	return n
}

func (m *model) createFile(by string, a wire.CreateFile, got wire.Upload) (any, wire.Code) {
	switch {
	case a.Name == "":
		return nil, wire.CodeBadRequest
	case a.Size > fileLimits.Each:
		return nil, wire.CodeTooLarge
	}
	if code := m.may(by, allRoles); code != "" {
		return nil, code
	}
	for _, f := range m.files {
		if f.owner == by && m.fileNonces[f.ID] == a.Nonce {
			if f.Name != a.Name || f.Size != a.Size {
				return nil, wire.CodeConflict
			}
			return f.upload(), ""
		}
	}
	if m.fileBytes()+a.Size > fileLimits.All {
		return nil, wire.CodeTooLarge
	}
	f := &modelFile{File: wire.File{ID: got.File.ID, Name: a.Name, Type: wire.OctetStream, Size: a.Size}, owner: by, created: m.now}
	m.files[f.ID], m.fileNonces[f.ID] = f, a.Nonce
	return f.upload(), ""
}

func (m *model) appendFile(by, id string, offset int64, data []byte) (any, wire.Code) {
	if u := m.users[by]; u == nil || u.Deactivated {
		return nil, wire.CodeUnauthenticated
	}
	f := m.files[id]
	if f == nil || f.owner != by {
		return nil, wire.CodeNotFound
	}
	switch at, n := int64(len(f.data)), int64(len(data)); {
	case offset < at:
	case offset > at:
		return nil, wire.CodeConflict
	case n == 0, at+n > f.Size, n != wire.ChunkSize && at+n != f.Size:
		return nil, wire.CodeBadRequest
	case m.fileBytes()+n > fileLimits.All:
		return nil, wire.CodeTooLarge
	default:
		f.data = append(f.data, data...)
	}
	return f.upload(), ""
}

// attach gives files to a message; false if they are not all free, whole and by's.
func (m *model) attach(by string, ids []string, room string, seq uint64) ([]wire.File, bool) {
	var list []wire.File
	for _, id := range ids {
		f := m.files[id]
		if f == nil || f.owner != by || f.room != "" || int64(len(f.data)) != f.Size {
			return nil, false
		}
		list = append(list, f.File)
	}
	for _, f := range list {
		m.files[f.ID].room, m.files[f.ID].seq = room, seq
	}
	return list, true
}

// forgetSwept looks for files that a sweep may have dropped: which of them it has
// come to is its own affair.
func (x *explorer) forgetSwept() {
	err := x.db.View(func(tx *store.Tx) error {
		for id, f := range x.m.files {
			if f.room != "" || f.created.Add(wire.UploadLife) > x.swept {
				continue
			}
			if _, err := tx.File(id); errors.Is(err, store.ErrNotExist) {
				delete(x.m.files, id)
			}
		}
		return nil
	})
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *explorer) fileIDs() []string { return slices.Sorted(maps.Keys(x.m.files)) }

// file begins one, goes on with one, or looks at one.
func (x *explorer) file() {
	x.forgetSwept()
	by := x.user()
	actor := chat.Actor{User: wire.User{ID: by}}
	if x.rnd.IntN(2) == 0 {
		a := wire.CreateFile{Nonce: pick(x.rnd, "n1", "n2", "n3", x.newNonce()), Name: pick(x.rnd, "a.txt", "图.txt", "a.txt", ""), Size: pick(x.rnd, 0, 70, 70, wire.ChunkSize, wire.ChunkSize, wire.ChunkSize+70, fileLimits.Each+1)}
		x.command(by, wire.CmdCreateFile, a)
		return
	}
	id := pick(x.rnd, append(x.fileIDs(), "none")...)
	if f := x.m.files[id]; f != nil && x.rnd.IntN(8) > 0 {
		actor.User.ID = f.owner
	}
	if x.rnd.IntN(6) == 0 {
		x.lookAtFile(actor, id)
		return
	}
	offset, size := int64(x.rnd.IntN(2)*wire.ChunkSize), pick(x.rnd, 0, 70, wire.ChunkSize)
	if f := x.m.files[id]; f != nil && x.rnd.IntN(4) > 0 {
		offset = int64(len(f.data))
		size = int(min(wire.ChunkSize, f.Size-offset))
	}
	data := bytes.Repeat([]byte{byte(x.rnd.IntN(256))}, size)
	got, err := x.submit(x.env.AppendFile(actor, id, offset, data))
	want, code := x.m.appendFile(actor.User.ID, id, offset, data)
	x.same("append-file", got, err, want, code)
}

// lookAtFile asks for one, which only those get who may see its message.
func (x *explorer) lookAtFile(a chat.Actor, id string) {
	got, err := x.q.File(a, id)
	var want wire.File
	code := wire.CodeNotFound
	f := x.m.files[id]
	if u := x.m.users[a.User.ID]; u == nil || u.Deactivated {
		code = wire.CodeUnauthenticated
	} else if f != nil && int64(len(f.data)) == f.Size {
		if f.room == "" && f.owner == a.User.ID {
			want, code = f.File, ""
		} else if f.room != "" {
			_, _, code = x.m.look(a.User.ID, f.room)
			want = f.File
		}
	}
	x.same("file", got, err, want, code)
}

// compareFiles reads every file.
func (m *model) compareFiles(t *testing.T, q chat.Queries) {
	for id, f := range m.files {
		var data []byte
		for n := uint32(0); int64(len(data)) < int64(len(f.data)); n++ {
			piece, err := q.Piece(id, n)
			if err != nil {
				t.Fatalf("file %s: %v", id, err)
			}
			data = append(data, piece...)
		}
		if !bytes.Equal(data, f.data) {
			t.Errorf("file %s: %d bytes, or others than the %d that were sent", id, len(data), len(f.data))
		}
	}
}
