package store

import (
	"encoding/binary"
	"errors"
	"slices"

	"parley/shared/wire"
)

// checkFiles verifies that each file has its bytes and a message that knows of it,
// or waits for one, and that nothing is there besides.
func (c *recordCheck) checkFiles() {
	files, uploads, total := map[string]File{}, 0, int64(0)
	c.each(filesBucket, func(key, value []byte) {
		var f File
		if !c.decode(filesBucket, key, value, &f) {
			return
		}
		c.Files++
		files[f.ID] = f
		total += f.Offset
		if f.ID != string(key) || !c.users[f.Owner] || f.Offset < 0 || f.Offset > f.Size {
			c.add("%v: another file's place, nobody's file, or of a wrong length", damagedRecord(filesBucket, key))
		}
		if f.Room == "" {
			uploads++
			return
		}
		m, err := c.tx.Message(f.Room, f.Seq)
		if errors.Is(err, ErrNotExist) || err == nil && !slices.Contains(m.Files, f.File) {
			c.add("file %s: message %s/%d does not have it", f.ID, f.Room, f.Seq)
		}
	})
	c.checkPieces(files)
	c.each(uploadsBucket, func(key, value []byte) {
		uploads--
		owner, id, ok := splitPair(key)
		if f := files[id]; !ok || len(value) != 8 || f.Owner != owner || f.Room != "" {
			c.add("%v: it leads to no file that waits", damagedRecord(uploadsBucket, key))
		}
	})
	if uploads != 0 {
		c.add("%d files wait for a message and are not known to", uploads)
	}
	if n, err := c.tx.FileBytes(); err != nil || n != total {
		c.add("the files have %d bytes together, not %d", total, n)
	}
}

// checkFilesOf verifies that a message has the files that it names.
func (c *recordCheck) checkFilesOf(m wire.Message) {
	for _, f := range m.Files {
		switch is, err := c.tx.File(f.ID); {
		case errors.Is(err, ErrNotExist):
			c.add("message %s/%d: its file %s is not there", m.Room, m.Seq, f.ID)
		case err == nil && (is.Room != m.Room || is.Seq != m.Seq):
			c.add("message %s/%d: its file %s is another's", m.Room, m.Seq, f.ID)
		}
	}
}

func (c *recordCheck) checkPieces(files map[string]File) {
	have := map[string]int64{}
	c.each(piecesBucket, func(key, value []byte) {
		id, n, ok := splitPair(key)
		if f, known := files[id]; !ok || !known || len(n) != 4 {
			c.add("%v: there is no such file", damagedRecord(piecesBucket, key))
		} else if at := int64(binary.BigEndian.Uint32([]byte(n))) * wire.ChunkSize; at != have[id] || int64(len(value)) != min(wire.ChunkSize, f.Offset-at) {
			c.add("file %s: the piece at %d has %d bytes", id, at, len(value))
		}
		have[id] += int64(len(value))
	})
	for _, id := range sortedKeys(files) {
		if have[id] != files[id].Offset {
			c.add("file %s: of %d bytes %d are there", id, files[id].Offset, have[id])
		}
	}
}
