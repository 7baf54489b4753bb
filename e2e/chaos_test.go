package e2e_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"parley/e2e/badproxy"
	"parley/e2e/ledger"
	"parley/e2e/parley"
	"parley/shared/wire"
)

const (
	chaosEnds        = 35  // of the server's process; every seventh is a SIGTERM, the others are kill -9
	chaosBetween     = 150 // messages that are acknowledged between two of them
	chaosWriterCount = 8
	chaosLimit       = 4 * time.Minute
)

// TestChaos is ten minutes' worth of bad luck in one: writers that retry
// through proxies that drop and delay, readers on every transport and some that
// change it at every connection, and a server that is killed again and again.
// Afterwards every acknowledged message must be there once, in order, with no
// seq missing, in the history and in what each reader saw as it happened.
func TestChaos(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), chaosLimit)
	defer cancel()
	dice := rand.New(rand.NewPCG(seed(t), 1))
	s := parley.Start(t)
	owner := s.Setup("Olga")
	l := ledger.New()
	start := syncOf(t, owner)

	readers := startReaders(t, ctx, s, owner, start.Cursor, dice)
	app := startApp(t, ctx, s, s.Member(owner, "App"), l, dice.Uint64())
	writers := startWriters(t, ctx, s, owner, l, dice)
	for end := 1; end <= chaosEnds; end++ {
		waitAcked(t, ctx, l, end*chaosBetween)
		if end%7 == 0 {
			if err := s.Term(); err != nil {
				t.Fatalf("after SIGTERM the server ended with %v", err)
			}
		} else {
			s.Kill()
		}
		s.Again()
		readers.weather(dice)
		app.proxy.Set(weather(dice)...)
	}
	writers.stop(t)
	app.stopWriting(t, ctx)

	t.Logf("%d messages acknowledged, %d ends of the server", l.Acked(), chaosEnds)
	report(t, "answers", l.Answers())
	history := historyOf(t, ctx, owner, wire.Lobby)
	report(t, "history", l.Check(history, 0))
	readers.check(t, ctx, l)
	app.check(t, ctx, l)
	sendAgain(t, ctx, owner, history, writers.users)
	if err := s.Term(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
	if err := s.Check(); err != nil {
		t.Errorf("the data file afterwards: %v", err)
	}
}

// weather is what a network is like for a while.
func weather(dice *rand.Rand) []badproxy.Fault {
	kinds := []badproxy.Fault{
		badproxy.WSRefuse(), badproxy.WSHang(), badproxy.WSMute(), badproxy.WSCut(150 * time.Millisecond),
		badproxy.SSEBuffer(), badproxy.SSEFail(502), badproxy.CutAnswers(300 * time.Millisecond),
		badproxy.Drop(0.3, dice.Uint64()), badproxy.Latency(30 * time.Millisecond),
	}
	dice.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	return kinds[:dice.IntN(3)] // one time in three the sun shines
}

func syncOf(t *testing.T, u *parley.User) wire.Sync {
	t.Helper()
	var sync wire.Sync
	if err := u.Get(t.Context(), "/sync", &sync); err != nil {
		t.Fatalf("sync of %s: %v", u.Name, err)
	}
	return sync
}

func historyOf(t *testing.T, ctx context.Context, u *parley.User, room string) []wire.Message {
	t.Helper()
	messages, err := u.History(ctx, room, 0)
	if err != nil {
		t.Fatalf("history of %s: %v", room, err)
	}
	return messages
}

func waitAcked(t *testing.T, ctx context.Context, l *ledger.Ledger, n int) {
	t.Helper()
	for l.Acked() < n {
		select {
		case <-ctx.Done():
			t.Fatalf("only %d of %d messages were acknowledged in time", l.Acked(), n)
		case <-time.After(time.Millisecond):
		}
	}
}

// report fails the test for findings, the first few of them in words.
func report(t *testing.T, where string, findings []ledger.Finding) {
	t.Helper()
	for i, f := range findings {
		if i == 10 {
			t.Errorf("%s: and %d more", where, len(findings)-i)
			return
		}
		t.Errorf("%s: %v", where, f)
	}
}

// sendAgain sends messages a second time, as a client does that was asleep when
// the answer came: each must be answered as before.
func sendAgain(t *testing.T, ctx context.Context, owner *parley.User, history []wire.Message, users []*parley.User) {
	t.Helper()
	byID := map[string]*parley.User{}
	for _, u := range users {
		byID[u.ID] = u
	}
	for i := 0; i < len(history); i += max(1, len(history)/40) {
		first := history[i]
		u := byID[first.Author]
		if u == nil {
			continue // of the app, which has its own nonces
		}
		err := parley.Persist(ctx, func(ctx context.Context) error {
			again, err := u.Send(ctx, first.Room, first.Text, first.Text)
			if err == nil && again.Seq != first.Seq {
				t.Errorf("%q has the seq %d, and %d when sent again", first.Text, first.Seq, again.Seq)
			}
			return err
		})
		if err != nil {
			t.Errorf("send %q again: %v", first.Text, err)
		}
	}
	if n := len(historyOf(t, ctx, owner, wire.Lobby)); n != len(history) {
		t.Errorf("%d messages, and %d after some were sent again", len(history), n)
	}
}
