package feed

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
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
// bytes. The ratio says how many times as long that takes as a bare walk over
// a copy of the same file, which copies the records. Each run is paired with a
// walk just before it, and the medians are told: other work on the machine then
// weighs on both alike, and neither side has more chances of a quiet moment.
func BenchmarkCatchUp(b *testing.B) {
	for _, share := range []int{1, 10} {
		b.Run(fmt.Sprintf("visible=1of%d", share), func(b *testing.B) { benchCatchUp(b, share) })
	}
}

func benchCatchUp(b *testing.B, share int) {
	const events = 50_000
	path := filepath.Join(b.TempDir(), "parley.db")
	start := benchLog(b, path, events, share)
	bare := benchCopy(b, path)
	db, err := store.Open(path, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	f := New(db)
	var times, ratios []float64
	for b.Loop() {
		b.StopTimer()
		walk := benchWalk(b, bare)
		b.StartTimer()
		began := time.Now()
		if got := benchRead(b, f, store.FormatCursor(db.Epoch(), start)); got != events/share {
			b.Fatalf("%d events of %d", got, events/share)
		}
		took := time.Since(began)
		times = append(times, took.Seconds())
		ratios = append(ratios, took.Seconds()/walk.Seconds())
	}
	b.ReportMetric(events/median(times), "events/s")
	b.ReportMetric(median(ratios), "×bare-scan")
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// benchRead reads on from a cursor to the end and counts the events.
func benchRead(b *testing.B, f *Feed, cursor string) (events int) {
	c, err := f.Subscribe(Subscription{User: "ann", Cursor: cursor})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	for more := true; more; {
		batch, err := c.Next(context.Background(), 0)
		if err != nil || len(batch.Bytes()) == 0 {
			b.Fatal(err)
		}
		events += len(batch.Events)
		more = batch.More
	}
	return events
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

// benchCopy opens a copy of the file, as the store locks its own.
func benchCopy(b *testing.B, path string) *bolt.DB {
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(path+".copy", data, 0o600); err != nil {
		b.Fatal(err)
	}
	db, err := bolt.Open(path+".copy", 0o600, &bolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db
}

// benchWalk is the time of one bare walk over the log.
func benchWalk(b *testing.B, db *bolt.DB) time.Duration {
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
	return time.Since(began)
}

// kept makes the compiler keep the copies of benchWalk.
var kept []byte
