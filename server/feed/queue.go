package feed

import "slices"

// wants tells whether the event at offset belongs into the queue. Feed.mu is
// held, as in all of this file.
func (c *Conn) wants(offset uint64) bool { return c.attached && offset > c.cursor }

// enqueue puts an entry into the queue. A queue that would grow over its bound
// is dropped instead. It tells whether the reader may have to be woken.
func (c *Conn) enqueue(e *entry) (wake bool) {
	if c.queued+e.cost() > c.feed.o.queueBytes {
		c.feed.count.overflows++
		c.detach()
		return true
	}
	c.queue = append(c.queue, e)
	c.queued += e.cost()
	return len(c.queue) == 1
}

// detach drops the queue: the connection goes on from the log.
func (c *Conn) detach() {
	c.queue, c.queued, c.attached = nil, 0, false
}

// attach makes the queue complete from the head on.
func (c *Conn) attach() {
	c.attached, c.from = true, c.feed.head
}

// behind tells whether the connection has to read the log.
func (c *Conn) behind() bool { return !c.attached || c.cursor < c.from }

// near tells whether one read of the log is likely to reach the head. Further
// away a queue would only fill up with what the log is read for anyway.
func (c *Conn) near() bool {
	return c.cursor >= c.feed.head || c.feed.head-c.cursor <= uint64(c.feed.o.scan)
}

// collect takes what fits into one batch and moves the cursor: to the last
// event it takes or, when there is none, to the head. It tells whether there
// is more. The result is valid until the lock is released.
func (c *Conn) collect() (entries []*entry, more bool) {
	f := c.feed
	c.dropSeen()
	var t tally
	entries = f.scratch[:0]
	for _, e := range c.queue {
		if !t.add(len(e.data), &f.o) {
			break
		}
		entries = append(entries, e)
		c.cursor = e.offset
	}
	if len(entries) == 0 {
		c.cursor = max(c.cursor, f.head)
	}
	c.shift(len(entries))
	entries = c.collectEphemeral(entries, &t)
	f.scratch = entries
	return entries, c.waiting()
}

// waiting tells whether something is there right now.
func (c *Conn) waiting() bool {
	return c.behind() || len(c.queue) > 0 || len(c.backlog) > 0 || !c.ephemera.empty()
}

// dropSeen takes what is at or before the cursor out of the queue.
func (c *Conn) dropSeen() {
	n := 0
	for n < len(c.queue) && c.queue[n].offset <= c.cursor {
		n++
	}
	c.shift(n)
}

// shift takes the first n entries out of the queue.
func (c *Conn) shift(n int) {
	if n == 0 {
		return
	}
	for _, e := range c.queue[:n] {
		c.queued -= e.cost()
	}
	c.queue = slices.Delete(c.queue, 0, n)
	if len(c.queue) == 0 && cap(c.queue) > keptQueue {
		c.queue = nil
	}
}
