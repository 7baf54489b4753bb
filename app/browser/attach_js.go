package browser

import (
	"context"
	"errors"
	"syscall/js"

	"parley/app/client"
	"parley/shared/wire"
)

// TakeChosen gives the files in a file input, and empties it: the same file can be
// chosen once more.
func TakeChosen(inputID string) []File {
	input := js.Global().Get("document").Call("getElementById", inputID)
	if !input.Truthy() {
		return nil
	}
	list := input.Get("files")
	files := make([]File, list.Length())
	for i := range files {
		f := list.Index(i)
		files[i] = File{Name: f.Get("name").String(), Size: f.Get("size").Int(), handle: f}
	}
	input.Set("value", "")
	return files
}

// Attach makes a file ready to be sent. A picture is measured, and drawn anew if it
// is large, or says where it was taken, which only so is sure to be gone. One that cannot be
// shown here is sent as a file like any other. The error is ErrUnreadable, or the
// context's.
func Attach(ctx context.Context, f File) (client.Attachment, error) {
	file, ok := f.handle.(js.Value)
	if !ok || f.Size == 0 {
		return client.Attachment{}, ErrUnreadable
	}
	a := client.Attachment{Name: f.Name, Type: file.Get("type").String(), Blob: NewBlob(file)}
	head, err := a.Blob.Read(ctx, 0, min(headSize, int64(f.Size)))
	if err != nil {
		return a, errors.Join(ErrUnreadable, ctx.Err())
	}
	if !(wire.File{Type: a.Type}).Picture() {
		return a, nil
	}
	url := BlobURL(a.Blob)
	defer RevokeBlobURL(url)
	img := js.Global().Get("Image").New()
	img.Set("src", url)
	if _, err := await(ctx, img.Call("decode")); err != nil {
		a.Type = wire.OctetStream
		return a, ctx.Err()
	}
	a.Width, a.Height = img.Get("naturalWidth").Int(), img.Get("naturalHeight").Int()
	large := max(a.Width, a.Height) > maxSide || f.Size > maxPicture
	if !large && !tagged(head) || f.Size > mostToDraw || animated(head) {
		return a, nil
	}
	small, err := redraw(ctx, img, a)
	if err != nil || small.Blob.Size() >= a.Blob.Size() && !tagged(head) {
		return a, ctx.Err()
	}
	return small, nil
}

// redraw draws a picture anew, no larger than maxSide.
func redraw(ctx context.Context, img js.Value, a client.Attachment) (client.Attachment, error) {
	var drawn js.Value
	done := make(chan struct{})
	keep := js.FuncOf(func(_ js.Value, args []js.Value) any {
		drawn = first(args)
		close(done)
		return nil
	})
	was := a.Type
	a.Width, a.Height = shrunk(a.Width, a.Height)
	err := try(func() {
		canvas := js.Global().Get("document").Call("createElement", "canvas")
		canvas.Set("width", a.Width)
		canvas.Set("height", a.Height)
		pen := canvas.Call("getContext", "2d")
		pen.Set("imageSmoothingQuality", "high")
		pen.Call("drawImage", img, 0, 0, a.Width, a.Height)
		canvas.Call("toBlob", keep, drawnType(was), quality)
	})
	if err != nil {
		keep.Release()
		return a, err
	}
	select {
	case <-done:
		keep.Release()
	case <-ctx.Done(): // keep stays: it may still be called
		return a, ctx.Err()
	}
	if !drawn.Truthy() {
		return a, errors.New("the picture cannot be drawn")
	}
	a.Type, a.Blob = drawn.Get("type").String(), NewBlob(drawn)
	a.Name = renamed(a.Name, was, a.Type)
	return a, nil
}

// drawnType is the media type as which a picture of another is sent that has been
// drawn anew: a photo stays one, and all else may be transparent.
func drawnType(media string) string {
	if media == "image/jpeg" {
		return media
	}
	return "image/webp"
}
