package hooks

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"parley/server/chat"
	"parley/server/store"
)

// Options are the settings of Open. Env and Submit are needed.
type Options struct {
	Env    chat.Env
	Submit func(context.Context, chat.Entry) (any, error) // the journal's

	// Private allows posting to private networks.
	Private bool

	Log *slog.Logger // default: slog.Default()

	resolver *net.Resolver     // of tests
	post     http.RoundTripper // of tests: nil is the network
	pace     pace
}

// pace is how fast things go; tests are quicker.
type pace struct {
	gather time.Duration // what follows an event so closely is looked at with it
	note   time.Duration // between two notes of how far webhooks have come
	retry  time.Duration // after the store could not be read
	first  time.Duration // from the first attempt to deliver to the second
	most   time.Duration // between two attempts
	quiet  uint64        // events that concern a bot in no way until it is noted that they have passed
}

func (p pace) withDefaults() pace {
	return pace{
		gather: cmp.Or(p.gather, 10*time.Millisecond),
		note:   cmp.Or(p.note, time.Second),
		retry:  cmp.Or(p.retry, 5*time.Second),
		first:  cmp.Or(p.first, time.Second),
		most:   cmp.Or(p.most, 5*time.Minute),
		quiet:  cmp.Or(p.quiet, 10_000), // the log keeps ten times that
	}
}

// lastNote is how long Close waits for its note.
const lastNote = time.Second

// Sender delivers to webhooks. Its methods may be called concurrently.
type Sender struct {
	// static after construction
	db     *store.DB
	o      Options
	log    *slog.Logger
	client *http.Client
	wake   chan struct{} // holds one: something was appended, or there is something to note
	cancel context.CancelFunc
	all    sync.WaitGroup // the follower and the workers

	mu     sync.Mutex        // guards what follows
	queues map[string]*queue // by bot
	cursor uint64            // offset of the newest event that is in the queues
	dirty  bool              // a worker has something to note
}

// Open begins to follow the log of db. It never fails: what goes wrong is logged
// and tried again. Close it before the journal.
func Open(db *store.DB, o Options) *Sender {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.pace = o.pace.withDefaults()
	s := &Sender{db: db, o: o, log: o.Log, wake: make(chan struct{}, 1), queues: map[string]*queue{}}
	s.client = newClient(o.resolver, o.Private)
	if o.post != nil {
		s.client.Transport = o.post
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.all.Go(func() { s.follow(ctx) })
	return s
}

// Wake tells that something was appended to the log. It never waits.
func (s *Sender) Wake() {
	select {
	case s.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// Close ends what is under way, which will be delivered again after the next
// start, and notes the rest.
func (s *Sender) Close() error {
	s.cancel()
	s.all.Wait()
	// Not worth waiting for a disk that stands still.
	last, cancel := context.WithTimeout(context.Background(), lastNote)
	defer cancel()
	s.note(last)
	s.client.CloseIdleConnections()
	return nil
}
