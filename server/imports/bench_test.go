package imports

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/server/chat"
	"parley/server/journal"
	"parley/server/store"
	"parley/shared/wire"
)

// benchLines is how many lines are imported: what the promise speaks of.
const benchLines = 100_000

// bench is a community with an owner, on a real file.
type bench struct {
	env     chat.Env
	queries chat.Queries
	journal *journal.Journal
	owner   chat.Actor
}

func newBench(b testing.TB) *bench {
	b.Helper()
	db, err := store.Open(filepath.Join(b.TempDir(), "parley.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	j := journal.New(db, journal.Options{Fatal: func(err error) { b.Error(err) }})
	b.Cleanup(func() { _, _ = j.Close(), db.Close() })
	v := &bench{
		env:     chat.Env{Now: time.Now, Rand: rand.Reader, Passwords: chat.NewPasswords(chat.Cost{Memory: 64, Passes: 1, Threads: 1})},
		queries: chat.Queries{DB: db}, journal: j,
	}
	call, err := v.env.Setup(context.Background(), wire.Setup{Name: "Ada", Password: "correct horse"})
	if err != nil {
		b.Fatal(err)
	}
	user, err := j.Submit(context.Background(), call.Entry)
	if err != nil {
		b.Fatal(err)
	}
	v.owner = chat.Actor{User: user.(wire.User)}
	return v
}

// sends is how many sends a second 256 writers get through, as in the journal's
// own benchmark, for as long as d.
func (v *bench) sends(b *testing.B, d time.Duration) float64 {
	var n atomic.Int64
	var writers sync.WaitGroup
	began := time.Now()
	for w := range 256 {
		writers.Go(func() {
			for i := 0; time.Since(began) < d; i++ {
				args := wire.Encode(wire.Send{Room: wire.Lobby, Text: "Shall we meet at ten? The agenda is ready.", Nonce: fmt.Sprint("w", w, "-", i)})
				call, err := v.env.Command(v.owner, wire.CmdSend, args)
				if err == nil {
					_, err = v.journal.Submit(context.Background(), call.Entry)
				}
				if err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	writers.Wait()
	return float64(n.Load()) / time.Since(began).Seconds()
}

// importing is how many lines a second an import gets through, checking and
// reading included.
func (v *bench) importing(b *testing.B, path string) float64 {
	began := time.Now()
	f, err := Open(path, Options{Now: began})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	im := Importer{Env: v.env, Queries: v.queries, Submit: v.journal.Submit}
	if err := im.Run(b.Context(), Job{Actor: v.owner, Room: wire.Lobby, File: f, Told: func(int, int) {}}); err != nil {
		b.Fatal(err)
	}
	return benchLines / time.Since(began).Seconds()
}

// BenchmarkImport imports 100,000 lines, and compares their rate with that of 256
// writers who send as fast as they can.
func BenchmarkImport(b *testing.B) {
	path := filepath.Join(b.TempDir(), "file")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	for i := range benchLines {
		fmt.Fprintf(file, `{"seq":%d,"author":"Ada","time":"2020-01-02T03:04:05.000Z","text":"Shall we meet at ten? The agenda is ready.","nonce":"n%d"}`+"\n", i+1, i)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.StopTimer()
		v := newBench(b)
		sends := v.sends(b, 3*time.Second)
		b.StartTimer()
		lines := v.importing(b, path)
		b.ReportMetric(lines, "lines/s")
		b.ReportMetric(sends, "sends/s")
		b.ReportMetric(lines/sends, "×group-commit")
	}
}
