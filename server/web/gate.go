package web

import (
	"context"
	"sync"
)

// gate counts who is inside, and can be shut: then nobody enters any more and
// the last to leave can be waited for.
type gate struct {
	// guarded by mu
	mu    sync.Mutex
	n     int
	shut  bool
	empty chan struct{} // closed when shut and n is 0
}

func newGate() *gate { return &gate{empty: make(chan struct{})} }

// enter gives the function to leave by, or false when the gate is shut.
func (g *gate) enter() (leave func(), ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return nil, false
	}
	g.n++
	return g.leave, true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.n--; g.shut && g.n == 0 {
		close(g.empty)
	}
}

// close shuts the gate. Call it once.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = true
	if g.n == 0 {
		close(g.empty)
	}
}

// wait returns when the shut gate has nobody inside, or when ctx ends.
func (g *gate) wait(ctx context.Context) error {
	select {
	case <-g.empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
