package lab

import (
	"context"
	"encoding/base32"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"parley/app/client"
	"parley/shared/wire"
)

const (
	path = "/api/v1/lab"

	// quiet is after how long without a batch a lane is thought dead: at first the
	// server ticks by the second, and later it says when it will be silent.
	quiet = 10 * time.Second

	// openTime is how long opening may take.
	openTime = 10 * time.Second

	// again is the pause before a lane is opened again, and breaks is how often.
	again  = time.Second
	breaks = 3

	// echoEvery is the pause between two numbers that are posted to a lane, and
	// echoes how many there are.
	echoEvery = 700 * time.Millisecond
	echoes    = 20

	// echoTime is after how long a number is thought lost.
	echoTime = 10 * time.Second

	// life is how long a lab runs: less than the server lets a lane live, so that
	// its end is not taken for something that broke.
	life = wire.LabLife - 15*time.Second

	// maxMarks bounds the marks of a lane: a screen has no room for more.
	maxMarks = 2000
)

// Config is what a lab is made of.
type Config struct {
	Net   client.Net
	Clock client.Clock  // nil: the machine's
	Poll  time.Duration // between two short polls; 0: a second
	Rungs []client.Rung // nil: all

	// Changed is called when there is something new to be drawn, from any
	// goroutine. It must not block. nil: nobody draws.
	Changed func()
}

// Lab runs once. All methods may be called from any goroutine.
type Lab struct {
	conf  Config
	began time.Time
	lanes []*lane

	every atomic.Int64 // nanoseconds between two short polls
	ended atomic.Int64 // how long it ran, in nanoseconds; 0 while it does
}

// New makes a lab. Nothing happens before Run.
func New(c Config) *Lab {
	if c.Clock == nil {
		c.Clock = client.SystemClock{}
	}
	if c.Poll <= 0 {
		c.Poll = time.Second
	}
	if c.Rungs == nil {
		c.Rungs = []client.Rung{client.WebSocket, client.SSE, client.LongPoll, client.ShortPoll}
	}
	if c.Changed == nil {
		c.Changed = func() {}
	}
	l := &Lab{conf: c, began: c.Clock.Now()}
	l.every.Store(int64(c.Poll))
	for _, r := range c.Rungs {
		l.lanes = append(l.lanes, newLane(l, r))
	}
	return l
}

// Run works until ctx ends, or everything has been seen, and all goroutines have
// ended.
func (l *Lab) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var work sync.WaitGroup
	work.Go(func() {
		if l.sleep(ctx, life) {
			cancel()
		}
	})
	for _, lane := range l.lanes {
		work.Go(func() { lane.run(ctx) })
		work.Go(func() { lane.runEchoes(ctx) })
	}
	work.Wait()
	l.ended.Store(int64(l.since()))
}

// Report is what was found so far.
func (l *Lab) Report() Report {
	r := Report{Took: l.since(), Poll: l.poll()}
	for _, lane := range l.lanes {
		r.Lanes = append(r.Lanes, lane.report())
	}
	return r
}

// SetPoll sets the time between two short polls, also while they run: what they
// cost is counted anew.
func (l *Lab) SetPoll(d time.Duration) {
	l.every.Store(int64(d))
	for _, n := range l.lanes {
		if n.out.Rung != client.ShortPoll { // static
			continue
		}
		n.change(func(o *Lane) { o.Polls, o.Polled, o.Vain, o.PollsSince = 0, 0, 0, l.since() })
		select {
		case n.sooner <- struct{}{}:
		default:
		}
	}
}

func (l *Lab) poll() time.Duration { return time.Duration(l.every.Load()) }

func (l *Lab) since() time.Duration {
	if ran := l.ended.Load(); ran > 0 {
		return time.Duration(ran)
	}
	return l.conf.Clock.Now().Sub(l.began)
}

// sleep waits, and tells whether ctx goes on.
func (l *Lab) sleep(ctx context.Context, d time.Duration) bool {
	t := l.conf.Clock.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C():
		return true
	case <-ctx.Done():
		return false
	}
}

// lane is a rung at work.
type lane struct {
	lab  *Lab
	name string
	open chan struct{} // closed when the first batch is there

	sooner chan struct{} // the pause between two short polls has changed

	mu     sync.Mutex // guards what follows
	out    Lane
	fast   time.Duration // the least that arrival was behind the server's clock
	heard  bool          // fast is true
	began  time.Time     // when this connection was asked for
	isOpen bool          // this connection is
	last   time.Time     // when a batch came last on this connection
	sent   map[string]time.Time
	socket client.Socket // to post over, when this is a WebSocket that is open
}

func newLane(l *Lab, r client.Rung) *lane {
	var random [15]byte
	for i := range random {
		random[i] = byte(rand.Uint32()) // seeded by the browser; the app does without crypto/rand
	}
	return &lane{
		lab: l, name: base32.StdEncoding.EncodeToString(random[:]), open: make(chan struct{}),
		sooner: make(chan struct{}, 1), out: Lane{Rung: r}, sent: map[string]time.Time{},
	}
}

func (n *lane) now() time.Time { return n.lab.conf.Clock.Now() }

// change changes what is found, and has it drawn.
func (n *lane) change(fn func(*Lane)) {
	n.mu.Lock()
	fn(&n.out)
	n.mu.Unlock()
	n.lab.conf.Changed()
}

func (n *lane) report() Lane {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.out
	r.Trips, r.Marks, r.Events = slices.Clone(r.Trips), slices.Clone(r.Marks), slices.Clone(r.Events)
	return r
}

// note adds to what happened. mu is held.
func (n *lane) note(e Event) {
	e.At = n.lab.since()
	n.out.Events = append(n.out.Events, e)
}

func (n *lane) path(after int, wait string) string {
	p := path + "?lane=" + n.name + "&after=" + strconv.Itoa(after)
	if wait != "" {
		p += "&wait=" + wait
	}
	return p
}

func (n *lane) sleep(ctx context.Context, d time.Duration) bool { return n.lab.sleep(ctx, d) }

// pause waits until it is time for the next short poll, and tells whether ctx
// goes on.
func (n *lane) pause(ctx context.Context) bool {
	for began := n.now(); ; {
		t := n.lab.conf.Clock.NewTimer(n.lab.poll() - n.now().Sub(began))
		select {
		case <-t.C():
			return true
		case <-n.sooner:
			t.Stop()
		case <-ctx.Done():
			t.Stop()
			return false
		}
	}
}
