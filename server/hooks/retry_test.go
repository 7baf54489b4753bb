package hooks

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/shared/wire"
)

// tries is a network on which posts fail until enough have been made.
type tries struct {
	mu    sync.Mutex
	times []time.Time
	fail  int
}

func (n *tries) RoundTrip(*http.Request) (*http.Response, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.times = append(n.times, time.Now())
	if len(n.times) <= n.fail {
		return nil, errors.New("nobody is there")
	}
	return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
}

// A delivery is tried ever more slowly, and not for ever.
func TestRetries(t *testing.T) {
	for _, fail := range []int{0, 1, 5, maxAttempts - 1, maxAttempts, maxAttempts + 3} {
		synctest.Test(t, func(t *testing.T) {
			network := &tries{fail: fail}
			w := newWorld(t, Options{post: network, pace: pace{}.withDefaults()})
			w.hook("bot", "https://bot.example/")
			start := time.Now()
			w.say("ann", lobby, "@bot")
			time.Sleep(time.Hour)
			synctest.Wait()
			want := min(fail+1, maxAttempts)
			state := wire.WebhookDelivered
			if fail >= maxAttempts {
				state = wire.WebhookDropped
			}
			if s := w.status("bot"); s.State != state || s.Attempts != want || (s.Detail != "") != (fail >= maxAttempts) {
				t.Errorf("%d failures: %+v", fail, s)
			}
			network.mu.Lock()
			defer network.mu.Unlock()
			if len(network.times) != want {
				t.Fatalf("%d failures: tried %d times", fail, len(network.times))
			}
			last := start
			for i, at := range network.times {
				most := 2 * time.Second // of the follower
				if i > 0 {
					most = min(time.Second<<(i-1), 5*time.Minute)
				}
				if d := at.Sub(last); d > most || i > 0 && d < most/2 {
					t.Errorf("attempt %d after %v, want from %v to %v", i+1, d, most/2, most)
				}
				last = at
			}
			if took := last.Sub(start); took > 25*time.Minute {
				t.Errorf("it took %v", took)
			}
			w.close()
		})
	}
}

// A webhook that is set anew is tried at once, with all attempts before it.
func TestRetriesBeginAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := &tries{fail: maxAttempts + 2}
		w := newWorld(t, Options{post: network, pace: pace{}.withDefaults()})
		w.hook("bot", "https://bot.example/")
		w.say("ann", lobby, "@bot")
		time.Sleep(10 * time.Minute)
		before := w.status("bot").Attempts
		w.hook("bot", "https://other.example/")
		time.Sleep(2 * time.Second)
		if s := w.status("bot"); s.State != wire.WebhookRetrying || s.Attempts >= before {
			t.Errorf("after %d attempts: %+v", before, s)
		}
		time.Sleep(time.Hour)
		if s := w.status("bot"); s.State != wire.WebhookDelivered {
			t.Errorf("in the end: %+v", s)
		}
		w.close()
	})
}

// However much is delivered, it is noted once a second at most.
func TestNotesAreGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, Options{post: &tries{}, pace: pace{}.withDefaults()})
		w.hook("bot", "https://bot.example/")
		notes := 0
		submit := w.o.Submit
		_ = submit
		w.sender.o.Submit = counted(submit, &notes)
		for range 100 {
			w.say("ann", lobby, "@bot")
			time.Sleep(50 * time.Millisecond)
		}
		w.close()
		if notes < 3 || notes > 8 {
			t.Errorf("%d notes in five seconds", notes)
		}
	})
}
