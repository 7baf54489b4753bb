package e2e_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/follow"
	"parley/e2e/ledger"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// chaosReaders are the readers of TestChaos, each behind a proxy of its own.
type chaosReaders struct {
	names   []string
	readers []*follow.Reader
	proxies []*badproxy.Proxy
	moving  int // from this one on, the weather changes
	done    func()
	errs    chan error
}

func startReaders(t *testing.T, ctx context.Context, s *parley.Server, u *parley.User, cursor string, dice *rand.Rand) *chaosReaders {
	t.Helper()
	drop := func(p float64) badproxy.Fault { return badproxy.Drop(p, dice.Uint64()) }
	r := &chaosReaders{moving: 6}
	ctx, r.done = context.WithCancel(ctx)
	add := func(name string, transport func(int) follow.Transport, faults ...badproxy.Fault) {
		p := through(t, s, faults...)
		reader := follow.New(u.Via(p.URL()), wire.Lobby, cursor, "chaos-"+name, transport)
		r.names, r.readers, r.proxies = append(r.names, name), append(r.readers, reader), append(r.proxies, p)
	}
	add("calm", follow.Only(follow.WebSocket))
	add("ws", follow.Only(follow.WebSocket), badproxy.WSCut(250*time.Millisecond), drop(0.2))
	add("sse", follow.Only(follow.SSE), badproxy.CutAnswers(250*time.Millisecond), drop(0.2))
	add("long", follow.Only(follow.LongPoll), badproxy.CutAnswers(150*time.Millisecond), drop(0.3))
	add("short", follow.Only(follow.ShortPoll), badproxy.Latency(2*time.Millisecond), drop(0.3))
	add("change", follow.Any(dice.Uint64()), badproxy.CutAnswers(60*time.Millisecond), drop(0.1))
	add("weather-1", follow.Any(dice.Uint64()))
	add("weather-2", follow.Any(dice.Uint64()))

	r.errs = make(chan error, len(r.readers))
	for i, reader := range r.readers {
		go func() {
			err := reader.Run(ctx)
			if err != nil {
				err = fmt.Errorf("reader %s: %w", r.names[i], err)
			}
			r.errs <- err
		}()
	}
	return r
}

func (r *chaosReaders) weather(dice *rand.Rand) {
	for _, p := range r.proxies[r.moving:] {
		p.Set(append(weather(dice), badproxy.CutAnswers(time.Second))...)
	}
}

// check waits until every reader has seen everything, ends them, and holds what
// they saw against the ledger.
func (r *chaosReaders) check(t *testing.T, ctx context.Context, l *ledger.Ledger) {
	t.Helper()
	for _, p := range r.proxies[r.moving:] {
		p.Set()
	}
	for i, reader := range r.readers {
		if err := reader.Wait(ctx, l.Last()); err != nil {
			t.Errorf("reader %s: %v", r.names[i], err)
		}
	}
	r.done()
	for range r.readers {
		if err := <-r.errs; err != nil {
			t.Error(err)
		}
	}
	for i, reader := range r.readers {
		report(t, "reader "+r.names[i], l.Check(reader.Seen(), 0))
		t.Logf("reader %s: %d messages over %d WebSockets, %d streams, %d long and %d short polls", r.names[i], len(reader.Seen()),
			reader.Conns(follow.WebSocket), reader.Conns(follow.SSE), reader.Conns(follow.LongPoll), reader.Conns(follow.ShortPoll))
	}
}
