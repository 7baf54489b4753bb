package journal

import (
	"sync"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// TestTrim: what is older than Age goes once there are more than Keep, in
// several steps, while others send.
func TestTrim(t *testing.T) {
	const sends, keep = 3000, 700
	var mu sync.Mutex
	now := time.Now()
	looks := make(chan struct{}) // one for each step that begins
	r := tempRig(t, Options{Trim: Trim{
		Age: time.Hour, Keep: keep, Every: time.Millisecond,
		Now: func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			select {
			case looks <- struct{}{}:
			default:
			}
			return now
		},
	}})
	owner := r.setup()
	var writers sync.WaitGroup
	for w := range 50 {
		writers.Go(func() {
			for i := range sends / 50 {
				r.mustSend(owner, wire.Lobby, "hi", nonce(w, "-", i))
			}
		})
	}
	writers.Wait()
	<-looks
	<-looks
	events := len(r.log())
	if events != sends+4 {
		t.Fatalf("%d events are left, want all %d: none is older", events, sends+4)
	}

	mu.Lock()
	now = now.Add(2 * time.Hour)
	mu.Unlock()
	const meanwhile = 20
	for i := range meanwhile {
		r.mustSend(owner, wire.Lobby, "meanwhile", nonce("m", i))
	}
	for n := events; n > keep; n = len(r.log()) {
		<-looks
	}
	log := r.log()
	if len(log) != keep {
		t.Errorf("%d events are left, want %d", len(log), keep)
	}
	if last := log[len(log)-1]; last.Nonce != nonce("m", meanwhile-1) || last.Offset != sends+4+meanwhile {
		t.Errorf("the newest event is %d of %q", last.Offset, last.Nonce)
	}
	r.wantSound(wire.Lobby)

	// Nonces live as long as their events.
	if m := r.mustSend(owner, wire.Lobby, "hi", log[0].Nonce); m.Seq != sends+meanwhile-keep+1 {
		t.Errorf("the oldest kept was stored as %d", m.Seq)
	}
	err := r.db.View(func(tx *store.Tx) error {
		first := r.history(wire.Lobby)[0]
		_, err := tx.Nonce(owner.User.ID, first.Nonce)
		if err == nil {
			t.Errorf("the nonce of a trimmed event is still there")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestTrimSteps: what one look finds is dropped in steps that follow each other
// at once, with no batch in between if nobody sends.
func TestTrimSteps(t *testing.T) {
	const sends, keep = 2*trimSteps + 10, 100
	r := tempRig(t, Options{Trim: Trim{
		Age: time.Hour, Keep: keep, Every: time.Hour,
		Now: func() time.Time { return time.Now().Add(2 * time.Hour) },
	}})
	owner := r.setup()
	var writers sync.WaitGroup
	for w := range 50 {
		writers.Go(func() {
			for i := range sends / 50 {
				r.mustSend(owner, wire.Lobby, "hi", nonce(w, "-", i))
			}
		})
	}
	writers.Wait()
	left := len(r.log())
	w := &writer{Journal: r.j, trimming: true} // the test's own, while the journal's is idle
	for left > keep {
		batch, open := w.gather(nil)
		if len(batch) != 0 || !open || !w.trimming {
			t.Fatalf("with %d events left: got a batch of %d, %v, trimming %v", left, len(batch), open, w.trimming)
		}
		w.store(batch)
		left = max(left-trimSteps, keep)
		if got := len(r.log()); got != left {
			t.Fatalf("%d events are left, want %d", got, left)
		}
	}
	if w.trimming {
		t.Error("still trimming, with nothing to drop")
	}
}

// TestTrimDefaults holds DESIGN 3.
func TestTrimDefaults(t *testing.T) {
	got := Options{}.withDefaults().Trim
	if got.Age != 7*24*time.Hour || got.Keep != 100_000 || got.Every != time.Minute {
		t.Errorf("got %+v", got)
	}
}
