package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"parley/shared/wire"
)

// The bytes of a file lie in pieces of [wire.ChunkSize], the last one shorter: one
// record each, so that none is larger than what one commit should write.

func pieceKey(id string, n uint32) []byte {
	return binary.BigEndian.AppendUint32(pair(id, ""), n)
}

// File is the file with that id, or ErrNotExist.
func (tx *Tx) File(id string) (File, error) {
	var f File
	err := tx.getJSON(filesBucket, []byte(id), &f)
	return f, err
}

// NewFile stores a file without its bytes.
func (tx *Tx) NewFile(f File) error {
	if err := checkID(f.ID); err != nil {
		return err
	}
	created := binary.BigEndian.AppendUint64(nil, uint64(f.Created))
	if err := tx.put(uploadsBucket, pair(f.Owner, f.ID), created); err != nil {
		return err
	}
	return tx.putJSON(filesBucket, []byte(f.ID), f)
}

// AppendFile stores the next piece of a file: of wire.ChunkSize, but for the last.
func (tx *Tx) AppendFile(id string, data []byte) (File, error) {
	f, err := tx.File(id)
	if err != nil {
		return File{}, err
	}
	n := int64(len(data))
	if n == 0 || f.Offset+n > f.Size || n != wire.ChunkSize && f.Offset+n != f.Size {
		return File{}, fmt.Errorf("%d bytes are no piece of file %s of %d at %d", n, id, f.Size, f.Offset)
	}
	if err := tx.put(piecesBucket, pieceKey(id, uint32(f.Offset/wire.ChunkSize)), data); err != nil {
		return File{}, err
	}
	f.Offset += n
	if err := tx.addFileBytes(n); err != nil {
		return File{}, err
	}
	return f, tx.putJSON(filesBucket, []byte(id), f)
}

// AttachFile gives a file to a message.
func (tx *Tx) AttachFile(id, room string, seq uint64) error {
	f, err := tx.File(id)
	if err != nil {
		return err
	}
	f.Room, f.Seq = room, seq
	if err := tx.del(uploadsBucket, pair(f.Owner, id)); err != nil {
		return err
	}
	return tx.putJSON(filesBucket, []byte(id), f)
}

// DropFile deletes a file, if it is there.
func (tx *Tx) DropFile(id string) error {
	f, err := tx.File(id)
	if errors.Is(err, ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for at := int64(0); at < f.Offset; at += wire.ChunkSize {
		if err := tx.del(piecesBucket, pieceKey(id, uint32(at/wire.ChunkSize))); err != nil {
			return err
		}
	}
	if err := tx.addFileBytes(-f.Offset); err != nil {
		return err
	}
	if err := tx.del(uploadsBucket, pair(f.Owner, id)); err != nil {
		return err
	}
	return tx.del(filesBucket, []byte(id))
}

// Piece is a copy of the piece of a file that begins at n times wire.ChunkSize, or
// ErrNotExist.
func (tx *Tx) Piece(id string, n uint32) ([]byte, error) {
	data, err := tx.get(piecesBucket, pieceKey(id, n))
	return append([]byte(nil), data...), err
}

// Uploads are the files of a user that no message has: ids, and when they were
// begun, by id.
func (tx *Tx) Uploads(user string) (map[string]wire.Time, error) {
	list := map[string]wire.Time{}
	err := tx.scan(uploadsBucket, pair(user, ""), func(key, value []byte) error {
		if len(value) != 8 {
			return damagedRecord(uploadsBucket, pair(user, string(key)))
		}
		list[string(key)] = wire.Time(binary.BigEndian.Uint64(value))
		return nil
	})
	return list, err
}

// FileBytes is how many bytes all files have together.
func (tx *Tx) FileBytes() (int64, error) {
	value, err := tx.get(metaBucket, keyFileBytes)
	if errors.Is(err, ErrNotExist) {
		return 0, nil
	}
	if err == nil && len(value) != 8 {
		err = damagedRecord(metaBucket, keyFileBytes)
	}
	if err != nil {
		return 0, err
	}
	return int64(binary.BigEndian.Uint64(value)), nil
}

func (tx *Tx) addFileBytes(n int64) error {
	was, err := tx.FileBytes()
	if err != nil || n == 0 {
		return err
	}
	return tx.put(metaBucket, keyFileBytes, binary.BigEndian.AppendUint64(nil, uint64(was+n)))
}

// sweepUpload drops a file that no message has had in time.
func sweepUpload(tx *Tx, now wire.Time, key, value []byte) error {
	_, id, ok := splitPair(key)
	if !ok || len(value) != 8 {
		return damagedRecord(uploadsBucket, key)
	}
	if wire.Time(binary.BigEndian.Uint64(value)).Add(wire.UploadLife) > now {
		return nil
	}
	return tx.DropFile(id)
}

// migrateTo3 makes room for files.
func migrateTo3(tx *Tx) error { return tx.createBuckets(bucketNames[filesBucket:]) }
