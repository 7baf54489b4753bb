package client

import (
	"context"
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
		c.keepAgain(ctx)
		if c.saveNext(ctx) {
			continue
		}
		again := c.storeNext()
		if c.dropNext(ctx) {
			continue
		}
		next := earlier(earlier(c.sendReady(), c.keepAgainAt()), again)
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
	var messages []Outgoing
	for _, l := range list {
		l.flying = true
		messages = append(messages, l.copied())
	}
	c.mu.Unlock()
	for _, m := range messages {
		c.spawn(func(ctx context.Context) { c.deliver(ctx, m) })
	}
	return next
}

// earlier is the earlier of two times; a zero one does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

var errNotOurs = errors.New("the answer is not about this message")

// deliver sends one message and takes note of the answer.
func (c *Client) deliver(ctx context.Context, a Outgoing) {
	m, err := c.send(ctx, a)
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

// send sends the files of a message, and then the message.
func (c *Client) send(ctx context.Context, o Outgoing) (m wire.Message, err error) {
	a := wire.Send{Room: o.Room, Text: o.Text, Nonce: o.Nonce, ReplyTo: o.ReplyTo}
	for i := range o.Files {
		u := upload{client: c, letter: o.Nonce, number: i, file: o.Files[i]}
		id, err := u.run(ctx)
		if err != nil {
			return m, err
		}
		a.Files = append(a.Files, id)
	}
	if !c.try(o.Nonce) {
		return m, errSettled
	}
	err = c.Do(ctx, wire.CmdSend, a, &m)
	if err == nil && (m.Seq == 0 || m.Room != a.Room) {
		err = errNotOurs
	}
	if len(a.Files) > 0 && wire.CodeFrom(err) == wire.CodeBadRequest && c.doubt(o.Nonce) {
		return m, errDoubt
	}
	return m, err
}

// try takes note that a message is sent, unless it has been given up.
func (c *Client) try(nonce string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.outbox.find(nonce)
	if l == nil {
		return false
	}
	l.tried = true
	return true
}
