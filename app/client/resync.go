package client

import (
	"context"
	"encoding/json"
	"time"

	"parley/shared/wire"
)

// syncMost is how long a sync may take after others have failed: that of a big
// community over a slow line.
const syncMost = time.Minute

// resync is how the runner stands with /sync. While one is under way or
// planned, the ladder is halted.
type resync struct {
	fails   int
	resets  int       // of the feed, since it has last gone on
	retryAt time.Time // zero: none is planned
	began   time.Time // of the one under way
	cancel  context.CancelFunc
	id      int // of the newest: what older ones bring is out of date
}

// synced is what became of a /sync.
type synced struct {
	id      int
	resumed bool // nothing was asked: the snapshot's state stands
	state   wire.Sync
	first   Rung // to start on, when it is the first sync
	known   bool // it has worked here before
	err     error
}

// planSync reads the state again after a reset: at once, unless a server
// resets again and again.
func (r *runner) planSync(ctx context.Context) {
	r.stand()
	r.sync.resets++
	if wait := backoff(r.sync.resets, r.client.jitter); wait > 0 {
		r.sync.retryAt = r.now().Add(wait)
	} else {
		r.startSync(ctx)
	}
}

// startSync reads the state again; the feed stands still until it is there.
func (r *runner) startSync(ctx context.Context) {
	r.stand()
	if r.sync.cancel != nil {
		r.sync.cancel()
	}
	ctx, cancel := context.WithCancel(ctx)
	r.sync.retryAt, r.sync.began, r.sync.cancel = time.Time{}, r.now(), cancel
	r.sync.id++
	id, timeout := r.sync.id, min(answerTimeout<<min(r.sync.fails, 2), syncMost)
	c := r.client
	c.spawn(func(context.Context) {
		s := synced{id: id}
		s.err = c.request(ctx, timeout, Request{Method: "GET", Path: base + "/sync"}, &s.state)
		s.first, s.known = r.remembered(ctx)
		select {
		case r.synced <- s:
		case <-ctx.Done():
		}
	})
}

// wakeSync starts at once what is planned, and again what may hang in a network
// that is gone.
func (r *runner) wakeSync(ctx context.Context) {
	hangs := r.sync.cancel != nil && r.now().Sub(r.sync.began) > wakeBurst
	if hangs || !r.sync.retryAt.IsZero() {
		r.sync.fails, r.sync.resets = 0, 0
		r.startSync(ctx)
	}
}

// errSomebodyElse ends Run when another person has signed in in this browser:
// what is shown and sent here would be mixed up.
var errSomebodyElse = wire.Errorf(wire.CodeUnauthenticated, "Somebody else has signed in.")

// takeSync goes on from a new state, or plans the next try. The error ends Run.
func (r *runner) takeSync(ctx context.Context, s synced) error {
	if s.id != r.sync.id {
		return nil
	}
	r.sync.cancel()
	r.sync.cancel = nil
	if s.resumed {
		r.begin(ctx, s)
		return nil
	}
	if s.err == nil && s.state.Cursor == "" {
		s.err = foreignError{200}
	}
	if s.err != nil {
		return r.syncFailed(s.err)
	}
	if me := r.client.Me().ID; me != "" && me != s.state.Me.ID {
		return errSomebodyElse
	}
	r.sync.fails = 0
	first := r.client.takeState(s.state)
	r.cursor = s.state.Cursor
	if first {
		r.begin(ctx, s)
		return nil
	}
	r.setSilence()
	switch {
	case !r.following():
		r.ladder.begin(r.now(), r.ladder.start(), false)
		r.tellPlace()
	case r.share.follow.leader != "":
		r.meet()
	}
	return nil
}

// begin starts the feed and the outbox for the first time.
func (r *runner) begin(ctx context.Context, s synced) {
	r.setSilence()
	r.join(ctx, s.first, s.known)
	r.client.spawn(r.client.runOutbox)
	if _, none := r.client.db.(noDatabase); !none {
		r.client.spawn(r.client.runCache)
	}
}

// setSilence tells the ladder after which silence a connection is dead.
func (r *runner) setSilence() {
	r.client.mu.Lock()
	defer r.client.mu.Unlock()
	r.ladder.silence = 2 * r.client.state.heartbeat
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
	if c.only != nil {
		return // it was somebody's choice, not the network's
	}
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

// stand lets the feed stand still, whoever carries it.
func (r *runner) stand() {
	r.ladder.halt()
	r.endMeeting()
	r.share.follow.joined = false
}

// isSyncing tells whether the state is being read again, or going to be.
func (r *runner) isSyncing() bool { return r.sync.cancel != nil || !r.sync.retryAt.IsZero() }
