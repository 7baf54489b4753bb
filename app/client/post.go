package client

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/shared/wire"
)

// runOutbox saves, sends and deletes what the outbox holds, in this order: what
// is not saved is not sent. It starts after the first sync, when it is known
// whose outbox it is.
func (c *Client) runOutbox(ctx context.Context) {
	c.restoreOutbox(ctx)
	for ctx.Err() == nil {
		if c.saveNext(ctx) || c.dropNext(ctx) {
			continue
		}
		next := c.sendReady()
		if next.IsZero() {
			select {
			case <-c.outbox.kick:
			case <-ctx.Done():
			}
			continue
		}
		sleep(ctx, c.clock, next.Sub(c.clock.Now()), c.outbox.kick)
	}
}

// sendReady starts what can be sent, each in a goroutine, and tells when to look again.
func (c *Client) sendReady() (next time.Time) {
	c.mu.Lock()
	list, next := c.outbox.ready(c.clock.Now())
	var args []wire.Send
	for _, l := range list {
		l.flying = true
		args = append(args, wire.Send{Room: l.Room, Text: l.Text, Nonce: l.Nonce})
	}
	c.mu.Unlock()
	for _, a := range args {
		c.spawn(func(ctx context.Context) { c.deliver(ctx, a) })
	}
	return next
}

var errNotOurs = errors.New("the answer is not about this message")

// deliver sends one message and takes note of the answer.
func (c *Client) deliver(ctx context.Context, a wire.Send) {
	var m wire.Message
	err := c.Do(ctx, wire.CmdSend, a, &m)
	if err == nil && (m.Seq == 0 || m.Room != a.Room) {
		err = errNotOurs
	}
	var e effects
	c.mu.Lock()
	if l := c.outbox.find(a.Nonce); l != nil {
		l.flying = false
		if err == nil {
			c.outbox.answered(l, m)
			c.outbox.settleAnswered(c.state.rooms, &e)
		} else if ctx.Err() == nil {
			c.outbox.refused(l, err, c.clock.Now(), c.jitterLocked)
		}
		e.tell(ChangeOutbox, a.Room)
	}
	c.mu.Unlock()
	c.outbox.wake()
	c.follow(e)
}

// savedLetter is a message of the outbox as the Store keeps it.
type savedLetter struct {
	Nonce   string        `json:"nonce"`
	Room    string        `json:"room"`
	Text    string        `json:"text"`
	Created wire.Time     `json:"created"`
	Problem *wire.Problem `json:"problem,omitempty"` // it has failed
}

// outboxKey is where the Store keeps a message: apart for each person, as the
// next one who signs in must not send it.
func (c *Client) outboxKey(nonce string) string { return "outbox/" + c.Me().ID + "/" + nonce }

// saveNext saves one message. When the Store refuses, the message is kept in
// memory and sent all the same: better than not at all.
func (c *Client) saveNext(ctx context.Context) bool {
	c.mu.Lock()
	l := c.outbox.dirty()
	if l == nil {
		c.mu.Unlock()
		return false
	}
	l.dirty = false
	s := savedLetter{l.Nonce, l.Room, l.Text, l.Created, l.Problem}
	c.mu.Unlock()

	c.keep(ctx, c.outboxKey(s.Nonce), wire.Encode(s))

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.outbox.find(s.Nonce) == nil {
		c.outbox.drop = append(c.outbox.drop, s.Nonce) // settled in the meantime
	}
	return true
}

// dropNext deletes one message from the Store.
func (c *Client) dropNext(ctx context.Context) bool {
	c.mu.Lock()
	if len(c.outbox.drop) == 0 {
		c.mu.Unlock()
		return false
	}
	nonce := c.outbox.drop[0]
	c.outbox.drop = c.outbox.drop[1:]
	c.mu.Unlock()
	c.keep(ctx, c.outboxKey(nonce), nil)
	return true
}

func (c *Client) keep(ctx context.Context, key string, value []byte) {
	ctx, cancel := within(ctx, c.clock, storeTimeout, errStoreSlow)
	defer cancel()
	if err := c.store.Save(ctx, key, value); err != nil && ctx.Err() == nil {
		c.log("parley: the outbox is kept in memory only: %v", err)
	}
}

// restoreOutbox reads what was kept from an earlier run.
func (c *Client) restoreOutbox(ctx context.Context) {
	prefix := c.outboxKey("")
	ctx, cancel := within(ctx, c.clock, storeTimeout, errStoreSlow)
	defer cancel()
	keys, err := c.store.Keys(ctx, prefix)
	if err != nil {
		c.log("parley: the outbox of an earlier run cannot be read: %v", err)
	}
	var saved []*letter
	for _, key := range keys {
		var s savedLetter
		value, err := c.store.Load(ctx, key)
		if err != nil || json.Unmarshal(value, &s) != nil || s.Nonce == "" {
			c.log("parley: %s cannot be read", key)
			continue
		}
		l := &letter{Outgoing: Outgoing{Nonce: s.Nonce, Room: s.Room, Text: s.Text, Created: s.Created, Problem: s.Problem}}
		if s.Problem != nil {
			l.State = Failed
		}
		saved = append(saved, l)
	}
	c.mu.Lock()
	c.outbox.restore(saved)
	c.mu.Unlock()
	c.watch.tell(Change{Kind: ChangeOutbox})
}
