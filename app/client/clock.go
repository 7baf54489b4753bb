package client

import (
	"context"
	"time"
)

// Clock is time. The real one is [SystemClock].
type Clock interface {
	Now() time.Time
	NewTimer(d time.Duration) Timer
}

// Timer is a time.Timer behind an interface.
type Timer interface {
	C() <-chan time.Time
	Stop() bool
}

// SystemClock is the clock of the machine.
type SystemClock struct{}

// Now is the time.
func (SystemClock) Now() time.Time { return time.Now() }

// NewTimer starts a timer.
func (SystemClock) NewTimer(d time.Duration) Timer { return systemTimer{time.NewTimer(d)} }

type systemTimer struct{ *time.Timer }

func (t systemTimer) C() <-chan time.Time { return t.Timer.C }

// sleep waits for d, until ctx ends, or for one of wake. It tells whether ctx
// still goes on.
func sleep(ctx context.Context, clock Clock, d time.Duration, wake <-chan struct{}) bool {
	t := clock.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C():
	case <-wake:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// within is ctx with an end after d, which is reason. Unlike
// context.WithTimeoutCause it goes by the given clock.
func within(ctx context.Context, clock Clock, d time.Duration, reason error) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	t := clock.NewTimer(d)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-t.C():
			cancel(reason)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		t.Stop()
		cancel(nil)
		<-done
	}
}
