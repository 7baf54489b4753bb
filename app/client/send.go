package client

import (
	"errors"

	"parley/shared/wire"
)

// Send puts a message in the outbox and gives its nonce; it is sent until it is
// answered. The error is a *wire.Problem for a text that no server takes, or
// says that the outbox is full; then nothing is kept.
func (c *Client) Send(room, text string) (nonce string, err error) { return c.Reply(room, text, 0) }

// Reply is Send of what answers a message of the room, or with 0 none.
func (c *Client) Reply(room, text string, replyTo uint64) (nonce string, err error) {
	text, err = wire.CleanText(text)
	if err != nil {
		return "", err
	}
	nonce = c.newName()
	c.mu.Lock()
	err = c.outbox.add(nonce, room, text, replyTo, wire.TimeOf(c.clock.Now()))
	delete(c.typed, room) // the message takes the notice away: the next key brings it back
	c.mu.Unlock()
	if err != nil {
		return "", err
	}
	c.keepNow(nonce)
	c.outboxChanged(room)
	return nonce, nil
}

// Retry sends a failed message once more. It keeps its nonce, as the answer may
// have been wrong about it, unless the server knows the nonce with other content.
func (c *Client) Retry(nonce string) {
	fresh := c.newName()
	c.mu.Lock()
	l := c.outbox.find(nonce)
	if l == nil || l.State != Failed {
		c.mu.Unlock()
		return
	}
	if errors.Is(l.Problem, wire.Errorf(wire.CodeConflict, "")) {
		c.outbox.drop = append(c.outbox.drop, l.Nonce)
		l.Nonce = fresh
	}
	l.State, l.Problem, l.dirty = Sending, nil, true
	c.mu.Unlock()
	c.outboxChanged(l.Room)
}

// Discard gives a failed message up and gives its text back, "" if there is no
// such message.
func (c *Client) Discard(nonce string) string {
	c.mu.Lock()
	l := c.outbox.find(nonce)
	if l == nil || l.State != Failed {
		c.mu.Unlock()
		return ""
	}
	c.outbox.remove(nonce)
	c.mu.Unlock()
	c.outboxChanged(l.Room)
	return l.Text
}

// Unsent tells whether something in the outbox waits for the network.
func (c *Client) Unsent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.outbox.list {
		if l.State == Sending && !l.dirty && (l.fails > 0 || !c.state.status.Live) {
			return true
		}
	}
	return false
}

func (c *Client) outboxChanged(room string) {
	c.outbox.wake()
	c.watch.tell(Change{Kind: ChangeOutbox, Room: room})
}
