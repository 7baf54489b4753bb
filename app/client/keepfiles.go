package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/shared/wire"
)

// The files of a message are kept in Blobs, after the message itself and before it
// is sent, and are deleted after it: what is there and belongs to no message that
// is kept is of no use to anybody. They are kept beside the other work, as they may
// be large: messages of other rooms do not wait.

// blobPrefix begins the keys of files; then come the user's id, "/", and the nonce.
const blobPrefix = "blob/"

const (
	readTimeout = 10 * time.Second // of a piece of a file: a disk that is gone hangs
	putTimeout  = 10 * time.Second // of a file, besides what its bytes take:
	putRate     = 2 << 20          // as many a second any disk writes
	maxMisses   = 6                // tries to get a file from Blobs that fail, until it counts as gone
)

// noBlobs is what a client without Blobs has.
type noBlobs struct{}

func (noBlobs) Put(context.Context, string, Blob) error               { return errNoDatabase }
func (noBlobs) Get(context.Context, string) (Blob, error)             { return nil, nil }
func (noBlobs) Delete(context.Context, string) error                  { return nil }
func (noBlobs) Keys(context.Context, string) (keys []string, _ error) { return nil, nil }

// goneBlob stands for a file that is not there any more: its bytes.
type goneBlob int64

// Size is how many there were.
func (b goneBlob) Size() int64 { return int64(b) }

// Read fails.
func (goneBlob) Read(context.Context, int64, int64) ([]byte, error) { return nil, errGone }

var errGone = errors.New("the file is gone")

// goneProblem tells a person that a file cannot be sent.
func goneProblem(name string) *wire.Problem {
	return wire.Errorf(wire.CodeNotFound, "The file %q cannot be read any more. Attach it once more.", name)
}

// blobKey is where a file is kept.
func (c *Client) blobKey(nonce string) string { return blobPrefix + c.Me().ID + "/" + nonce }

// unstored tells whether the letter has files that are not kept and could be.
func (l *letter) unstored() bool {
	return len(l.Files) > 0 && !l.whole && l.kept != nowhere && l.State != Sent
}

// awaited tells whether the letter's files are to be kept before it is sent: until
// that has been tried.
func (l *letter) awaited() bool { return l.unstored() && l.storeAgain.IsZero() }

// storeNext begins to keep the files of one message that is saved, if it is time to,
// and tells when to look again; zero if that will be told.
func (c *Client) storeNext() (again time.Time) {
	c.mu.Lock()
	l, again := c.outbox.toStore(c.clock.Now())
	c.mu.Unlock()
	if l != nil {
		c.spawn(func(ctx context.Context) { c.storeFiles(ctx, l) })
	}
	return again
}

// toStore is the message whose files are to be kept now, and is taken for begun; nil
// if there is none, and then again is when there is. One at a time: each has the
// disk for itself.
func (o *outbox) toStore(now time.Time) (next *letter, again time.Time) {
	if o.storing() {
		return nil, again
	}
	for _, l := range o.list {
		switch {
		case l.dirty || !l.unstored():
		case now.Before(l.storeAgain):
			again = earlier(again, l.storeAgain)
		default:
			l.storing = true
			return l, time.Time{}
		}
	}
	return nil, again
}

// storing tells whether files are being kept.
func (o *outbox) storing() bool {
	return slices.ContainsFunc(o.list, func(l *letter) bool { return l.storing })
}

// storeFiles keeps a letter's files.
func (c *Client) storeFiles(ctx context.Context, l *letter) {
	c.mu.Lock()
	files, first := slices.Clone(l.Files), l.storeAgain.IsZero()
	c.mu.Unlock()
	err := c.putFiles(ctx, files, first)
	if err != nil && ctx.Err() == nil && !errors.Is(err, errNoDatabase) {
		c.log("parley: files cannot be kept: %v", err)
	}
	c.mu.Lock()
	l.storeAgain = time.Time{}
	if err != nil {
		c.outbox.storeLater(l, err, c.clock.Now().Add(keepRetry))
	}
	c.outbox.stored(l, files, err == nil)
	unkept := c.outbox.unkept()
	c.mu.Unlock()
	c.setStatus(func(s *Status) { s.Unkept = unkept })
	c.outbox.wake()
}

// storeLater leaves Blobs alone that have failed, which may have taken long: no
// message waits for them any more. Where there is no room for one there may be for
// another.
func (o *outbox) storeLater(failed *letter, err error, at time.Time) {
	for _, l := range o.list {
		if l == failed || l.unstored() && !errors.Is(err, ErrFull) {
			l.storeAgain = at
		}
	}
}

// stored takes note of the files of a letter that have been kept. Meanwhile it may
// have been settled, discarded, or got new names.
func (o *outbox) stored(l *letter, files []OutgoingFile, all bool) {
	l.storing = false
	waits := l.State != Sent && slices.Contains(o.list, l)
	l.whole = all && waits
	for i, f := range files {
		switch {
		case waits && l.Files[i].Nonce == f.Nonce, o.lent[f.Nonce]:
			continue
		case waits:
			l.whole = false
		}
		o.drop = append(o.drop, dropped{file: f.Nonce})
	}
}

// putFiles keeps files. The first time they may take the room of what can be read
// again.
func (c *Client) putFiles(ctx context.Context, files []OutgoingFile, first bool) error {
	for _, f := range files {
		if _, gone := f.Blob.(goneBlob); gone {
			continue
		}
		if !c.databaseWorks() {
			return errNoDatabase
		}
		err := c.putFile(ctx, f)
		if errors.Is(err, ErrFull) && first && c.write(ctx, Record{Key: cachePrefix}) == nil {
			c.cacheLost()
			err = c.putFile(ctx, f)
		}
		if err != nil {
			return fmt.Errorf("%d bytes: %w", f.Blob.Size(), err)
		}
	}
	return nil
}

func (c *Client) putFile(ctx context.Context, f OutgoingFile) error {
	limit := putTimeout + time.Duration(f.Blob.Size())*time.Second/putRate
	ctx, cancel := within(ctx, c.clock, limit, errStoreSlow)
	defer cancel()
	return c.blobs.Put(ctx, c.blobKey(f.Nonce), f.Blob)
}

// getFile gives what is kept of a file; nil if that is not all of it.
func (c *Client) getFile(ctx context.Context, nonce string, size int64, limit time.Duration) (Blob, error) {
	ctx, cancel := within(ctx, c.clock, limit, errStoreSlow)
	defer cancel()
	b, err := c.blobs.Get(ctx, c.blobKey(nonce))
	if err != nil || b == nil || b.Size() != size {
		return nil, err
	}
	return b, nil
}

// deleteFile ends the keeping of a file. Where that fails, the next start tries again.
func (c *Client) deleteFile(ctx context.Context, nonce string) {
	ctx, cancel := within(ctx, c.clock, putTimeout, errStoreSlow)
	defer cancel()
	_ = c.blobs.Delete(ctx, c.blobKey(nonce))
}

// read gives a part of the file: of what is kept, when the file itself has changed
// or is gone.
func (u *upload) read(ctx context.Context, from, to int64) ([]byte, error) {
	c := u.client
	data, err := c.readBlob(ctx, u.file.Blob, from, to)
	if err == nil || ctx.Err() != nil {
		return data, err
	}
	kept, getErr := c.getFile(ctx, u.file.Nonce, u.file.Blob.Size(), readTimeout)
	if kept != nil {
		data, err = c.readBlob(ctx, kept, from, to)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.outbox.find(u.letter)
	switch {
	case l == nil:
		return nil, errSettled
	case kept != nil && err == nil:
		l.misses = 0
		l.Files[u.number].Blob, u.file.Blob = kept, kept
		c.watch.tell(Change{Kind: ChangeOutbox, Room: l.Room})
		return data, nil
	case getErr != nil && l.misses < maxMisses:
		l.misses++
		return nil, getErr
	}
	l.misses, u.gone = 0, true
	return nil, goneProblem(u.file.Name)
}

func (c *Client) readBlob(ctx context.Context, b Blob, from, to int64) ([]byte, error) {
	ctx, cancel := within(ctx, c.clock, readTimeout, errStoreSlow)
	defer cancel()
	data, err := b.Read(ctx, from, to)
	if err == nil && int64(len(data)) != to-from {
		err = errGone
	}
	return data, err
}

// findFiles brings the files of letters that were kept. One that is not found is a
// goneBlob: perhaps the server has all of it, or it is found when it is needed. If
// not, the message will fail then.
func (c *Client) findFiles(ctx context.Context, saved []*letter) {
	works := true
	for _, l := range saved {
		for i := range l.Files {
			f := &l.Files[i]
			if works {
				b, err := c.getFile(ctx, f.Nonce, f.Blob.Size(), storeTimeout)
				if works = err == nil; b != nil {
					f.Blob = b
				}
			}
		}
		l.whole = true
	}
}

// keptFiles are the nonces of all files that are kept.
func (c *Client) keptFiles(ctx context.Context) ([]string, error) {
	ctx, cancel := c.stored(ctx)
	defer cancel()
	prefix := c.blobKey("")
	keys, err := c.blobs.Keys(ctx, prefix)
	for i, key := range keys {
		keys[i] = key[len(prefix):]
	}
	return keys, err
}

// dropStrays deletes those of the files kept that belong to none of the messages
// saved. The former must have been listed before the latter were read: a message is
// saved before its files.
func (o *outbox) dropStrays(kept []string, saved []*letter) {
	wanted := map[string]bool{}
	for _, l := range slices.Concat(saved, o.list) {
		for _, f := range l.Files {
			wanted[f.Nonce] = true
		}
	}
	for _, nonce := range kept {
		if !wanted[nonce] && !o.lent[nonce] {
			o.drop = append(o.drop, dropped{file: nonce})
		}
	}
}
