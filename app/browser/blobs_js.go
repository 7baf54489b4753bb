package browser

import (
	"context"
	"fmt"
	"strings"
	"syscall/js"

	"parley/app/client"
)

// Blobs keeps files in IndexedDB, among the records of a [Database]: as the
// browser's Blobs, whose bytes stay on the disk. Values of both kinds are passed
// over by those who look for the other. A large file is kept in parts, each in a
// transaction of its own, as nothing else is read or written meanwhile. One that was
// not kept to its end is shorter than it was.
type Blobs struct{ db *Database }

const (
	partSize = 4 << 20 // bytes of a part: less than half a second of a slow disk
	partMark = "#"     // between a file's key and the number of a part that is not the first
)

// NewBlobs keeps files where db, which NewDatabase gave, keeps records.
func NewBlobs(db client.Database) client.Blobs { return Blobs{db.(*Database)} }

// Put keeps a file. The browser copies its bytes.
func (s Blobs) Put(ctx context.Context, key string, b client.Blob) error {
	ours, ok := b.(*Blob)
	if !ok {
		return errNotOurs
	}
	at := key
	for from := int64(0); from == 0 || from < b.Size(); from += partSize {
		part := ours.Value()
		if b.Size() > partSize {
			part = part.Call("slice", from, min(from+partSize, b.Size()), part.Get("type"))
		}
		if from > 0 {
			at = fmt.Sprintf("%s%s%04d", key, partMark, from/partSize)
		}
		err := s.db.transact(ctx, "readwrite", func(store js.Value, _ func(js.Value, func())) { store.Call("put", part, at) })
		if err != nil {
			return err
		}
	}
	return nil
}

// Get gives what was kept, nil if there is nothing.
func (s Blobs) Get(ctx context.Context, key string) (client.Blob, error) {
	var first, rest js.Value
	err := s.db.transact(ctx, "readonly", func(store js.Value, _ func(js.Value, func())) {
		first, rest = store.Call("get", key), store.Call("getAll", under(key+partMark))
	})
	if err != nil {
		return nil, err
	}
	made := js.Global().Get("Blob")
	whole, parts := first.Get("result"), rest.Get("result")
	if whole.Type() != js.TypeObject || !whole.InstanceOf(made) {
		return nil, nil
	}
	if parts.Length() > 0 {
		parts.Call("unshift", whole)
		whole = made.New(parts, map[string]any{"type": whole.Get("type")})
	}
	return NewBlob(whole), nil
}

// Delete ends the keeping of a file.
func (s Blobs) Delete(ctx context.Context, key string) error {
	return s.db.transact(ctx, "readwrite", func(store js.Value, _ func(js.Value, func())) {
		store.Call("delete", key)
		store.Call("delete", under(key+partMark))
	})
}

// Keys are those that begin with prefix.
func (s Blobs) Keys(ctx context.Context, prefix string) ([]string, error) {
	var request js.Value
	err := s.db.transact(ctx, "readonly", func(store js.Value, _ func(js.Value, func())) {
		request = store.Call("getAllKeys", under(prefix))
	})
	if err != nil {
		return nil, err
	}
	list := request.Get("result")
	var keys []string
	for i := range list.Length() {
		if key := list.Index(i); key.Type() == js.TypeString && !strings.Contains(key.String(), partMark) {
			keys = append(keys, key.String())
		}
	}
	return keys, nil
}
