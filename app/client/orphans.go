package client

import (
	"context"

	"parley/shared/wire"
)

// restoreOutbox takes up what was kept from earlier runs: all of it where this
// client is alone, else what belongs to no tab that is there. Tabs do so one after
// the other, so that each letter finds one owner.
func (c *Client) restoreOutbox(ctx context.Context) {
	c.mu.Lock()
	tab := c.tab
	c.mu.Unlock()
	if tab == nil {
		c.takeUp(ctx, nil)
		return
	}
	// A tab that is frozen in the middle must not keep the others from sending.
	waiting, cancel := c.stored(ctx)
	defer cancel()
	err := tab.Alone(waiting, func() {
		others, err := tab.Alive(ctx)
		if err != nil {
			c.log("parley: it is not known which tabs are there: %v", err)
			return
		}
		c.takeUp(ctx, others)
	})
	if err != nil && ctx.Err() == nil {
		c.log("parley: the letters of earlier tabs wait: %v", err)
	}
}

// adopt keeps letters as this tab's, before any other tab looks. Those that it
// has already are its own.
func (c *Client) adopt(ctx context.Context, found []*letter) {
	c.mu.Lock()
	records := map[*letter]Record{}
	for _, l := range found {
		if c.tab != nil && c.outbox.find(l.Nonce) == nil {
			records[l] = Record{outboxPrefix + c.state.me.ID + "/" + l.Nonce, wire.Encode(c.saved(l))}
		}
	}
	c.mu.Unlock()
	for l, r := range records { // not in the outbox yet, so nobody else's
		l.kept, l.dirty = c.saveLetter(ctx, r, l.kept), false
	}
}
