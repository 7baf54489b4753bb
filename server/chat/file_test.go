package chat

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// upload sends a whole file.
func (w *world) upload(a Actor, nonce, name string, data []byte) wire.File {
	w.t.Helper()
	up := must[wire.Upload](w, a, wire.CmdCreateFile, wire.CreateFile{Nonce: nonce, Name: name, Type: "image/png", Size: int64(len(data)), Width: 4, Height: 3})
	for up.Offset < int64(len(data)) {
		up = w.piece(a, up, data)
	}
	return up.File
}

// piece sends the one that follows.
func (w *world) piece(a Actor, up wire.Upload, data []byte) wire.Upload {
	w.t.Helper()
	end := min(up.Offset+wire.ChunkSize, int64(len(data)))
	got, err := w.apply(w.env.AppendFile(a, up.File.ID, up.Offset, data[up.Offset:end]))
	if err != nil {
		w.t.Fatal(err)
	}
	return got.(wire.Upload)
}

func bytesOf(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i * 7 >> 3)
	}
	return data
}

func (w *world) wantBytes(id string, want []byte) {
	w.t.Helper()
	var got []byte
	for n := uint32(0); len(got) < len(want); n++ {
		data, err := w.q.Piece(id, n)
		if err != nil {
			w.t.Fatal(err)
		}
		got = append(got, data...)
	}
	if !bytes.Equal(got, want) {
		w.t.Errorf("%d bytes, or others than the %d that were sent", len(got), len(want))
	}
}

// TestFile: a file is begun, broken off, gone on with, and belongs to one message.
func TestFile(t *testing.T) {
	c := newCast(t)
	data := bytesOf(3*wire.ChunkSize + 100)
	create := wire.CreateFile{Nonce: "f", Name: "dir/图.png", Type: "Image/PNG", Size: int64(len(data)), Width: 40, Height: 30}
	up := must[wire.Upload](c.world, c.member, wire.CmdCreateFile, create)
	want := wire.File{ID: up.File.ID, Name: "图.png", Type: "image/png", Size: int64(len(data)), Width: 40, Height: 30}
	if up.File != want || up.Offset != 0 {
		t.Errorf("%+v", up)
	}
	first := up
	up = c.piece(c.member, up, data)
	if again := must[wire.Upload](c.world, c.member, wire.CmdCreateFile, create); again != up || again.Offset != wire.ChunkSize {
		t.Errorf("begun again: %+v", again)
	}
	if again := c.piece(c.member, first, data); again != up {
		t.Errorf("the same piece again: %+v", again)
	}
	create.Size++
	c.refuse(wire.CodeConflict, c.member, wire.CmdCreateFile, create)
	if other := must[wire.Upload](c.world, c.other, wire.CmdCreateFile, create); other.File.ID == up.File.ID {
		t.Error("two people's files have one id")
	}
	send := wire.Send{Room: wire.Lobby, Nonce: "m", Files: []string{up.File.ID}}
	c.refuse(wire.CodeBadRequest, c.member, wire.CmdSend, send) // not whole
	for up.Offset < want.Size {
		up = c.piece(c.member, up, data)
	}
	c.refuse(wire.CodeBadRequest, c.other, wire.CmdSend, send)
	if _, err := c.q.File(c.other, want.ID); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("another sees a file that no message has: %v", err)
	}
	m := must[wire.Message](c.world, c.member, wire.CmdSend, send)
	if len(m.Files) != 1 || m.Files[0] != want || m.Text != "" {
		t.Errorf("%+v", m)
	}
	if again := must[wire.Message](c.world, c.member, wire.CmdSend, send); again.Seq != m.Seq {
		t.Errorf("sent twice: %+v", again)
	}
	send.Nonce = "m2"
	c.refuse(wire.CodeBadRequest, c.member, wire.CmdSend, send) // it has a message
	if f, err := c.q.File(c.other, want.ID); err != nil || f != want {
		t.Errorf("%+v, %v", f, err)
	}
	c.wantBytes(want.ID, data)
}

// TestFileOfPrivateRoom: who does not see the message does not see the file.
func TestFileOfPrivateRoom(t *testing.T) {
	c := newCast(t)
	room := must[wire.Room](c.world, c.member, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPrivate, Name: "Den", Members: []string{c.other.User.ID}})
	f := c.upload(c.member, "f", "a.png", bytesOf(10))
	must[wire.Message](c.world, c.member, wire.CmdSend, wire.Send{Room: room.ID, Nonce: "m", Files: []string{f.ID}})
	for who, want := range map[*Actor]wire.Code{&c.member: "", &c.other: "", &c.owner: wire.CodeNotFound, &c.guest: wire.CodeNotFound} {
		if _, err := c.q.File(*who, f.ID); wire.CodeFrom(err) != want {
			t.Errorf("%s: %v", who.User.Name, err)
		}
	}
	must[wire.Room](c.world, c.other, wire.CmdLeave, wire.RoomRef{Room: room.ID})
	if _, err := c.q.File(c.other, f.ID); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("after leaving: %v", err)
	}
}

// TestFileGoesWithItsMessage: deleted, its bytes are gone; edited, they stay, and
// the words may go.
func TestFileGoesWithItsMessage(t *testing.T) {
	c := newCast(t)
	a, b := c.upload(c.member, "a", "a.png", bytesOf(300_000)), c.upload(c.member, "b", "b.png", nil)
	m := must[wire.Message](c.world, c.member, wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "look", Nonce: "m", Files: []string{a.ID, b.ID}})
	m = must[wire.Message](c.world, c.member, wire.CmdEdit, wire.Edit{Room: m.Room, Seq: m.Seq})
	if m.Text != "" || len(m.Files) != 2 || m.Edited == 0 {
		t.Errorf("%+v", m)
	}
	words := must[wire.Message](c.world, c.member, wire.CmdSend, wire.Send{Room: wire.Lobby, Text: "words", Nonce: "m2"})
	c.refuse(wire.CodeBadRequest, c.member, wire.CmdEdit, wire.Edit{Room: words.Room, Seq: words.Seq})
	must[wire.Message](c.world, c.admin, wire.CmdDelete, wire.Delete{Room: m.Room, Seq: m.Seq})
	if _, err := c.q.File(c.member, a.ID); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("still there: %v", err)
	}
	if _, err := c.q.Piece(a.ID, 0); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("its bytes are still there: %v", err)
	}
	c.wantFileBytes(0)
}

func (w *world) wantFileBytes(want int64) {
	w.t.Helper()
	err := w.db.View(func(tx *store.Tx) error {
		n, err := tx.FileBytes()
		if err == nil && n != want {
			err = fmt.Errorf("the files have %d bytes, want %d", n, want)
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// TestFileLimits: too large, too many, too much, and what is no piece.
func TestFileLimits(t *testing.T) {
	c := newCast(t)
	for _, bad := range []wire.CreateFile{{Nonce: "f"}, {Nonce: "f", Name: "a", Size: -1}, {Name: "a"}, {Nonce: "f", Name: "a", Width: -1}, {Nonce: "f", Name: "a", Height: wire.MaxPixels + 1}} {
		c.refuse(wire.CodeBadRequest, c.member, wire.CmdCreateFile, bad)
	}
	c.refuse(wire.CodeTooLarge, c.member, wire.CmdCreateFile, wire.CreateFile{Nonce: "f", Name: "a", Size: 1<<20 + 1})
	data := bytesOf(1 << 20)
	up := must[wire.Upload](c.world, c.member, wire.CmdCreateFile, wire.CreateFile{Nonce: "f", Name: "a", Size: 1 << 20})
	for _, bad := range []struct {
		offset int64
		data   []byte
		code   wire.Code
	}{
		{0, nil, wire.CodeBadRequest}, {0, data[:1], wire.CodeBadRequest}, {0, data[:wire.ChunkSize+1], wire.CodeBadRequest}, {wire.ChunkSize, data[:wire.ChunkSize], wire.CodeConflict},
	} {
		if _, err := c.apply(c.env.AppendFile(c.member, up.File.ID, bad.offset, bad.data)); wire.CodeFrom(err) != bad.code {
			t.Errorf("%d bytes at %d: %v", len(bad.data), bad.offset, err)
		}
	}
	if _, err := c.apply(c.env.AppendFile(c.other, up.File.ID, 0, data[:wire.ChunkSize])); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("another adds to it: %v", err)
	}
	late := must[wire.Upload](c.world, c.other, wire.CmdCreateFile, wire.CreateFile{Nonce: "late", Name: "a", Size: 1 << 20})
	for i := range 3 {
		c.upload(c.member, fmt.Sprint("g", i), "a", data)
	}
	c.refuse(wire.CodeTooLarge, c.member, wire.CmdCreateFile, wire.CreateFile{Nonce: "more", Name: "a", Size: 1})
	if _, err := c.apply(c.env.AppendFile(c.other, late.File.ID, 0, data[:wire.ChunkSize])); wire.CodeFrom(err) != wire.CodeTooLarge {
		t.Errorf("more than all may have: %v", err)
	}
	many := wire.Send{Room: wire.Lobby, Nonce: "m", Text: "x"}
	for i := range wire.MaxFiles + 1 {
		many.Files = append(many.Files, fmt.Sprint(i))
	}
	c.refuse(wire.CodeTooLarge, c.member, wire.CmdSend, many)
	f := c.upload(c.member, "one", "a", nil)
	c.refuse(wire.CodeBadRequest, c.member, wire.CmdSend, wire.Send{Room: wire.Lobby, Nonce: "m", Files: []string{f.ID, f.ID}})
	c.env.Files = FileLimits{}
	c.refuse(wire.CodeForbidden, c.member, wire.CmdCreateFile, wire.CreateFile{Nonce: "n", Name: "a"})
}

// TestForgottenFiles: what no message has goes after a day, and the oldest at once
// when somebody begins too many.
func TestForgottenFiles(t *testing.T) {
	c := newCast(t)
	old := c.upload(c.member, "old", "a", bytesOf(1000))
	c.now = c.now.Add(time.Second)
	var last wire.File
	for i := range wire.MaxUploads {
		last = c.upload(c.member, fmt.Sprint("f", i), "a", bytesOf(1))
		c.now = c.now.Add(time.Second)
	}
	if _, err := c.q.File(c.member, old.ID); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("more than %d are kept: %v", wire.MaxUploads, err)
	}
	sent := c.upload(c.other, "sent", "a", bytesOf(10))
	must[wire.Message](c.world, c.other, wire.CmdSend, wire.Send{Room: wire.Lobby, Nonce: "m", Files: []string{sent.ID}})
	sweep := func() {
		t.Helper()
		for range 100 {
			if _, err := c.apply(Call{Entry: Entry{Time: wire.TimeOf(c.now), Op: Trim{Limit: 50}}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.now = c.now.Add(wire.UploadLife - time.Minute)
	sweep()
	if _, err := c.q.File(c.member, last.ID); err != nil {
		t.Errorf("gone too early: %v", err)
	}
	c.now = c.now.Add(2 * time.Minute)
	sweep()
	if _, err := c.q.File(c.member, last.ID); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("still there after a day: %v", err)
	}
	c.wantFileBytes(10)
	again := must[wire.Upload](c.world, c.member, wire.CmdCreateFile, wire.CreateFile{Nonce: "old", Name: "a", Type: "image/png", Size: 1000})
	if again.File.ID != old.ID || again.Offset != 0 {
		t.Errorf("begun anew: %+v", again)
	}
}

// TestDeletedFileLeavesTheLog: who reads the log gets no file of a message after
// that was deleted.
func TestDeletedFileLeavesTheLog(t *testing.T) {
	c := newCast(t)
	f := c.upload(c.member, "f", "secret name.png", bytesOf(10))
	m := must[wire.Message](c.world, c.member, wire.CmdSend, wire.Send{Room: wire.Lobby, Nonce: "m", Files: []string{f.ID}})
	must[wire.Message](c.world, c.member, wire.CmdDelete, wire.Delete{Room: m.Room, Seq: m.Seq})
	err := c.db.View(func(tx *store.Tx) error {
		return tx.Log(0, func(e store.Event) bool {
			if bytes.Contains(e.Data, []byte("secret name")) {
				t.Errorf("the log still has %s", e.Data)
			}
			return true
		})
	})
	if err != nil {
		t.Error(err)
	}
}

// TestFilesSentBeforeLeaving: an answer that was lost on the way names the files
// also to somebody who has left since, and whatever the message says now.
func TestFilesSentBeforeLeaving(t *testing.T) {
	c := newCast(t)
	den := must[wire.Room](c.world, c.member, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindPrivate, Name: "Den", Members: []string{c.other.User.ID}})
	f := c.upload(c.other, "f", "a.png", bytesOf(10))
	send := wire.Send{Room: den.ID, Nonce: "m", Files: []string{f.ID}}
	m := must[wire.Message](c.world, c.other, wire.CmdSend, send)
	must[wire.Message](c.world, c.member, wire.CmdReact, wire.React{Room: den.ID, Seq: m.Seq, Emoji: "👍", On: true})
	must[wire.Room](c.world, c.other, wire.CmdLeave, wire.RoomRef{Room: den.ID})
	again := must[wire.Message](c.world, c.other, wire.CmdSend, send)
	if again.Seq != m.Seq || len(again.Files) != 1 || again.Files[0] != f || len(again.Reactions) != 0 {
		t.Errorf("%+v", again)
	}
}
