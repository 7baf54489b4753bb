package follow_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/e2e/follow"
	"parley/e2e/parley"
)

// feed answers polls with its batches in turn, and streams all of them.
func feed(t *testing.T, batches ...string) *parley.User {
	t.Helper()
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept") == "text/event-stream" {
			w.Header().Set("Content-Type", "text/event-stream")
			for _, b := range batches {
				fmt.Fprintf(w, "id: c\ndata: %s\n\n", b)
			}
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, batches[min(next, len(batches)-1)])
		next++
	}))
	t.Cleanup(server.Close)
	return (&parley.User{}).Via(server.URL)
}

const (
	one   = `{"cursor":"c","events":[{"message":{"room":"lobby","seq":1,"text":"one"}}]}`
	other = `{"cursor":"c","events":[{"message":{"room":"attic","seq":9}},{"message":{"room":"lobby","seq":1,"rev":1}}]}`
	two   = `{"cursor":"c","events":[{"message":{"room":"lobby","seq":2,"text":"two"}}]}`
)

// TestNothingIsHidden: what comes twice is kept twice, or the ledger would
// never hear of it; other rooms and later revisions are not new messages.
func TestNothingIsHidden(t *testing.T) {
	for _, tr := range []follow.Transport{follow.ShortPoll, follow.LongPoll, follow.SSE} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		r := follow.New(feed(t, one, other, one, two), "lobby", "", "s", follow.Only(tr))
		done := make(chan error, 1)
		go func() { done <- r.Run(ctx) }()
		if err := r.Wait(ctx, 2); err != nil {
			t.Error(err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		var texts []string
		for _, m := range r.Seen()[:3] {
			texts = append(texts, m.Text)
		}
		if got := strings.Join(texts, " "); got != "one one two" {
			t.Errorf("over %s: %q", tr, got)
		}
	}
}

// TestBrokenPromisesEndIt: what no proxy can do to a feed is the server's fault.
func TestBrokenPromisesEndIt(t *testing.T) {
	for name, c := range map[string]struct {
		batch string
		over  follow.Transport
	}{
		"reset":     {`{"cursor":"c","events":[],"reset":true}`, follow.ShortPoll},
		"no cursor": {`{"events":[]}`, follow.LongPoll},
		"no batch":  {`<html>`, follow.ShortPoll},
		"other id":  {`{"cursor":"d","events":[]}`, follow.SSE},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if err := follow.New(feed(t, c.batch), "lobby", "", "s", follow.Only(c.over)).Run(ctx); err == nil {
			t.Errorf("%s is taken for a feed", name)
		}
		cancel()
	}
}

// TestAnyNeverStays: a reader that changes its transport does so every time.
func TestAnyNeverStays(t *testing.T) {
	next, seen := follow.Any(1), map[follow.Transport]int{}
	last := next(0)
	for n := 1; n < 200; n++ {
		now := next(n)
		if now == last {
			t.Fatalf("connection %d is over %s again", n, now)
		}
		seen[now]++
		last = now
	}
	if len(seen) != 4 {
		t.Errorf("only these are used: %v", seen)
	}
}
