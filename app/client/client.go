package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"parley/shared/wire"
)

// Config is what a client is made of.
type Config struct {
	Net    Net
	Store  Store                            // nil: nothing is kept between runs
	DB     Database                         // nil: the outbox is kept in the Store, and no state is
	Blobs  Blobs                            // nil: files that wait to be sent live as long as the page
	Clock  Clock                            // nil: SystemClock
	Rand   *rand.Rand                       // nil: one with a random seed. The client's from now on
	Log    func(format string, args ...any) // for what should not happen; nil: nowhere
	Start  *wire.Snapshot                   // what is known already; nil: the server is asked for everything
	Only   *Rung                            // carries the feed and no other may; nil: the best that works
	Cached *Cached                          // the same, as this browser has kept it; Start comes first

	// Tabs is asked once it is known who is signed in: the tabs in which the same
	// person is, or nil when nothing can be shared. Without it the client is alone.
	Tabs func(user string) Tabs
}

// Client is one signed-in page: it follows the feed, keeps what was said, and
// sends. All methods may be called from any goroutine; what they return is a
// copy.
type Client struct {
	// static after construction
	net     Net
	store   Store
	db      Database
	blobs   Blobs
	pieces  chan struct{} // one token for each piece of a file on its way
	clock   Clock
	log     func(format string, args ...any)
	tabs    func(user string) Tabs
	only    *Rung
	resumes bool // there is a snapshot to start from
	watch   watch
	outbox  outbox
	reads   reads
	cache   cache
	wakes   chan struct{} // a Wake for the runner
	resyncs chan struct{} // the state has to be read anew
	fatal   chan error    // why Run must end

	// guarded by mu
	mu      sync.Mutex
	rand    *rand.Rand
	running bool
	work    *sync.WaitGroup // of Run's goroutines, while running
	ctx     context.Context // of Run, while running
	state   state
	carrier *wsLink // commands go over it; nil when another rung carries the feed
	typed   map[string]time.Time
	session string        // this page's name in the feed, while it carries it
	tab     Tabs          // whose letters are this tab's; nil: all of them
	leads   bool          // this tab does, for all that share its feed
	renewed chan struct{} // closed when the network may be another one
	swept   time.Time     // when the Net's connections were swept last
	sweep   bool          // they are to be
}

// New makes a client. Nothing happens before [Client.Run].
func New(c Config) *Client {
	cl := &Client{
		net: c.Net, store: c.Store, db: c.DB, blobs: c.Blobs, clock: c.Clock, log: c.Log, rand: c.Rand, tabs: c.Tabs, only: c.Only,
		wakes: make(chan struct{}, 1), resyncs: make(chan struct{}, 1), fatal: make(chan error, 1), pieces: make(chan struct{}, maxPieces),
		renewed: make(chan struct{}), state: newState(), typed: map[string]time.Time{},
	}
	if cl.store == nil {
		cl.store = noStore{}
	}
	if cl.db == nil {
		cl.db = noDatabase{}
	}
	if cl.blobs == nil {
		cl.blobs = noBlobs{}
	}
	if cl.clock == nil {
		cl.clock = SystemClock{}
	}
	if cl.rand == nil {
		cl.rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if cl.log == nil {
		cl.log = func(string, ...any) {}
	}
	cl.session = cl.newName()
	cl.watch.init()
	cl.outbox.init()
	cl.reads.init()
	cl.cache.init()
	switch {
	case c.Start != nil:
		cl.start(*c.Start)
	case c.Cached != nil:
		cl.startCached(c.Cached)
	}
	return cl
}

// errTwice is returned by Run for a client that was run already.
var errTwice = errors.New("a client runs once")

// Run works until ctx ends or the login is no longer valid (a *wire.Problem
// with wire.CodeUnauthenticated). It owns every goroutine, and all have ended
// when it returns; watchers have then been told everything. A client runs once.
func (c *Client) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var work sync.WaitGroup
	c.mu.Lock()
	if c.work != nil {
		c.mu.Unlock()
		return errTwice
	}
	c.running, c.work, c.ctx = true, &work, ctx
	c.mu.Unlock()

	told := make(chan struct{})
	go func() {
		defer close(told)
		c.watch.run()
	}()
	c.spawn(c.runReads)
	err := newRunner(c).run(ctx)

	cancel()
	c.mu.Lock()
	c.running = false
	c.mu.Unlock()
	work.Wait()
	c.watch.end()
	<-told
	return err
}

// hurry ends the waiting for a connection.
func (c *Client) hurry() {
	c.mu.Lock()
	c.outbox.hurry()
	c.mu.Unlock()
	c.reads.hurry()
}

// spawn runs fn in a goroutine that Run waits for; not at all when Run has ended.
func (c *Client) spawn(fn func(ctx context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running {
		ctx := c.ctx
		c.work.Go(func() { fn(ctx) })
	}
}

// fail ends Run.
func (c *Client) fail(err error) {
	select {
	case c.fatal <- err:
	default:
	}
}

// sweepPause is the least time between two sweeps of connections. Reasons to
// wake come together, and looking at another window is one of them.
const sweepPause = time.Second

// Glances are the reasons to [Client.Wake] after which nothing but a look at the
// feed is due, as neither this page nor its network need have been away.
const (
	GlanceFocus   = "focus"
	GlanceVisible = "visible"
)

// Wake checks the connection now. reason says why: the network came back, the
// page was thawed, or what else the platform tells, or one of the glances.
func (c *Client) Wake(reason string) {
	c.mu.Lock()
	if reason != GlanceFocus && reason != GlanceVisible {
		c.sweep = true
		close(c.renewed)
		c.renewed = make(chan struct{})
	}
	c.mu.Unlock()
	select {
	case c.wakes <- struct{}{}:
	default: // one is waiting already
	}
	c.hurry()
}

// Status is the state of the connection, always true.
func (c *Client) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.status
}

// newName is a random name of 128 bits: a session, a nonce.
func (c *Client) newName() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.newNameLocked()
}

func (c *Client) newNameLocked() string {
	const digits = "0123456789abcdefghijklmnopqrstuv" // 5 bits each
	name := make([]byte, 26)
	for i := range name {
		name[i] = digits[c.rand.IntN(len(digits))]
	}
	return string(name)
}

// jitter is a random time up to limit: full jitter, which spreads the returns
// of many clients best (AWS Architecture Blog, "Exponential Backoff And Jitter").
func (c *Client) jitter(limit time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.jitterLocked(limit)
}

func (c *Client) jitterLocked(limit time.Duration) time.Duration {
	return time.Duration(c.rand.Int64N(int64(limit) + 1))
}

// Back-off after failures: the first try again is at once, the limit of the
// next is backoffMin, doubling to backoffMax.
const (
	backoffMin = 500 * time.Millisecond
	backoffMax = 30 * time.Second
)

// backoff is how long to wait after so many failures in a row, with full jitter.
func backoff(fails int, jitter func(time.Duration) time.Duration) time.Duration {
	if fails <= 1 {
		return 0
	}
	limit := backoffMax
	if fails < 10 {
		limit = min(limit, backoffMin<<(fails-2))
	}
	return jitter(limit)
}

// Me is who is signed in; the zero User before the first sync.
func (c *Client) Me() wire.User {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.me
}
