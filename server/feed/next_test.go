package feed

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// later does something in a while. What it gives is closed when it is done.
func later(d time.Duration, fn func()) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		time.Sleep(d)
		fn()
	}()
	return done
}

func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann", "bob")
		w.room("r", "ann")
		c := w.subscribe(Subscription{User: "bob"})
		if b := w.next(c); len(b.Events) > 0 || b.Cursor != w.cursor(w.end()) {
			t.Fatalf("the first batch is %s", b.Bytes())
		}
		for i := range 3 {
			said := later(wire.Heartbeat/2, func() { w.sayNow("r", "ann", "not for bob") })
			start := time.Now()
			b, err := c.Next(context.Background(), wire.Heartbeat)
			w.must(err)
			<-said
			w.check(b)
			if d := time.Since(start); d != wire.Heartbeat || len(b.Events) > 0 {
				t.Errorf("heartbeat %d after %v: %s", i, d, b.Bytes())
			}
			if b.Cursor != w.cursor(w.end()) {
				t.Errorf("the cursor is %s and does not move on with the log to %d", b.Cursor, w.end())
			}
		}
	})
}

func TestNextWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann", "bob")
		w.room("r", "ann", "bob")
		c := w.subscribe(Subscription{User: "bob"})
		w.next(c)
		for range 3 {
			said := later(time.Second, func() { w.sayNow("r", "ann", "hello") })
			start := time.Now()
			b, err := c.Next(context.Background(), wire.Heartbeat)
			w.must(err)
			<-said
			if len(b.Events) != 1 || time.Since(start) != time.Second {
				t.Errorf("after %v: %s", time.Since(start), b.Bytes())
			}
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, err := c.Next(ctx, wire.Heartbeat); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a context that ends gives %v", err)
		}
		closed := later(time.Second, c.Close)
		w.ends(c, ErrClosed)
		<-closed
	})
}

func TestBatchBounds(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob")
	w.room("r", "ann", "bob")
	start := w.end()
	live := w.subscribe(Subscription{User: "bob"})
	big := strings.Repeat("x", wire.MaxBatchBytes+1000)
	for _, text := range []string{"a", big, "b"} {
		w.sayNow("r", "ann", text)
	}
	w.update(func(tx *store.Tx) {
		for range 2*wire.MaxBatchEvents + 1 {
			w.say(tx, "r", "ann", "small")
		}
		for range 40 {
			w.say(tx, "r", "ann", strings.Repeat("m", 16_000))
		}
	})
	w.publish()
	behind := w.subscribe(Subscription{User: "bob", Cursor: w.cursor(start)})
	for name, c := range map[string]*Conn{"live": live, "behind": behind} {
		var got []string
		var sizes []int
		for more := true; more; {
			b := w.next(c)
			more = b.More
			sizes = append(sizes, len(b.Events))
			for _, e := range b.Events {
				got = append(got, string(e))
			}
		}
		w.equal(name, got, w.visible("bob", start))
		// One alone before the big one, the big one, the rest of which the last 40
		// go 16 to a batch.
		if len(sizes) != 7 || sizes[0] != 1 || sizes[1] != 1 || sizes[2] != wire.MaxBatchEvents || sizes[3] != wire.MaxBatchEvents {
			t.Errorf("%s: batches of %v", name, sizes)
		}
	}
	if w.next(live).More {
		t.Error("more, and there is nothing")
	}
}

// TestFarBehind has a log of which most is somebody else's.
func TestFarBehind(t *testing.T) {
	o := defaults()
	o.scan = 10
	w := newWorld(t, o)
	w.users("ann", "bob")
	w.room("r", "ann")
	w.room("q", "bob")
	start := w.end()
	w.update(func(tx *store.Tx) {
		for range o.scan*maxScans*2 + 5 {
			w.say(tx, "r", "ann", "not for bob")
		}
		w.say(tx, "q", "ann", "for bob")
	})
	w.publish()
	c := w.subscribe(Subscription{User: "bob", Cursor: w.cursor(start)})
	last := w.cursor(start)
	for i := 1; ; i++ {
		b := w.next(c)
		if len(b.Events) > 0 {
			if i != 3 || b.More {
				t.Errorf("batch %d, more %t", i, b.More)
			}
			break
		}
		if !b.More || b.Cursor == last {
			t.Fatalf("batch %d gets nowhere: %s", i, b.Bytes())
		}
		last = b.Cursor
	}
}

func TestCursors(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann")
	w.room("r", "ann")
	for range 10 {
		w.sayNow("r", "ann", "old")
	}
	w.must(w.db.Update(func(tx *store.Tx) error {
		_, err := tx.TrimLog(2, 4, 100)
		return err
	}))
	end := w.end()
	for _, garbage := range []string{"x", "-", "0", w.db.Epoch(), w.db.Epoch() + "-", w.cursor(end) + " ", "ABCDEFGHIJKL-18446744073709551616"} {
		if _, err := w.feed.Subscribe(Subscription{User: "ann", Cursor: garbage}); wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%q gives %v", garbage, err)
		}
	}
	useless := map[string]string{
		"another epoch": store.FormatCursor("ABCDEFGHIJKL", end),
		"too old":       w.cursor(end - 5),
		"the future":    w.cursor(end + 1),
		"far future":    w.cursor(1<<64 - 1),
	}
	for name, cursor := range useless {
		c := w.subscribe(Subscription{User: "ann", Session: "a", Cursor: cursor})
		if b := w.next(c); !b.Reset || len(b.Events) > 0 || b.More || b.Cursor != w.cursor(end) {
			t.Errorf("%s: %s", name, b.Bytes())
		}
		c.Established()
		w.ends(c, ErrReset)
		c.Close()
	}
	if got, _ := w.all(w.subscribe(Subscription{User: "ann", Cursor: w.cursor(end - 4)})); len(got) != 4 {
		t.Errorf("the oldest cursor that is of use gives %d events", len(got))
	}
	if got, _ := w.all(w.subscribe(Subscription{User: "ann"})); len(got) > 0 {
		t.Errorf("no cursor gives %v", got)
	}
	if s := w.feed.Stats(); s.Users != 1 || s.Sessions != 0 {
		t.Errorf("%+v", s)
	}
}

// TestTrimmedAway trims the log under a connection that has stopped reading.
func TestTrimmedAway(t *testing.T) {
	o := tiny()
	w := newWorld(t, o)
	w.users("ann")
	w.room("r", "ann")
	c := w.subscribe(Subscription{User: "ann", Session: "a"})
	w.next(c)
	for range 30 {
		w.sayNow("r", "ann", strings.Repeat("x", 200))
	}
	w.must(w.db.Update(func(tx *store.Tx) error {
		_, err := tx.TrimLog(2, 4, 100)
		return err
	}))
	if b := w.next(c); !b.Reset {
		t.Errorf("%s, want a reset", b.Bytes())
	}
	w.ends(c, ErrReset)
}

// TestAhead begins at what /sync may give: a cursor that is committed and not
// yet published.
func TestAhead(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob")
	w.room("r", "ann")
	w.update(func(tx *store.Tx) { w.join(tx, "r", "bob"); w.say(tx, "r", "ann", "one") })
	bob := w.subscribe(Subscription{User: "bob", Cursor: w.cursor(w.end())})
	early := w.subscribe(Subscription{User: "bob", Cursor: w.cursor(w.end() - 1)})
	w.next(bob)
	w.publish()
	at := w.end()
	if got, _ := w.all(bob); len(got) > 0 {
		t.Errorf("told again: %v", got)
	}
	got, _ := w.all(early)
	w.equal("read before it was published", got, w.visible("bob", at-1))
	w.sayNow("r", "ann", "two")
	for _, c := range []*Conn{bob, early} {
		got, _ := w.all(c)
		w.equal("live", got, w.visible("bob", at))
	}
}

func TestRestart(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob")
	w.room("r", "ann", "bob")
	c := w.subscribe(Subscription{User: "bob"})
	_, cursor := w.all(c)
	at := w.end()
	w.sayNow("r", "ann", "before")
	w.update(func(tx *store.Tx) { w.say(tx, "r", "ann", "committed, and the server is gone") })
	w.restart()
	w.ends(c, ErrDraining)
	w.sayNow("r", "ann", "after")
	got, _ := w.all(w.subscribe(Subscription{User: "bob", Cursor: cursor}))
	w.equal("on from the cursor", got, w.visible("bob", at))
}
