package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"parley/app/client"
	"parley/e2e/badproxy"
	"parley/e2e/ledger"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// chaosApp is the app's own client in the chaos: it follows the lobby by its
// ladder and writes through its outbox, which sends until it is answered.
type chaosApp struct {
	proxy  *badproxy.Proxy
	client *client.Client
	user   *parley.User
	ledger *ledger.Ledger

	cancel  context.CancelFunc
	running chan error    // of client.Run
	ending  chan struct{} // closed when it is to finish its message
	writing chan error

	mu      sync.Mutex
	seen    []wire.Message          // as the client told of them; guarded by mu, as the next
	own     map[string]wire.Message // of those its own, by nonce
	leaps   map[uint64]uint64       // after which seq it told of which, and of none between
	redraw  bool                    // the client has said to draw the timeline again
	rungs   map[client.Rung]bool    // that carried the feed; guarded by mu
	changed chan struct{}           // closed at every change; guarded by mu
}

func startApp(t *testing.T, ctx context.Context, s *parley.Server, u *parley.User, l *ledger.Ledger, seed uint64) *chaosApp {
	t.Helper()
	a := &chaosApp{
		proxy: through(t, s), user: u, ledger: l,
		running: make(chan error, 1), ending: make(chan struct{}), writing: make(chan error, 1),
		own: map[string]wire.Message{}, leaps: map[uint64]uint64{}, rungs: map[client.Rung]bool{}, changed: make(chan struct{}),
	}
	a.client = newClient(t, ctx, a.proxy.URL(), u, seed)
	ctx, a.cancel = context.WithCancel(ctx)
	a.client.Watch(a.change)
	go func() { a.running <- a.client.Run(ctx) }()
	must(t, a.until(ctx, func() bool { return a.client.Status().Synced }))
	must(t, a.client.LoadNewest(ctx, wire.Lobby))
	go func() { a.writing <- a.write(ctx) }()
	return a
}

func (a *chaosApp) change(c client.Change) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case c.Room != wire.Lobby:
	case c.Kind == client.ChangeTimeline:
		a.redraw = true
	case c.Kind == client.ChangeMessage && c.Message.Rev == 0:
		a.leap(c.Message.Seq)
		a.see(*c.Message)
	}
	if s := a.client.Status(); s.Live {
		a.rungs[s.Rung] = true
	}
	close(a.changed)
	a.changed = make(chan struct{})
}

// leap notes what the client did not tell of one by one: to who does not keep up
// with a thousand that come at once, after an outage, it says to draw the timeline
// again. What is missing from that is asked for, as when somebody scrolls up. The
// caller holds mu.
func (a *chaosApp) leap(seq uint64) {
	if n := len(a.seen); a.redraw && n > 0 && seq > a.seen[n-1].Seq+1 {
		a.leaps[a.seen[n-1].Seq] = seq
	}
	a.redraw = false
}

// filled is what was told of, with what was leapt over. The caller holds mu.
func (a *chaosApp) filled(history []wire.Message) []wire.Message {
	var all []wire.Message
	for _, m := range a.seen {
		all = append(all, m)
		for seq := m.Seq + 1; seq < a.leaps[m.Seq]; seq++ {
			all = append(all, history[seq-1])
		}
	}
	return all
}

// see takes note of a message. The caller holds mu.
func (a *chaosApp) see(m wire.Message) {
	a.seen = append(a.seen, m)
	if m.Author == a.user.ID {
		a.own[m.Nonce] = m
	}
}

// until waits until cond is true, looking at every change.
func (a *chaosApp) until(ctx context.Context, cond func() bool) error {
	for {
		a.mu.Lock()
		changed := a.changed
		a.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("the app, %+v: %w", a.client.Status(), ctx.Err())
		}
	}
}

// told finds a message of its own among what the client has told of. The timeline
// may have it no more: it keeps the newest ones only, and after a time without a
// network hundreds come at once.
func (a *chaosApp) told(nonce string) (m wire.Message, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	m, ok = a.own[nonce]
	return m, ok
}

// write writes one message after the other, each when the one before is sent.
func (a *chaosApp) write(ctx context.Context) error {
	for n := 0; ; n++ {
		select {
		case <-a.ending:
			return nil
		default:
		}
		text := fmt.Sprintf("the app says %d", n)
		a.ledger.Intend(a.user.ID, text)
		nonce, err := a.client.Send(wire.Lobby, text)
		if err != nil {
			return err
		}
		var sent wire.Message
		err = a.until(ctx, func() bool {
			var there bool
			sent, there = a.told(nonce)
			waits := func(o client.Outgoing) bool { return o.Nonce == nonce }
			return there && !slices.ContainsFunc(a.client.Timeline(wire.Lobby).Outgoing, waits)
		})
		if err != nil {
			return fmt.Errorf("%q: %w", text, err)
		}
		a.ledger.Ack(text, sent)
	}
}

// stopWriting lets the app finish its message, in good weather.
func (a *chaosApp) stopWriting(t *testing.T, ctx context.Context) {
	t.Helper()
	a.proxy.Set()
	a.client.Wake("the test heals the network")
	close(a.ending)
	select {
	case err := <-a.writing:
		must(t, err)
	case <-ctx.Done():
		t.Fatalf("the app does not get its message sent: %+v", a.client.Status())
	}
}

// check waits until the app has seen everything, ends it, and holds what it
// told of, and what it shows, against the ledger.
func (a *chaosApp) check(t *testing.T, ctx context.Context, l *ledger.Ledger) {
	t.Helper()
	must(t, a.until(ctx, func() bool {
		ms := a.client.Timeline(wire.Lobby).Messages
		return len(ms) > 0 && ms[len(ms)-1].Seq >= l.Last()
	}))
	a.cancel()
	if err := <-a.running; err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("the app ended with %v", err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	history, err := a.user.History(ctx, wire.Lobby, 0)
	must(t, err)
	report(t, "the app's changes", l.Check(a.filled(history), 0))
	line := a.client.Timeline(wire.Lobby)
	report(t, "the app's timeline", l.Check(line.Messages, line.Messages[0].Seq-1))
	t.Logf("the app: %d messages, with %d leaps, over the rungs %v", len(a.seen), len(a.leaps), a.rungs)
}

// newClient is a client that is signed in as a member with a password.
func newClient(t *testing.T, ctx context.Context, origin string, u *parley.User, seed uint64) *client.Client {
	t.Helper()
	native, err := client.NewNative(origin, "")
	must(t, err)
	t.Cleanup(native.Close)
	_, err = client.Door{Net: native}.Login(ctx, wire.Login{Name: u.Name, Password: parley.Password})
	must(t, err)
	return client.New(client.Config{Net: native, Rand: rand.New(rand.NewPCG(seed, 0)), Log: t.Logf})
}
