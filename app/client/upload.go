package client

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"parley/shared/wire"
)

const (
	// pieceTimeout is how long a piece of a file may take: 128 KiB are 26 seconds
	// on a line of 5 KB/s, and the answer must come back.
	pieceTimeout = 45 * time.Second

	// maxPieces bounds the pieces that are on their way at a time, of all files: a
	// browser opens six connections to a server, and files must leave some for what
	// is said and read.
	maxPieces = 3

	// maxLost is how often within one try a file may be gone, or further or less far
	// than was said, before the server's word on it counts.
	maxLost = 3

	// uploadPause is the least time between two tellings of how far the files of a
	// message are: a fast line sends a hundred pieces a second.
	uploadPause = 250 * time.Millisecond
)

// errSettled ends the sending of a message that has come back over the feed: it
// was sent by another page.
var errSettled = errors.New("the message is not to be sent any more")

// upload sends one file of a message, from where the server has it on.
type upload struct {
	client *Client
	letter string // nonce of the message
	number int    // of the file in it
	file   OutgoingFile
}

// run gives the file's id when all of it is at the server. Whatever the error, the
// next try goes on where this one ended.
func (u *upload) run(ctx context.Context) (id string, err error) {
	for lost := 0; ; lost++ {
		at, err := u.create(ctx)
		for err == nil && at.Offset < at.File.Size {
			at, err = u.piece(ctx, at)
		}
		code := wire.CodeFrom(err)
		switch {
		case err == nil:
			return at.File.ID, nil
		case at.File.ID == "" || lost == maxLost || code != wire.CodeNotFound && code != wire.CodeConflict:
			return "", err
		} // the server does not know the file any more, or has another part of it: it is asked
	}
}

// create asks how far the file is.
func (u *upload) create(ctx context.Context) (at wire.Upload, err error) {
	err = u.client.Do(ctx, wire.CmdCreateFile, u.file.args(), &at)
	if err != nil {
		return wire.Upload{}, err
	}
	return at, u.take(at, 0)
}

// args are what the server is told of a file before its bytes.
func (f OutgoingFile) args() wire.CreateFile {
	return wire.CreateFile{Nonce: f.Nonce, Name: f.Name, Type: f.Type, Size: f.Blob.Size(), Width: f.Width, Height: f.Height}
}

// piece sends the next piece. After an error at stays as it was.
func (u *upload) piece(ctx context.Context, at wire.Upload) (wire.Upload, error) {
	select {
	case u.client.pieces <- struct{}{}:
	case <-ctx.Done():
		return at, ctx.Err()
	}
	defer func() { <-u.client.pieces }()
	data, err := u.read(ctx, at.Offset, min(at.Offset+wire.ChunkSize, at.File.Size))
	if err != nil {
		return at, err
	}
	var next wire.Upload
	err = u.client.request(ctx, pieceTimeout, Request{
		Method: "PUT", Path: base + "/files/" + url.PathEscape(at.File.ID) + "?offset=" + strconv.FormatInt(at.Offset, 10),
		Type: wire.OctetStream, Body: data,
	}, &next)
	if err == nil && next.File.ID != at.File.ID {
		err = errNotOurs
	}
	if err == nil {
		err = u.take(next, at.Offset+1)
	}
	if err != nil {
		return at, err
	}
	return next, nil
}

// take takes note of how far the file is, which must be at least that far.
func (u *upload) take(at wire.Upload, least int64) error {
	size := u.file.Blob.Size()
	if at.File.ID == "" || at.File.Size != size || at.Offset < least || at.Offset > size {
		return errNotOurs
	}
	c := u.client
	c.mu.Lock()
	l := c.outbox.find(u.letter)
	if l == nil {
		c.mu.Unlock()
		return errSettled
	}
	f := &l.Files[u.number]
	if least > 0 { // what was done so far has its effect: the next failure is a first one
		l.fails, l.internal = 0, 0
	}
	f.Sent = at.Offset
	now := c.clock.Now()
	tell := now.Sub(l.told) >= uploadPause
	if tell {
		l.told = now
	}
	c.mu.Unlock()
	if tell {
		c.watch.tell(Change{Kind: ChangeUpload, Room: l.Room})
	}
	return nil
}
