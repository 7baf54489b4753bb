package e2e_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/ledger"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// chaosWriters are the writers of TestChaos.
type chaosWriters struct {
	users  []*parley.User
	ending chan struct{} // closed when they are to finish their message
	under  sync.WaitGroup
	errs   chan error
}

// startWriters lets bots write, each through a proxy that drops requests and
// answers, as fast as they are answered.
func startWriters(t *testing.T, ctx context.Context, s *parley.Server, owner *parley.User, l *ledger.Ledger, dice *rand.Rand) *chaosWriters {
	t.Helper()
	w := &chaosWriters{ending: make(chan struct{}), errs: make(chan error, chaosWriterCount)}
	for i := range chaosWriterCount {
		p := through(t, s, badproxy.Drop(0.25, dice.Uint64()), badproxy.Latency(time.Duration(i)*time.Millisecond))
		w.users = append(w.users, s.Bot(owner, fmt.Sprintf("writer %d", i)).Via(p.URL()))
	}
	for _, u := range w.users {
		twice := rand.New(rand.NewPCG(dice.Uint64(), 0))
		w.under.Go(func() { w.errs <- w.write(ctx, u, l, twice) })
	}
	return w
}

func (w *chaosWriters) write(ctx context.Context, u *parley.User, l *ledger.Ledger, dice *rand.Rand) error {
	for n := 0; ; n++ {
		select {
		case <-w.ending:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		text := fmt.Sprintf("%s says %d", u.Name, n)
		l.Intend(u.ID, text)
		tries := 1
		if dice.IntN(8) == 0 {
			tries = 2 // at the same time: an impatient client whose first request is still on its way
		}
		if err := sendUntilAnswered(ctx, u, l, text, tries); err != nil {
			return fmt.Errorf("%s: %q: %w", u.Name, text, err)
		}
	}
}

// sendUntilAnswered sends one message, from so many places at once, until each
// has its answer. The nonce is the text.
func sendUntilAnswered(ctx context.Context, u *parley.User, l *ledger.Ledger, text string, places int) error {
	errs := make(chan error, places)
	for range places {
		go func() {
			errs <- parley.Persist(ctx, func(ctx context.Context) error {
				ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
				defer cancel()
				m, err := u.Send(ctx, wire.Lobby, text, text)
				if err == nil {
					l.Ack(text, m)
				}
				return err
			})
		}()
	}
	var first error
	for range places {
		if err := <-errs; err != nil && first == nil {
			first = err
		}
	}
	return first
}

// stop lets every writer finish its message.
func (w *chaosWriters) stop(t *testing.T) {
	t.Helper()
	close(w.ending)
	w.under.Wait()
	for range w.users {
		if err := <-w.errs; err != nil {
			t.Error(err)
		}
	}
}
