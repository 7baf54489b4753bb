package feed

import (
	"context"
	"fmt"
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
