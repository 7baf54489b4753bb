package feed

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/server/store"
	"parley/shared/wire"
)

var benchText = strings.Repeat("Zwölf Boxkämpfer. ", 6)

// BenchmarkFanOut gives events to 1,000 readers of a room, who take them as
// bytes at once: one at a time, and twenty in one commit, as under load. An
// operation is one commit.
func BenchmarkFanOut(b *testing.B) {
	for _, size := range []int{1, 20} {
		b.Run(fmt.Sprintf("events=%d", size), func(b *testing.B) { benchFanOut(b, size) })
	}
}

func benchFanOut(b *testing.B, size int) {
	const readers = 1000
	w, conns := crowd(b, readers)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	encoded, commits := w.feed.Stats().Encoded, 0
	for b.Loop() {
		commits++
		w.feed.Publish(benchEvents(w.feed.head, size))
		for _, c := range conns {
			batch, err := c.Next(context.Background(), 0)
			if err != nil || len(batch.Events) != size || len(batch.Bytes()) == 0 {
				b.Fatal(len(batch.Events), err)
			}
		}
	}
	runtime.ReadMemStats(&after)
	deliveries := float64(commits) * float64(size) * readers
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/deliveries, "ns/delivery")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/deliveries, "allocs/delivery")
	b.ReportMetric(float64(w.feed.Stats().Encoded-encoded)/deliveries, "encodings/delivery")
	b.ReportMetric(float64(w.feed.Stats().Encoded-encoded)/float64(commits), "encodings/commit")
}

// benchEvents are messages as the journal publishes them, each encoded once.
func benchEvents(head uint64, n int) []store.Event {
	events := make([]store.Event, n)
	for i := range events {
		m := wire.Message{Room: "r", Seq: head, Author: "somebody", Time: 1, Text: benchText}
		events[i] = store.Event{
			Offset: head + 1 + uint64(i), Time: 1, Audience: store.ToRoom("r"),
			Data: wire.Encode(wire.Event{Message: &m}), Owner: "somebody", Nonce: "n",
		}
	}
	return events
}

// BenchmarkCatchUp has a reader come from the log's beginning to its end, as
// bytes. The ratio says how many times as long the best of the runs takes as the
// best bare walk over the same records in the same file, which copies them.
func BenchmarkCatchUp(b *testing.B) {
	for _, share := range []int{1, 10} {
		b.Run(fmt.Sprintf("visible=1of%d", share), func(b *testing.B) { benchCatchUp(b, share) })
	}
}

func benchCatchUp(b *testing.B, share int) {
	const events = 50_000
	path := filepath.Join(b.TempDir(), "parley.db")
	start := benchLog(b, path, events, share)
	bare := benchScan(b, path)

	db, err := store.Open(path, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	f := New(db)
	best := time.Hour
	for b.Loop() {
		began := time.Now()
		c, err := f.Subscribe(Subscription{User: "ann", Cursor: store.FormatCursor(db.Epoch(), start)})
		if err != nil {
			b.Fatal(err)
		}
		got := 0
		for more := true; more; {
			batch, err := c.Next(context.Background(), 0)
			if err != nil || len(batch.Bytes()) == 0 {
				b.Fatal(err)
			}
			got += len(batch.Events)
			more = batch.More
		}
		c.Close()
		best = min(best, time.Since(began))
		if got != events/share {
			b.Fatalf("%d events of %d", got, events/share)
		}
	}
	b.ReportMetric(events/best.Seconds(), "events/s")
	b.ReportMetric(best.Seconds()/bare.Seconds(), "×bare-scan")
}

// benchLog makes a file with messages, one of each share of them in a room of
// ann's. It gives where they begin.
func benchLog(b *testing.B, path string, events, share int) (start uint64) {
	db, err := store.Open(path, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(db.Update(func(tx *store.Tx) error {
		must(tx.PutUser(store.User{User: wire.User{ID: "ann", Name: "ann", Role: wire.RoleMember}, Created: 1}))
		must(tx.PutRoom(store.Room{Room: wire.Room{ID: "r", Kind: wire.KindPrivate, Name: "r"}, Created: 1}))
		start = tx.End()
		return tx.AddMember("r", "ann")
	}))
	for done := 0; done < events; {
		must(db.Update(func(tx *store.Tx) error {
			for _, e := range benchEvents(0, 1000) {
				if done%share != 0 {
					e.Audience = store.ToRoom("another")
				}
				done++
				if _, err := tx.Append(e); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	must(db.Close())
	return start
}

// benchScan is the best of five bare walks over the log.
func benchScan(b *testing.B, path string) time.Duration {
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	best := time.Hour
	for range 5 {
		began := time.Now()
		err := db.View(func(tx *bolt.Tx) error {
			return tx.Bucket([]byte("log")).ForEach(func(_, v []byte) error {
				kept = append([]byte(nil), v...)
				return nil
			})
		})
		if err != nil {
			b.Fatal(err)
		}
		best = min(best, time.Since(began))
	}
	return best
}

// kept makes the compiler keep the copies of benchScan.
var kept []byte
