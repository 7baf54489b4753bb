package feed

import (
	"context"
	"fmt"

	"parley/server/store"
)

// Drain gives every connection a last batch with ReconnectMS, spread at random,
// and then [ErrDraining]; from now on Subscribe refuses. It waits until all are
// closed, or gives the error of ctx with what is left.
func (f *Feed) Drain(ctx context.Context) error {
	drained := f.startDraining()
	select {
	case <-drained:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%d connections are still open: %w", f.Stats().Conns, ctx.Err())
	}
}

func (f *Feed) startDraining() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.draining = true
	if f.drained == nil {
		f.drained = make(chan struct{})
		for c := range f.conns {
			c.reconnect = int((reconnectMin + f.o.random(reconnectSpread)).Milliseconds())
			c.notify()
		}
		f.checkDrained()
	}
	return f.drained
}

// checkDrained tells Drain when nothing is open any more. Feed.mu is held.
func (f *Feed) checkDrained() {
	if f.drained == nil || len(f.conns) > 0 {
		return
	}
	select {
	case <-f.drained:
	default:
		close(f.drained)
	}
}

// Revoke ends the connections of a login session or API token with
// [ErrRevoked]. Call it after the credential has gone from the store: then
// nobody who subscribes at the same moment slips through.
func (f *Feed) Revoke(credential store.Hash) {
	if credential == (store.Hash{}) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for c := range f.conns {
		if c.credential == credential && c.err == nil {
			f.count.revoked++
			c.end(ErrRevoked)
		}
	}
}

// RevokeUser ends all connections and sessions of a user with [ErrRevoked], at
// once and without grace. A published event that deactivates a user does the same.
func (f *Feed) RevokeUser(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u := f.users[id]; u != nil {
		f.count.revoked += uint64(len(u.conns))
		f.expel(u, ErrRevoked)
	}
}
