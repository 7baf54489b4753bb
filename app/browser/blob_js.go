package browser

import (
	"context"
	"errors"
	"syscall/js"

	"parley/app/client"
)

// NewBlob is a Blob of the browser's (File API, https://w3c.github.io/FileAPI/);
// a File is one, too.
func NewBlob(v js.Value) *Blob { return &Blob{size: int64(v.Get("size").Float()), handle: v} }

// Value is the browser's own.
func (b *Blob) Value() js.Value {
	v, _ := b.handle.(js.Value)
	return v
}

func (b *Blob) read(ctx context.Context, from, to int64) ([]byte, error) {
	var part js.Value
	err := try(func() { part = b.Value().Call("slice", from, to).Call("arrayBuffer") })
	if err != nil {
		return nil, err
	}
	buffer, err := await(ctx, part)
	if err != nil {
		return nil, err
	}
	array := js.Global().Get("Uint8Array").New(buffer)
	data := make([]byte, array.Get("length").Int())
	js.CopyBytesToGo(data, array)
	return data, nil
}

// BlobURL is an address at which this page finds the bytes, "" if there is none. It
// holds them until [RevokeBlobURL].
func BlobURL(b client.Blob) (url string) {
	if ours, ok := b.(*Blob); ok {
		_ = try(func() { url = js.Global().Get("URL").Call("createObjectURL", ours.Value()).String() })
	}
	return url
}

// RevokeBlobURL lets go of the bytes behind an address.
func RevokeBlobURL(url string) { js.Global().Get("URL").Call("revokeObjectURL", url) }

var errNotOurs = errors.New("the file is not the browser's")
