package client

import (
	"context"
	"time"

	"parley/shared/wire"
)

// orphanWait is how long the outbox waits for its turn to look for what earlier
// tabs have left; then it looks later. A tab that was frozen in the middle must
// not keep the others from sending.
const orphanWait = 5 * time.Second

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
	waiting, cancel := within(ctx, c.clock, orphanWait, errStoreSlow)
	defer cancel()
	err := tab.Alone(waiting, func() {
		there, err := tab.Alive(ctx)
		if err == nil {
			c.takeUp(ctx, there)
		}
	})
	if err != nil {
		c.spawn(func(ctx context.Context) {
			if sleep(ctx, c.clock, orphanWait, nil) {
				c.restoreOutbox(ctx)
			}
		})
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
