package client

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"parley/shared/wire"
)

// A message of the outbox is kept in the Store at once, as the page may end in the
// next moment, and then in the Database, where the service worker finds it when no
// page is open. Where one refuses it, it stays in the other, and where both do, for
// as long as the page lives. It is sent in any case.

// outboxPrefix begins the keys of the outbox. The service worker knows it, and
// the fields of savedLetter, too.
const outboxPrefix = "outbox/"

// savedLetter is a message of the outbox as it is kept: the arguments of a send,
// and created, problem and tab, which the service worker leaves out. It leaves a
// message with files, and those after it in its room, to the app.
type savedLetter struct {
	Nonce   string            `json:"nonce"`
	Room    string            `json:"room"`
	Text    string            `json:"text"`
	ReplyTo uint64            `json:"reply_to,omitempty"`
	Files   []wire.CreateFile `json:"files,omitempty"` // their bytes are in Blobs
	Created wire.Time         `json:"created"`
	Problem *wire.Problem     `json:"problem,omitempty"` // it has failed
	Tab     string            `json:"tab,omitempty"`     // whose it is, for as long as that tab is there
}

// saved is a letter of this tab's as it is kept. mu is held.
func (c *Client) saved(l *letter) savedLetter {
	s := savedLetter{Nonce: l.Nonce, Room: l.Room, Text: l.Text, ReplyTo: l.ReplyTo, Created: l.Created, Problem: l.Problem}
	for _, f := range l.Files {
		s.Files = append(s.Files, f.args())
	}
	if c.tab != nil {
		s.Tab = c.tab.ID()
	}
	return s
}

// keepRetry is for how long a Database that failed is left alone.
const keepRetry = time.Minute

// outboxKey is where a message is kept: apart for each person, as the next one
// who signs in must not send it.
func (c *Client) outboxKey(nonce string) string { return outboxPrefix + c.Me().ID + "/" + nonce }

// keepNow keeps a message that was just written in the Store, at once: the page
// may end before the Database has answered.
func (c *Client) keepNow(nonce string) {
	c.mu.Lock()
	l := c.outbox.find(nonce)
	if l == nil || l.kept != nowhere {
		c.mu.Unlock()
		return
	}
	s := c.saved(l)
	c.mu.Unlock()
	if c.save(context.Background(), c.outboxKey(nonce), wire.Encode(s)) != nil {
		return // saveNext tries again
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch l := c.outbox.find(nonce); {
	case l == nil, l.State == Sent: // in the meantime
		c.outbox.drop = append(c.outbox.drop, dropped{nonce: nonce})
	case l.kept == nowhere:
		l.kept = inStore
	}
}

// saveNext saves one message. When all refuse, it is sent all the same: better
// than not at all.
func (c *Client) saveNext(ctx context.Context) bool {
	c.mu.Lock()
	l := c.outbox.dirty()
	if l == nil {
		c.mu.Unlock()
		return false
	}
	l.dirty = false
	was := l.kept
	s := c.saved(l)
	c.mu.Unlock()

	now := c.saveLetter(ctx, Record{c.outboxKey(s.Nonce), wire.Encode(s)}, was)

	c.mu.Lock()
	if l := c.outbox.find(s.Nonce); l != nil {
		l.kept = now
	} else {
		c.outbox.drop = append(c.outbox.drop, dropped{nonce: s.Nonce}) // settled in the meantime
	}
	unkept := c.outbox.unkept()
	c.mu.Unlock()
	c.setStatus(func(s *Status) { s.Unkept = unkept })
	return true
}

func (c *Client) saveLetter(ctx context.Context, r Record, was place) place {
	if c.databaseWorks() {
		err := c.write(ctx, r)
		if errors.Is(err, ErrFull) { // one's own words are worth more than what can be read again
			if c.write(ctx, Record{Key: cachePrefix}) == nil {
				c.cacheLost()
				err = c.write(ctx, r)
			}
		}
		if err == nil {
			if was == inStore {
				_ = c.save(ctx, r.Key, nil) // it would be sent twice, with one nonce: once
			}
			return inDatabase
		}
		c.databaseFailed(ctx, err)
	}
	if err := c.save(ctx, r.Key, r.Value); err != nil {
		return nowhere
	}
	return inStore
}

// unkept tells whether a message would end with the page.
func (o *outbox) unkept() bool {
	for _, l := range o.list {
		if l.State != Sent && !l.dirty && (l.kept == nowhere || l.unstored() && !l.awaited()) {
			return true
		}
	}
	return false
}

// dropNext deletes a message or a file from what is kept: a message first, as it
// would fail without its files. It waits for files that are being kept: they may be
// the same under new names.
func (c *Client) dropNext(ctx context.Context) bool {
	c.mu.Lock()
	if len(c.outbox.drop) == 0 || !c.outbox.again.IsZero() || c.outbox.storing() {
		c.mu.Unlock()
		return false
	}
	d := c.outbox.drop[0]
	c.outbox.drop = c.outbox.drop[1:]
	c.mu.Unlock()
	if err := c.deleteKept(ctx, d); err != nil {
		c.databaseFailed(ctx, err)
		c.mu.Lock()
		c.outbox.drop = append([]dropped{d}, c.outbox.drop...)
		c.mu.Unlock()
	}
	return true
}

func (c *Client) deleteKept(ctx context.Context, d dropped) error {
	if d.nonce == "" {
		c.spawn(func(ctx context.Context) { c.deleteFile(ctx, d.file) })
		return nil
	}
	key := c.outboxKey(d.nonce)
	_ = c.save(ctx, key, nil)
	return c.write(ctx, Record{Key: key})
}

func (c *Client) write(ctx context.Context, records ...Record) error {
	ctx, cancel := c.stored(ctx)
	defer cancel()
	return c.db.Write(ctx, records...)
}

func (c *Client) save(ctx context.Context, key string, value []byte) error {
	ctx, cancel := c.stored(ctx)
	defer cancel()
	return c.store.Save(ctx, key, value)
}

func (c *Client) databaseWorks() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.outbox.again.IsZero()
}

// databaseFailed leaves the Database alone for a while, so that one that hangs
// does not hold up every message.
func (c *Client) databaseFailed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	c.mu.Lock()
	c.outbox.again = c.clock.Now().Add(keepRetry)
	c.mu.Unlock()
	if !errors.Is(err, errNoDatabase) {
		c.log("parley: the outbox cannot be kept in the database: %v", err)
	}
}

// keepAgainAt is when the Database that failed is to be tried again; zero when
// there is nothing to try.
func (c *Client) keepAgainAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := &c.outbox
	if o.restored && len(o.drop) == 0 && !o.misplaced() {
		return time.Time{}
	}
	return o.again
}

// misplaced tells whether a message is not where it belongs.
func (o *outbox) misplaced() bool {
	for _, l := range o.list {
		if l.State != Sent && l.kept != inDatabase {
			return true
		}
	}
	return false
}

// keepAgain tries the Database again when it is time.
func (c *Client) keepAgain(ctx context.Context) {
	c.mu.Lock()
	o := &c.outbox
	due := !o.again.IsZero() && !c.clock.Now().Before(o.again)
	restored := o.restored
	if due {
		o.again = time.Time{}
		for _, l := range o.list {
			l.dirty = l.dirty || l.State != Sent && l.kept != inDatabase
		}
	}
	c.mu.Unlock()
	if due && !restored {
		c.restoreOutbox(ctx)
	}
}

// keepAnew saves everything once more: what was saved has been cleared.
func (c *Client) keepAnew() {
	c.mu.Lock()
	c.outbox.again = time.Time{}
	for _, l := range c.outbox.list {
		l.dirty, l.kept, l.whole, l.storeAgain = l.dirty || l.State != Sent, nowhere, false, time.Time{}
	}
	c.mu.Unlock()
	c.outbox.wake()
}

// takeUp reads what was kept from an earlier run, but for what belongs to tabs
// that are there.
func (c *Client) takeUp(ctx context.Context, there map[string]bool) {
	prefix := c.outboxKey("")
	files, filesErr := c.keptFiles(ctx)
	saved, err := c.readDatabase(ctx, prefix)
	if err != nil {
		c.databaseFailed(ctx, err)
	}
	stored, storeErr := c.readStore(ctx, prefix)
	saved = append(saved, stored...)
	c.mu.Lock()
	if !c.outbox.restored && filesErr == nil && err == nil && storeErr == nil {
		c.outbox.dropStrays(files, saved)
	}
	saved = slices.DeleteFunc(saved, func(l *letter) bool { return there[l.tab] || c.outbox.find(l.Nonce) != nil })
	c.mu.Unlock()
	c.findFiles(ctx, saved)
	c.adopt(ctx, saved)
	c.mu.Lock()
	c.outbox.restored = err == nil
	c.outbox.restore(saved)
	c.mu.Unlock()
	c.outbox.wake()
	c.watch.tell(Change{Kind: ChangeOutbox})
}

func (c *Client) readDatabase(ctx context.Context, prefix string) (saved []*letter, err error) {
	ctx, cancel := c.stored(ctx)
	defer cancel()
	records, err := c.db.Read(ctx, prefix)
	for _, r := range records {
		if l := c.readLetter(r); l != nil {
			l.kept = inDatabase
			saved = append(saved, l)
		}
	}
	return saved, err
}

// readStore gives the messages that have not come to the Database, or were kept
// here by an earlier version: they are moved.
func (c *Client) readStore(ctx context.Context, prefix string) (saved []*letter, err error) {
	ctx, cancel := c.stored(ctx)
	defer cancel()
	keys, err := c.store.Keys(ctx, prefix)
	if err != nil {
		c.log("parley: the outbox of an earlier run cannot be read: %v", err)
	}
	for _, key := range keys {
		value, loadErr := c.store.Load(ctx, key)
		if loadErr != nil {
			err = loadErr
		}
		if l := c.readLetter(Record{key, value}); l != nil {
			l.kept, l.dirty = inStore, true
			saved = append(saved, l)
		}
	}
	return saved, err
}

// readLetter reads a message as it was kept; nil if it cannot be read.
func (c *Client) readLetter(r Record) *letter {
	var s savedLetter
	if json.Unmarshal(r.Value, &s) != nil || s.Nonce == "" || !strings.HasSuffix(r.Key, "/"+s.Nonce) {
		c.log("parley: %s cannot be read", r.Key)
		return nil
	}
	l := &letter{Outgoing: Outgoing{Nonce: s.Nonce, Room: s.Room, Text: s.Text, ReplyTo: s.ReplyTo, Created: s.Created, Problem: s.Problem}, tab: s.Tab, tried: true}
	for _, f := range s.Files {
		l.Files = append(l.Files, OutgoingFile{Nonce: f.Nonce, Attachment: Attachment{
			Name: f.Name, Type: f.Type, Width: f.Width, Height: f.Height, Blob: goneBlob(f.Size), // until it is found
		}})
	}
	if s.Problem != nil {
		l.State = Failed
	}
	return l
}
