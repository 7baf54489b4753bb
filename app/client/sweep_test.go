package client

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

// sweepingNet has connections that may have died.
type sweepingNet struct {
	*fakeNet
	swept atomic.Int64
}

func (n *sweepingNet) Sweep(ctx context.Context) {
	n.swept.Add(1)
	_ = pause(ctx, 300*ms)
}

// After an outage dead connections are swept before a rung is tried that would
// hang on them, once for all reasons that come together. A WebSocket need not
// wait: it has a connection of its own.
func TestWakeSweeps(t *testing.T) {
	for _, c := range []struct {
		name   string
		bad    weather
		rung   Rung
		reason string
		swept  int64
		wait   time.Duration // until the first rung is tried
	}{
		{"WebSocket", weather{}, WebSocket, "online", 1, 0},
		{"SSE", weather{ws: fault{refuse: 400}}, SSE, "online", 1, 300 * ms},
		{"SSE, at a glance", weather{ws: fault{refuse: 400}}, SSE, GlanceFocus, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			inWorld(t, 51, func(w *world) {
				w.sweeps = &sweepingNet{}
				w.net.set(c.bad)
				w.run()
				w.on(c.rung, 2*time.Second)
				w.after(12 * time.Second)
				w.net.set(weather{down: true})
				w.after(20 * time.Second)
				w.net.set(c.bad)
				tried := len(w.net.began())
				for range 5 {
					w.client.Wake(c.reason)
					w.after(time.Millisecond)
				}
				took := w.until("tried", 2*time.Second, func() bool { return len(w.net.began()) > tried })
				if took < c.wait || took > c.wait+50*ms {
					t.Errorf("tried after %v, not %v", took, c.wait)
				}
				w.on(c.rung, time.Second)
				if n := w.sweeps.swept.Load(); n != c.swept {
					t.Errorf("swept %d times", n)
				}
			})
		})
	}
}
