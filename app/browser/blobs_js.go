package browser

import (
	"context"
	"syscall/js"

	"parley/app/client"
)

// Blobs keeps files in IndexedDB, among the records of a [Database]: as the
// browser's Blobs, whose bytes stay on the disk. Values of both kinds are passed
// over by those who look for the other.
type Blobs struct{ db *Database }

// NewBlobs keeps files where db, which NewDatabase gave, keeps records.
func NewBlobs(db client.Database) client.Blobs { return Blobs{db.(*Database)} }

// Put keeps a file. The browser copies its bytes.
func (s Blobs) Put(ctx context.Context, key string, b client.Blob) error {
	ours, ok := b.(*Blob)
	if !ok {
		return errNotOurs
	}
	return s.db.transact(ctx, "readwrite", func(store js.Value, _ func(js.Value, func())) {
		store.Call("put", ours.Value(), key)
	})
}

// Get gives what was kept, nil if there is nothing.
func (s Blobs) Get(ctx context.Context, key string) (client.Blob, error) {
	var request js.Value
	err := s.db.transact(ctx, "readonly", func(store js.Value, _ func(js.Value, func())) {
		request = store.Call("get", key)
	})
	if err != nil {
		return nil, err
	}
	if v := request.Get("result"); v.Type() == js.TypeObject && v.InstanceOf(js.Global().Get("Blob")) {
		return NewBlob(v), nil
	}
	return nil, nil
}

// Delete ends the keeping of a file.
func (s Blobs) Delete(ctx context.Context, key string) error {
	return s.db.Write(ctx, client.Record{Key: key})
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
		if key := list.Index(i); key.Type() == js.TypeString {
			keys = append(keys, key.String())
		}
	}
	return keys, nil
}
