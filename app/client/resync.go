package client

import (
	"context"
	"encoding/json"
	"time"

	"parley/shared/wire"
)

// resync is how the runner stands with /sync. While one is under way or
// planned, the ladder is halted.
type resync struct {
	fails   int
	retryAt time.Time // zero: none is planned
}

// synced is what became of a /sync.
type synced struct {
	state wire.Sync
	first Rung // to start on, when it is the first sync
	known bool // it has worked here before
	err   error
}

// startSync reads the state again; the feed stands still until it is there.
func (r *runner) startSync(ctx context.Context) {
	r.ladder.halt()
	r.sync.retryAt = time.Time{}
	r.client.spawn(func(context.Context) {
		var s wire.Sync
		err := r.client.Get(ctx, "/sync", &s)
		first, known := r.remembered(ctx)
		select {
		case r.synced <- synced{s, first, known, err}:
		case <-ctx.Done():
		}
	})
}

// takeSync goes on from a new state, or plans the next try. The error ends Run.
func (r *runner) takeSync(s synced) error {
	if s.err == nil && s.state.Cursor == "" {
		s.err = foreignError{200}
	}
	if s.err != nil {
		return r.syncFailed(s.err)
	}
	r.sync = resync{}
	first := r.client.takeState(s.state)
	r.cursor = s.state.Cursor
	r.ladder.silence = 2 * time.Duration(s.state.Heartbeat) * time.Second
	if first {
		r.client.spawn(r.client.runOutbox)
		r.ladder.begin(r.now(), s.first, s.known)
	} else {
		r.ladder.begin(r.now(), r.ladder.start(), false)
	}
	return nil
}

func (r *runner) syncFailed(err error) error {
	if wire.CodeFrom(err) == wire.CodeUnauthenticated {
		return err
	}
	r.why = err
	r.sync.fails++
	wait := backoff(r.sync.fails, r.client.jitter)
	r.sync.retryAt = r.now().Add(max(wait, retryAfter(err)))
	return nil
}

// rungKey is where the Store keeps the rung that worked last.
const rungKey = "rung"

// rungMemory is for how long a rung is remembered: tomorrow the laptop is in
// another network.
const rungMemory = 24 * time.Hour

type savedRung struct {
	Rung Rung      `json:"rung"`
	At   wire.Time `json:"at"`
}

// remember keeps the rung that works here for the next start.
func (r *runner) remember(rung Rung) {
	c := r.client
	value := wire.Encode(savedRung{rung, wire.TimeOf(r.now())})
	c.spawn(func(ctx context.Context) {
		ctx, cancel := within(ctx, c.clock, storeTimeout, errStoreSlow)
		defer cancel()
		if err := c.store.Save(ctx, rungKey, value); err != nil {
			c.log("parley: the rung is not remembered: %v", err)
		}
	})
}

// remembered is the rung to start on. known tells that it has worked here.
func (r *runner) remembered(ctx context.Context) (first Rung, known bool) {
	ctx, cancel := within(ctx, r.client.clock, storeTimeout, errStoreSlow)
	defer cancel()
	var saved savedRung
	value, err := r.client.store.Load(ctx, rungKey)
	if err != nil || json.Unmarshal(value, &saved) != nil {
		return WebSocket, false
	}
	age := wire.TimeOf(r.now()).Sub(saved.At)
	if saved.Rung < WebSocket || saved.Rung > ShortPoll || age < 0 || age > rungMemory {
		return WebSocket, false
	}
	return saved.Rung, true
}
