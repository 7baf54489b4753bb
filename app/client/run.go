package client

import (
	"context"
	"errors"
	"time"

	"parley/shared/wire"
)

// runner does what the ladder says. Everything in it belongs to the goroutine
// of run; links report through heard.
type runner struct {
	client *Client
	ladder *ladder
	links  map[int]*openedLink
	heard  chan heard
	synced chan synced
	swept  chan struct{}
	sync   resync
	share  share

	cursor     string    // everything up to here has been applied
	carrier    int       // the link that is applied, 0 when none
	lostAt     time.Time // when the last carrier ended
	newSession bool      // nothing has carried it yet
	why        error     // what went wrong last
	sweeping   bool      // a Wake waits for that
}

// openedLink is a link, its goroutine, and what it will repeat.
type openedLink struct {
	link    link
	rung    Rung
	stop    context.CancelFunc
	overlap overlap
}

func newRunner(c *Client) *runner {
	r := &runner{
		client: c, ladder: newLadder(c.jitter), links: map[int]*openedLink{},
		heard: make(chan heard), synced: make(chan synced), swept: make(chan struct{}),
	}
	r.ladder.only = c.only
	return r
}

// run works until ctx ends or the login does.
func (r *runner) run(ctx context.Context) error {
	defer r.leave()
	if r.client.resumes {
		r.resume(ctx)
	} else {
		r.startSync(ctx)
	}
	for {
		r.obey(ctx)
		timer := r.timer()
		var due <-chan time.Time
		if timer != nil {
			due = timer.C()
		}
		var err error
		select {
		case h := <-r.heard:
			err = r.hear(ctx, h)
		case s := <-r.synced:
			err = r.takeSync(ctx, s)
		case m := <-r.share.heard:
			r.hearTab(ctx, m)
		case e := <-r.share.elected:
			r.takeElection(ctx, e)
		case m := <-r.share.met:
			r.takeMet(ctx, m)
		case <-r.share.lost:
			r.lostLead(ctx)
		case <-due:
			r.tick(ctx)
		case <-r.client.resyncs:
			r.startSync(ctx)
		case <-r.client.wakes:
			r.wake(ctx)
		case <-r.swept:
			r.sweeping = false
			r.ladder.wake(r.now())
		case err = <-r.client.fatal:
		case <-ctx.Done():
			err = ctx.Err()
		}
		if timer != nil {
			timer.Stop()
		}
		if err != nil {
			return err
		}
	}
}

// leave ends what is open. The goroutines end with Run's context.
func (r *runner) leave() {
	for id := range r.links {
		r.close(id)
	}
	r.leaveTabs()
	r.client.carry(nil)
	r.client.setStatus(func(s *Status) { s.Live, s.Retry = false, time.Time{} })
}

func (r *runner) now() time.Time { return r.client.clock.Now() }

// timer runs until the next deadline; nil when there is none.
func (r *runner) timer() Timer {
	at := r.ladder.deadline()
	for _, other := range []time.Time{r.sync.retryAt, r.client.nextFade(), r.followDeadline()} {
		at = earlier(at, other)
	}
	if at.IsZero() {
		return nil
	}
	return r.client.clock.NewTimer(max(0, at.Sub(r.now())))
}

func (r *runner) tick(ctx context.Context) {
	now := r.now()
	r.client.fade(now)
	r.ladder.tick(now)
	r.tickFollow(ctx, now)
	if !r.sync.retryAt.IsZero() && !now.Before(r.sync.retryAt) {
		r.startSync(ctx)
	}
}

func (r *runner) wake(ctx context.Context) {
	r.wakeSync(ctx)
	switch {
	case r.following():
		r.wakeFollow()
	case !r.sweep() || r.ladder.nearest() == WebSocket: // which has a connection of its own
		r.ladder.wake(r.now())
	} // else once the sweep is over, as what is begun on a dead connection hangs
}

// sweep tells whether the Net is dropping dead connections. It begins to if it
// can, should, and has not just done so.
func (r *runner) sweep() bool {
	c := r.client
	net, can := c.net.(Sweeper)
	now := r.now()
	c.mu.Lock()
	due := can && c.sweep && now.Sub(c.swept) >= sweepPause
	c.sweep = false
	if due {
		c.swept = now
	}
	c.mu.Unlock()
	if due && !r.sweeping {
		r.sweeping = true
		c.spawn(func(ctx context.Context) {
			net.Sweep(ctx)
			select {
			case r.swept <- struct{}{}:
			case <-ctx.Done():
			}
		})
	}
	return r.sweeping
}

// hear takes what a link says. The error ends Run.
func (r *runner) hear(ctx context.Context, h heard) error {
	switch {
	case h.pong:
		r.ladder.alive(h.id)
	case h.err != nil:
		return r.ended(ctx, h.id, h.err)
	default:
		return r.batch(ctx, h.id, h.batch)
	}
	return nil
}

// batch applies a batch, if it is the carrier's or makes its link the carrier.
func (r *runner) batch(ctx context.Context, id int, b wire.Batch) error {
	now := r.now()
	if r.links[id] == nil || !r.ladder.batch(now, id) {
		return nil
	}
	r.obey(ctx) // so that the carrier is the one that the ladder means
	if b.Reset {
		r.client.log("parley: the server's log does not go on from our cursor; reading everything again")
		r.planSync(ctx)
		return nil
	}
	if err := r.apply(id, b); err != nil {
		return r.ended(ctx, id, err)
	}
	r.sync.resets = 0
	if b.ReconnectMS > 0 {
		r.why = errRestarting
		r.ladder.drained(now, id, time.Duration(b.ReconnectMS)*time.Millisecond)
	}
	return nil
}

var errRestarting = errors.New("the server is restarting")

// apply moves the state and the cursor, and notes for the other links what
// they are going to repeat.
func (r *runner) apply(id int, b wire.Batch) error {
	carrier := r.links[id]
	fresh, level, err := carrier.overlap.fresh(b.Events)
	if err != nil {
		r.client.log("parley: %s: %v", carrier.rung, err)
		return err
	}
	for other, l := range r.links {
		if other != id {
			l.overlap.applied(fresh)
		}
	}
	before := r.cursor
	if level {
		r.cursor = b.Cursor
	}
	r.client.apply(fresh, r.cursor, !b.More, r.now())
	r.publish(before, fresh, b.More)
	return nil
}

// ended takes note of a link's end. The error ends Run.
func (r *runner) ended(ctx context.Context, id int, err error) error {
	if r.links[id] == nil {
		return nil
	}
	r.close(id)
	code := wire.CodeFrom(err)
	if code == wire.CodeUnauthenticated {
		return err
	}
	r.why = err
	if code == wire.CodeBadRequest { // it cannot read our cursor
		r.client.log("parley: the feed refuses our cursor: %v", err)
		r.planSync(ctx)
		return nil
	}
	if wait := retryAfter(err); wait > 0 && code == wire.CodeUnavailable { // it is draining
		r.ladder.drained(r.now(), id, wait+r.client.jitter(wait))
		return nil
	}
	how := abrupt
	if isOrderly(err) {
		how = orderly
	}
	r.ladder.broke(r.now(), id, how)
	return nil
}
