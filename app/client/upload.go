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
// was sent by another page, or given up here.
var errSettled = errors.New("the message is not to be sent any more")

// upload sends one file of a message, from where the server has it on.
type upload struct {
	client *Client
	letter string // nonce of the message
	number int    // of the file in it
	file   OutgoingFile
	gone   bool // it cannot be read
}

// run sends what the server does not have, and gives the file's id. Whatever the
// error, the next try goes on where this one ended.
func (u *upload) run(ctx context.Context) (id string, err error) {
	for lost := 0; ; lost++ {
		if u.file.id == "" {
			if err := u.create(ctx); err != nil {
				return "", err
			}
		}
		for err = nil; err == nil && u.file.Sent < u.file.Blob.Size(); {
			err = u.piece(ctx)
		}
		code := wire.CodeFrom(err)
		switch {
		case err == nil:
			return u.file.id, nil
		case u.gone || lost == maxLost || code != wire.CodeNotFound && code != wire.CodeConflict:
			return "", err
		}
		u.file.id = "" // the server does not know it any more, or has another part of it: it is asked
	}
}

// create asks how far the file is.
func (u *upload) create(ctx context.Context) error {
	var at wire.Upload
	err := u.client.Do(ctx, wire.CmdCreateFile, u.file.args(), &at)
	if err == nil && at.File.ID == "" {
		err = errNotOurs
	}
	if err != nil {
		return err
	}
	return u.take(at, 0)
}

// args are what the server is told of a file before its bytes.
func (f OutgoingFile) args() wire.CreateFile {
	return wire.CreateFile{Nonce: f.Nonce, Name: f.Name, Type: f.Type, Size: f.Blob.Size(), Width: f.Width, Height: f.Height}
}

// piece sends the next piece.
func (u *upload) piece(ctx context.Context) error {
	from := u.file.Sent
	data, err := u.read(ctx, from, min(from+wire.ChunkSize, u.file.Blob.Size()))
	if err != nil {
		return err
	}
	select {
	case u.client.pieces <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-u.client.pieces }()
	ctx, cancel := u.client.untilRenewed(ctx)
	defer cancel()
	var at wire.Upload
	err = u.client.request(ctx, pieceTimeout, Request{
		Method: "POST", Path: base + "/files/" + url.PathEscape(u.file.id) + "?offset=" + strconv.FormatInt(from, 10),
		Type: wire.OctetStream, Body: data,
	}, &at)
	if err == nil && at.File.ID != u.file.id {
		err = errNotOurs
	}
	if err != nil {
		return err
	}
	return u.take(at, from+1)
}

// errRenewed is why a piece is sent anew whose connection may have died.
var errRenewed = errors.New("the network may be another one")

// untilRenewed is ctx, which ends when the network may be another one: what was
// under way would hang until its time is over, and can be done again for little.
func (c *Client) untilRenewed(ctx context.Context) (context.Context, context.CancelFunc) {
	c.mu.Lock()
	renewed := c.renewed
	c.mu.Unlock()
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-renewed:
			cancel(errRenewed)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-done
	}
}

// take takes note of how far the file is, which must be at least that far.
func (u *upload) take(at wire.Upload, least int64) error {
	if size := u.file.Blob.Size(); at.File.Size != size || at.Offset < least || at.Offset > size {
		return errNotOurs
	}
	u.file.id, u.file.Sent = at.File.ID, at.Offset
	c := u.client
	c.mu.Lock()
	l := c.outbox.find(u.letter)
	if l == nil {
		c.mu.Unlock()
		return errSettled
	}
	l.Files[u.number].id, l.Files[u.number].Sent = at.File.ID, at.Offset
	l.tried = l.tried && at.Offset == at.File.Size // else an earlier page cannot have sent it
	l.fails, l.internal = 0, 0                     // what was done stays done: the next failure is a first one
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

// errDoubt is why a message is tried again whose files are perhaps not what they
// were when they were sent.
var errDoubt = errors.New("the server may have lost a file")

// doubt has all files of a message asked for again; once, then the server's word
// counts.
func (c *Client) doubt(nonce string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.outbox.find(nonce)
	if l == nil || l.doubted {
		return false
	}
	l.doubted = true
	for i := range l.Files {
		l.Files[i].id = ""
	}
	return true
}
