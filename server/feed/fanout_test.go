package feed

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// crowd is a room with n readers, who are level.
func crowd(t testing.TB, n int) (*world, []*Conn) {
	w := newWorld(t, defaults())
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("u%04d", i)
	}
	w.users(names...)
	w.guests = nil // the model is not asked: do not work out who sees what
	w.room("r", names...)
	conns := make([]*Conn, n)
	for i, name := range names {
		conns[i] = w.subscribe(Subscription{User: name})
		w.next(conns[i])
	}
	return w, conns
}

// TestOneEncoding has 1,000 readers of one room.
func TestOneEncoding(t *testing.T) {
	const readers = 1000
	w, conns := crowd(t, readers)
	before := w.feed.Stats().Encoded
	read := func(want int) {
		t.Helper()
		var p []byte
		for i, c := range conns {
			b, err := c.Next(context.Background(), 0)
			w.must(err)
			if len(b.Events) != want {
				t.Fatalf("reader %d gets %s", i, b.Bytes())
			}
			q := b.Bytes()
			if i > 1 && &p[0] != &q[0] {
				t.Fatalf("reader %d gets bytes of its own", i)
			}
			p = q
		}
	}
	w.sayNow("r", "u0000", "hello") // the first reader is its author
	read(1)
	if got := w.feed.Stats().Encoded - before; got != 2 {
		t.Errorf("one message: %d encodings, want one for the author and one for all others", got)
	}
	w.update(func(tx *store.Tx) {
		for range 20 {
			w.say(tx, "r", "somebody", "hello")
		}
	})
	w.publish()
	read(20)
	if got := w.feed.Stats().Encoded - before; got != 3 {
		t.Errorf("and twenty at once: %d encodings, want one more", got)
	}

	const runs = 50
	for range runs + 1 {
		w.update(func(tx *store.Tx) { w.say(tx, "r", "somebody", "hello") })
	}
	allocs := testing.AllocsPerRun(runs, func() {
		w.publishOne()
		read(1)
	})
	t.Logf("%.4f allocations for each delivery", allocs/readers)
	if allocs > 50 {
		t.Errorf("%.0f allocations for a message to %d readers", allocs, readers)
	}
	empty := testing.AllocsPerRun(runs, func() { read(0) })
	if empty > 50 {
		t.Errorf("%.0f allocations for %d empty batches", empty, readers)
	}
}

// TestSlowReaders has 50 readers that never read while 5 MB are published, and
// one that does.
func TestSlowReaders(t *testing.T) {
	const slow, size, events = 50, 16_000, 320
	w, conns := crowd(t, slow+1)
	reader := conns[slow]
	before := heap()
	delivered := 0
	for i := range events {
		w.sayNow("r", "somebody", strings.Repeat("x", size))
		w.log = nil // the model's copy is not what is measured
		b, err := reader.Next(context.Background(), time.Minute)
		w.must(err)
		delivered += len(b.Events)
		if i%7 == 0 {
			w.check(b)
		}
	}
	if delivered != events {
		t.Errorf("the reader that reads got %d events of %d", delivered, events)
	}
	used := int64(heap()) - int64(before)
	t.Logf("%d KB for %d slow readers of %d KB, %+v", used>>10, slow, events*size>>10, w.feed.Stats())
	if used > 2<<20 {
		t.Errorf("%d bytes are held", used)
	}
	if got := w.feed.Stats().Overflows; got != slow {
		t.Errorf("%d overflows, want one for each slow reader", got)
	}
	for _, c := range conns[:slow] { // nothing is lost for them
		got := 0
		for more := true; more; {
			b, err := c.Next(context.Background(), 0)
			w.must(err)
			got += len(b.Events)
			more = b.More
		}
		if got != events {
			t.Errorf("a slow reader gets %d events of %d", got, events)
		}
	}
	runtime.KeepAlive(w)
}

// TestIdleMemory weighs a connection with a session that waits.
func TestIdleMemory(t *testing.T) {
	const n, limit = 1000, 4 << 10
	w, conns := crowd(t, n)
	for _, c := range conns {
		c.Close()
	}
	clear(conns)
	w.restart() // so that the feed's own maps are weighed as well
	before := heap()
	for i := range conns {
		c, err := w.feed.Subscribe(Subscription{User: fmt.Sprintf("u%04d", i), Session: "s"})
		w.must(err)
		conns[i] = c
	}
	ctx, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()
	for _, c := range conns {
		for more := true; more; {
			b, err := c.Next(context.Background(), time.Nanosecond)
			w.must(err)
			more = b.More
		}
		_, _ = c.Next(ctx, wire.Heartbeat)
	}
	each := (int64(heap()) - int64(before)) / n
	t.Logf("%d bytes for each idle connection", each)
	if each > limit {
		t.Errorf("%d bytes for each idle connection, want at most %d", each, limit)
	}
	runtime.KeepAlive(conns)
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
