package browser

// These run in a real browser: see e2e/adapters_test.go.

import (
	"bytes"
	"errors"
	"slices"
	"syscall/js"
	"testing"

	"parley/app/client"
)

// newBlob makes a file of the browser's.
func newBlob(data []byte) *Blob {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	return NewBlob(js.Global().Get("File").New([]any{array}, "it.bin"))
}

// everyByte has all bytes, more than one piece of them.
func everyByte() []byte {
	data := make([]byte, 300_000)
	for i := range data {
		data[i] = byte(i * 7 >> 3)
	}
	return data
}

func TestBlobGivesItsBytes(t *testing.T) {
	data := everyByte()
	b := newBlob(data)
	if b.Size() != int64(len(data)) {
		t.Errorf("size %d", b.Size())
	}
	for _, r := range [][2]int64{{0, 0}, {0, 1}, {131_072, 262_144}, {262_144, 300_000}} {
		got, err := b.Read(t.Context(), r[0], r[1])
		if err != nil || !bytes.Equal(got, data[r[0]:r[1]]) {
			t.Errorf("%v: %d bytes, %v", r, len(got), err)
		}
	}
	if _, err := b.Read(t.Context(), 299_999, 300_001); err == nil {
		t.Error("there were bytes after the end")
	}
	url := BlobURL(b)
	a, err := Net{}.Do(t.Context(), client.Request{Method: "GET", Path: url})
	if err != nil || !bytes.Equal(a.Body, data) {
		t.Errorf("at %q are %d bytes, %v", url, len(a.Body), err)
	}
	RevokeBlobURL(url)
	if _, err := (Net{}).Do(t.Context(), client.Request{Method: "GET", Path: url}); err == nil {
		t.Error("the address still works")
	}
}

// A file is kept beside records, which find nothing of it, over the end of the page.
func TestBlobsKeep(t *testing.T) {
	ctx := t.Context()
	db := NewDatabase()
	blobs := NewBlobs(db)
	data := everyByte()
	if err := db.Write(ctx, client.Record{Key: "blob/me/text", Value: []byte("text")}); err != nil {
		t.Fatal(err)
	}
	for key, b := range map[string][]byte{"blob/me/one": data, "blob/me/empty": nil, "blob/you/one": data[:1]} {
		if err := blobs.Put(ctx, key, newBlob(b)); err != nil {
			t.Fatal(err)
		}
	}
	again := NewBlobs(NewDatabase()) // as a new page has it
	keys, err := again.Keys(ctx, "blob/me/")
	if err != nil || !slices.Equal(keys, []string{"blob/me/empty", "blob/me/one", "blob/me/text"}) {
		t.Errorf("keys %q, %v", keys, err)
	}
	if b, err := again.Get(ctx, "blob/me/empty"); err != nil || b == nil || b.Size() != 0 {
		t.Errorf("the empty one is %v, %v", b, err)
	}
	for _, key := range []string{"blob/me/none", "blob/me/text"} {
		if b, err := again.Get(ctx, key); b != nil || err != nil {
			t.Errorf("%s is %v, %v", key, b, err)
		}
	}
	if list, err := db.Read(ctx, "blob/"); err != nil || len(list) != 1 || string(list[0].Value) != "text" {
		t.Errorf("the records are %v, %v", list, err)
	}
	kept, err := again.Get(ctx, "blob/me/one")
	if err != nil || kept == nil {
		t.Fatal(kept, err)
	}
	whole := func(when string) {
		if got, err := kept.Read(ctx, 0, kept.Size()); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s it has %d bytes, %v", when, len(got), err)
		}
	}
	whole("kept,")
	if err := again.Put(ctx, "blob/me/one", kept); err != nil { // onto itself
		t.Error(err)
	}
	whole("kept once more,")
	if err := errors.Join(again.Delete(ctx, "blob/me/one"), again.Delete(ctx, "blob/me/none")); err != nil {
		t.Error(err)
	}
	if b, err := again.Get(ctx, "blob/me/one"); b != nil || err != nil {
		t.Errorf("deleted, it is %v, %v", b, err)
	}
	whole("deleted, for those who have it,")
	if b, err := again.Get(ctx, "blob/you/one"); err != nil || b == nil || b.Size() != 1 {
		t.Errorf("another one is %v, %v", b, err)
	}
}

// A large file is kept in parts, which nobody sees; without one it is shorter.
func TestBlobsKeepLarge(t *testing.T) {
	ctx := t.Context()
	db := NewDatabase()
	blobs := NewBlobs(db)
	data := bytes.Repeat(everyByte(), 30)
	if err := blobs.Put(ctx, "blob/large", newBlob(data)); err != nil {
		t.Fatal(err)
	}
	if keys, err := blobs.Keys(ctx, "blob/large"); err != nil || !slices.Equal(keys, []string{"blob/large"}) {
		t.Errorf("keys %q, %v", keys, err)
	}
	kept, err := blobs.Get(ctx, "blob/large")
	if err != nil || kept == nil {
		t.Fatal(kept, err)
	}
	if got, err := kept.Read(ctx, 0, kept.Size()); err != nil || !bytes.Equal(got, data) {
		t.Errorf("kept are %d bytes of %d, %v", len(got), len(data), err)
	}
	if err := blobs.Put(ctx, "blob/large", kept); err != nil { // onto itself
		t.Error(err)
	}
	if got, err := kept.Read(ctx, 4_000_000, 5_000_000); err != nil || !bytes.Equal(got, data[4_000_000:5_000_000]) {
		t.Errorf("kept once more, it is not the same, %v", err)
	}
	if err := db.Write(ctx, client.Record{Key: "blob/large#0002"}); err != nil {
		t.Fatal(err)
	}
	if b, err := blobs.Get(ctx, "blob/large"); err != nil || b == nil || b.Size() != 2*partSize {
		t.Errorf("without its last part it is %v, %v", b, err)
	}
	if err := blobs.Delete(ctx, "blob/large"); err != nil {
		t.Error(err)
	}
	if err := blobs.Put(ctx, "blob/large", newBlob(nil)); err != nil {
		t.Error(err)
	}
	if b, err := blobs.Get(ctx, "blob/large"); err != nil || b == nil || b.Size() != 0 {
		t.Errorf("anew it is %v, %v", b, err)
	}
}

// Bytes arrive as they are, JSON as JSON.
func TestBodies(t *testing.T) {
	for media, body := range map[string][]byte{"application/octet-stream": everyByte(), "": []byte(`{"a":"ä"}`)} {
		a, err := Net{}.Do(t.Context(), client.Request{Method: "PUT", Path: "/echo", Type: media, Body: body})
		if media == "" {
			media = "application/json"
		}
		if err != nil || !bytes.Equal(a.Body, body) || a.Header("Content-Type") != media {
			t.Errorf("%s: %d bytes of %s came, %v", media, len(a.Body), a.Header("Content-Type"), err)
		}
	}
}
