package client

import "parley/shared/wire"

// Send is [Client.Post] of a text.
func (c *Client) Send(room, text string) (nonce string, err error) {
	return c.Post(room, Draft{Text: text})
}

// Reply is Send of what answers a message of the room, or with 0 none.
func (c *Client) Reply(room, text string, replyTo uint64) (nonce string, err error) {
	return c.Post(room, Draft{Text: text, ReplyTo: replyTo})
}

// Post puts a message in the outbox and gives its nonce; it is sent until it is
// answered. The error is a *wire.Problem for what no server takes, or says that
// the outbox is full; then nothing is kept.
func (c *Client) Post(room string, d Draft) (nonce string, err error) {
	if d, err = c.cleanDraft(d); err != nil {
		return "", err
	}
	c.mu.Lock()
	nonce = c.newNameLocked()
	l, err := c.outbox.add(Outgoing{Nonce: nonce, Room: room, Text: d.Text, ReplyTo: d.ReplyTo}, wire.TimeOf(c.clock.Now()))
	if err == nil {
		l.Files = c.outgoingFiles(d.Files)
	}
	delete(c.typed, room) // the message takes the notice away: the next key brings it back
	c.mu.Unlock()
	if err != nil {
		return "", err
	}
	c.keepNow(nonce)
	c.outboxChanged(room)
	return nonce, nil
}

// Retry sends a failed message once more. It keeps its nonces, as the answer may
// have been wrong about it, unless the server knows them as something else.
func (c *Client) Retry(nonce string) {
	c.mu.Lock()
	l := c.outbox.find(nonce)
	if l == nil || l.State != Failed {
		c.mu.Unlock()
		return
	}
	switch l.Problem.Code {
	case wire.CodeConflict:
		c.outbox.forget(l)
		l.Nonce = c.newNameLocked()
		l.renameFiles(c.newNameLocked)
	case wire.CodeBadRequest: // perhaps of a file: another message has it
		c.outbox.forgetFiles(l)
		l.renameFiles(c.newNameLocked)
	}
	l.State, l.Problem, l.dirty, l.doubted = Sending, nil, true, false
	c.mu.Unlock()
	c.outboxChanged(l.Room)
}

// Discard gives up a message that has failed, or whose files are still on their
// way, and gives back what it was made of, without the files that are gone; ok is
// false if there is no such message, or if it may have been sent. Its files stay where they are kept until they have
// gone with another message, or [Client.Release] says that they will not: until
// then they are read from there.
func (c *Client) Discard(nonce string) (d Draft, ok bool) {
	c.mu.Lock()
	l := c.outbox.find(nonce)
	if l == nil || l.State == Sent || l.State == Sending && (len(l.Files) == 0 || l.tried) {
		c.mu.Unlock()
		return Draft{}, false
	}
	c.outbox.remove(nonce)
	d = Draft{Text: l.Text, ReplyTo: l.ReplyTo, Files: c.outbox.lend(l)}
	c.mu.Unlock()
	c.outboxChanged(l.Room)
	return d, true
}

// Release is for files that Discard gave back and that are not going to be sent.
// Of others nothing is kept: they are left alone.
func (c *Client) Release(files ...Attachment) {
	c.mu.Lock()
	c.outbox.release(files)
	c.mu.Unlock()
	c.outbox.wake()
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
