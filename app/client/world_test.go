package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/shared/wire"
)

// world is a client, a network and a server in virtual time.
type world struct {
	*testing.T
	server *fakeServer
	net    *fakeNet
	store  *fakeStore
	db     *fakeDB
	blobs  *fakeBlobs
	cached *Cached
	client *Client
	clock  Clock // nil: the bubble's
	began  time.Time
	start  *wire.Snapshot
	tab    *fakeTab     // nil: it knows of no others
	number int          // of the tab
	sweeps *sweepingNet // nil: there is nothing to sweep
	stop   func() error // ends the client and gives what Run returned
	done   chan error   // what Run returns, until stop has taken it

	mu       sync.Mutex
	logs     []string
	statuses []moment
	messages []wire.Message // of ChangeMessage, new ones
	changes  []Change
	talks    []func()
}

// moment is a status and when it came.
type moment struct {
	at time.Duration
	Status
}

// inWorld runs fn in virtual time. Goroutines that are left over fail the test.
func inWorld(t *testing.T, seed uint64, fn func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newFakeServer(seed)
		w := &world{T: t, server: s, net: newFakeNet(s, seed), store: newFakeStore(), db: newFakeDB(), blobs: newFakeBlobs(s), stop: func() error { return nil }}
		defer func() { // also after a Fatal
			for _, stop := range w.talks {
				stop()
			}
			_ = w.stop()
			s.end(errKilled)
			w.net.work.Wait()
		}()
		fn(w)
	})
}

// run starts a client, a new page.
func (w *world) run() {
	w.began = time.Now()
	config := Config{
		Net: w.net, Store: w.store, DB: w.db, Blobs: w.blobs, Cached: w.cached, Clock: w.clock, Start: w.start, Rand: rand.New(rand.NewPCG(uint64(w.began.UnixNano()), uint64(1+w.number))),
		Log: func(format string, args ...any) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.logs = append(w.logs, fmt.Sprintf(format, args...))
		},
	}
	if w.sweeps != nil {
		w.sweeps.fakeNet = w.net
		config.Net = w.sweeps
	}
	if w.blobs == nil {
		config.Blobs = nil
	}
	if w.tab != nil {
		config.Tabs = func(string) Tabs { return w.tab }
	}
	w.client = New(config)
	w.client.Watch(w.watch)
	ctx, cancel := context.WithCancel(context.Background())
	w.done = make(chan error, 1)
	go func() { w.done <- w.client.Run(ctx) }()
	w.stop = sync.OnceValue(func() error {
		cancel()
		return <-w.done
	})
}

func (w *world) watch(c Change) {
	s := w.client.Status()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changes = append(w.changes, c)
	switch {
	case c.Kind == ChangeStatus:
		w.statuses = append(w.statuses, moment{time.Since(w.began), s})
	case c.Kind == ChangeMessage && c.Message.Rev == 0:
		w.messages = append(w.messages, *c.Message)
	}
}

// after lets time pass.
func (w *world) after(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// until waits for something to become true and gives how long that took.
func (w *world) until(what string, limit time.Duration, ok func() bool) time.Duration {
	w.Helper()
	begin := time.Now()
	for !ok() {
		if time.Since(begin) > limit {
			w.mu.Lock()
			for _, s := range w.statuses[max(0, len(w.statuses)-25):] {
				w.Logf("%v: live %v on %v %s", s.at, s.Live, s.Rung, s.Why)
			}
			w.mu.Unlock()
			w.Fatalf("after %v still not %s; status %+v, log %q, tries %v", limit, what, w.client.Status(), w.log(), w.net.lately())
		}
		w.after(10 * time.Millisecond)
	}
	return time.Since(begin)
}

// on waits for the client to be live on a rung.
func (w *world) on(r Rung, limit time.Duration) time.Duration {
	w.Helper()
	return w.until("live on "+r.String(), limit, func() bool {
		s := w.client.Status()
		return s.Live && s.Rung == r
	})
}

// level waits until the client knows every message of the lobby.
func (w *world) level(limit time.Duration) time.Duration {
	w.Helper()
	return w.until("level with the server", limit, func() bool {
		r, _ := w.client.Room("lobby")
		return r.Head == uint64(len(w.server.said("lobby")))
	})
}

func (w *world) log() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.logs)
}

// quiet fails if the client has reported anything.
func (w *world) quiet() {
	w.Helper()
	if l := w.log(); len(l) > 0 {
		w.Errorf("the client reports: %q", l)
	}
}

// exact fails unless every message of the lobby was seen once and in order, and
// is on the timeline as the server has it.
func (w *world) exact() {
	w.Helper()
	w.quiet()
	said := w.server.said("lobby")
	w.mu.Lock()
	seen := slices.Clone(w.messages)
	w.mu.Unlock()
	for i, m := range seen {
		if i > 0 && m.Seq <= seen[i-1].Seq { // holes in the feed are reported; a slow watcher is told less
			w.Fatalf("message %d came after %d", m.Seq, seen[i-1].Seq)
		}
	}
	line := w.client.Timeline("lobby")
	if len(said) > 0 && (len(line.Messages) == 0 || line.Messages[len(line.Messages)-1].Seq != said[len(said)-1].Seq) {
		w.Fatalf("the timeline ends before message %d", len(said))
	}
	for i, m := range line.Messages {
		if want := said[len(said)-len(line.Messages)+i]; m.Seq != want.Seq || m.Text != want.Text || m.Rev != want.Rev {
			w.Fatalf("on the timeline is %+v, said was %+v", m, want)
		}
	}
	if len(line.Outgoing) > 0 {
		w.Errorf("still in the outbox: %+v", line.Outgoing)
	}
}

// talk says something in the lobby every so often, until the returned function
// is called.
func (w *world) talk(every time.Duration) (stop func()) {
	done := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(over)
		for i := 1; ; i++ {
			select {
			case <-done:
				return
			case <-time.After(every):
				w.server.say("you", "lobby", fmt.Sprint("message ", i))
			}
		}
	}()
	stop = sync.OnceFunc(func() { close(done); <-over })
	w.mu.Lock()
	defer w.mu.Unlock()
	w.talks = append(w.talks, stop)
	return stop
}

func (w *world) load() {
	w.Helper()
	if err := w.client.LoadNewest(context.Background(), "lobby"); err != nil {
		w.Fatal(err)
	}
}

// fakeStore keeps values over runs of a client.
type fakeStore struct {
	mu     sync.Mutex
	values map[string][]byte
	refuse error
	hang   bool
	slow   time.Duration
	saves  []string
}

func newFakeStore() *fakeStore { return &fakeStore{values: map[string][]byte{}} }

func (s *fakeStore) wait(ctx context.Context) error {
	s.mu.Lock()
	hang, refuse, slow := s.hang, s.refuse, s.slow
	s.mu.Unlock()
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return errors.Join(refuse, pause(ctx, time.Millisecond+slow))
}

// set makes it slow from now on.
func (s *fakeStore) set(slow time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slow = slow
}

func (s *fakeStore) Load(ctx context.Context, key string) ([]byte, error) {
	if err := s.wait(ctx); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.values[key], nil
}

func (s *fakeStore) Save(ctx context.Context, key string, value []byte) error {
	if err := s.wait(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saves = append(s.saves, key)
	if value == nil {
		delete(s.values, key)
	} else {
		s.values[key] = slices.Clone(value)
	}
	return nil
}

func (s *fakeStore) Keys(ctx context.Context, prefix string) ([]string, error) {
	if err := s.wait(ctx); err != nil {
		return nil, err
	}
	return s.keys(prefix), nil
}

func (s *fakeStore) keys(prefix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for key := range s.values {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// sleepyClock is a clock whose timers stand still while the machine sleeps, and
// which is found to have gone on afterwards.
type sleepyClock struct {
	mu   sync.Mutex
	skew time.Duration
}

func (c *sleepyClock) sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skew += d
}

func (c *sleepyClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.skew)
}

func (c *sleepyClock) NewTimer(d time.Duration) Timer { return SystemClock{}.NewTimer(d) }
