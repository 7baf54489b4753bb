package search

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/server/chat"
	"parley/server/journal"
	"parley/server/store"
	"parley/shared/wire"
)

// benchMessages is how many messages the benchmarks search: 100,000, or as
// PARLEY_BENCH_MESSAGES says.
func benchMessages() int {
	if n, err := strconv.Atoi(os.Getenv("PARLEY_BENCH_MESSAGES")); err == nil {
		return n
	}
	return 100_000
}

// corpus writes text as a community of Chinese and English speakers does:
// words drawn from two vocabularies by Zipf's law.
type corpus struct {
	r                *mathrand.Rand
	chinese, english []string
	zipf             *mathrand.Zipf
}

const vocabulary = 30_000

func newCorpus() *corpus {
	c := &corpus{r: mathrand.New(mathrand.NewPCG(1, 2))}
	c.zipf = mathrand.NewZipf(c.r, 1.07, 8, vocabulary-1)
	chars := mathrand.NewZipf(c.r, 1.2, 30, 3499)
	for range vocabulary {
		word := ""
		for range []int{1, 2, 2, 2, 2, 3, 4}[c.r.IntN(7)] {
			word += string(rune(0x4E00 + chars.Uint64()*7%20000))
		}
		c.chinese = append(c.chinese, word)
		word = ""
		for range 2 + c.r.IntN(8) {
			word += string("eeetaoinshrdlucmfwypvbgk"[c.r.IntN(24)])
		}
		c.english = append(c.english, word)
	}
	return c
}

func (c *corpus) text() string {
	var b strings.Builder
	kind := c.r.IntN(20)
	for n := 3 + c.r.IntN(14); n > 0; n-- {
		switch {
		case kind < 12 || kind < 15 && c.r.IntN(3) > 0:
			b.WriteString(c.chinese[c.zipf.Uint64()])
			if c.r.IntN(6) == 0 {
				b.WriteString("，")
			}
		default:
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(c.english[c.zipf.Uint64()])
		}
	}
	return b.String()
}

// benchRooms are private rooms, of which Bob is in every second.
const benchRooms = 40

func benchWorld(b *testing.B, n int, c *corpus) (w *world, text int) {
	b.Helper()
	w = newWorld(b, pace{})
	sizes := mathrand.NewZipf(c.r, 1.3, 3, benchRooms-1)
	w.update(func(tx *store.Tx) error {
		for i := range benchRooms {
			id := fmt.Sprint("r", i)
			if err := tx.PutRoom(store.Room{Room: wire.Room{ID: id, Kind: wire.KindPrivate, Name: id}}); err != nil {
				return err
			}
			for _, user := range []string{"ann", "bob"}[:1+i%2] {
				if err := tx.AddMember(id, user); err != nil {
					return err
				}
			}
		}
		return nil
	})
	for left := n; left > 0; left -= 10_000 {
		w.update(func(tx *store.Tx) error {
			for range min(left, 10_000) {
				s := c.text()
				text += len(s)
				w.now += 700
				author := []string{"ann", "bob", "gus"}[c.r.IntN(3)]
				if _, err := put(tx, fmt.Sprint("r", sizes.Uint64()), author, s, w.now); err != nil {
					return err
				}
			}
			_, err := tx.TrimLog(w.now, 1000, 20_000) // as in life, most is no longer in the log
			return err
		})
	}
	return w, text
}

// BenchmarkSearch builds the index of many messages and asks it.
func BenchmarkSearch(b *testing.B) {
	c := newCorpus()
	n := benchMessages()
	w, text := benchWorld(b, n, c)
	w.pace.flush = time.Hour
	start := time.Now()
	w.start()
	w.level()
	built := time.Since(start)
	w.stop()
	bytes, count := w.sizes()
	w.start()
	w.level()
	info, err := os.Stat(w.path())
	must(b, err)
	b.Logf("%d messages, %d bytes of text: index %d bytes in %d segments, file %d bytes, built in %v",
		n, text, bytes, count, info.Size(), built)

	asked := func(query func() string) (p50, p99 time.Duration, hits int) {
		const asks = 2000
		var took []time.Duration
		for range asks {
			q := query()
			begin := time.Now()
			list, err := w.index.Search(actor("ann"), Request{Query: q})
			took = append(took, time.Since(begin))
			if err != nil || list.Incomplete {
				b.Fatalf("%q: %v, %v", q, list.Incomplete, err)
			}
			hits += len(list.Messages)
		}
		slices.Sort(took)
		return took[asks/2], took[asks*99/100], hits / asks
	}
	report := func(what string, query func() string) {
		p50, p99, hits := asked(query)
		b.Logf("%s: p50 %v, p99 %v, %d found", what, p50, p99, hits)
		b.ReportMetric(float64(p50.Microseconds())/1000, what+"-p50-ms")
		b.ReportMetric(float64(p99.Microseconds())/1000, what+"-p99-ms")
	}
	for b.Loop() { // measured once
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(n), "messages")
	b.ReportMetric(float64(bytes)/float64(text), "×text")
	b.ReportMetric(float64(info.Size())/float64(text), "×text-file")
	b.ReportMetric(built.Seconds(), "s-built")
	two := func() string {
		for {
			if word := []rune(c.chinese[c.zipf.Uint64()]); len(word) >= 2 {
				return string(word[:2])
			}
		}
	}
	report("two", two)
	report("one", func() string { return string([]rune(two())[:1]) })
	report("four", func() string { return two() + two() })
	report("words", func() string { return c.english[c.zipf.Uint64()] + " " + c.english[c.zipf.Uint64()] })
	report("prefix", func() string { return c.english[c.zipf.Uint64()][:2] })
}

// sizes are the bytes and the number of segments. The index must be closed.
func (w *world) sizes() (bytes, count int) {
	file, err := openFile(w.path())
	must(w, err)
	defer file.Close()
	must(w, view(file, func(tx *bolt.Tx) error {
		all, err := segments(tx)
		for _, s := range all {
			bytes += s.Bytes
		}
		count = len(all)
		return err
	}))
	return bytes, count
}

// BenchmarkSends tells what the index costs those who send: 16 writers without
// it, with it, and while it is made anew from many messages; by turns, in one
// run, on one file.
func BenchmarkSends(b *testing.B) {
	c := newCorpus()
	w, _ := benchWorld(b, benchMessages(), c)
	w.start()
	w.level()
	w.stop()
	const turns = 9
	var with, rebuilding, without []float64
	for range turns {
		alone := w.sends(c)
		w.start()
		w.level()
		with = append(with, w.sends(c)/alone)
		w.stop()
		level := w.dir
		alone = w.sends(c)
		w.dir = b.TempDir()
		w.start()
		rebuilding = append(rebuilding, w.sends(c)/alone)
		w.stop()
		w.dir = level
		without = append(without, alone)
	}
	middle := func(list []float64) float64 { // other things run on the machine, too
		slices.Sort(list)
		return list[len(list)/2]
	}
	for b.Loop() { // measured once
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(middle(without), "sends/s-without")
	b.ReportMetric(middle(with), "×with")
	b.ReportMetric(middle(rebuilding), "×rebuilding")
}

// sends is how many messages a second the writers get acknowledged.
func (w *world) sends(words *corpus) float64 {
	w.Helper()
	options := journal.Options{Fatal: func(err error) { w.Error(err) }}
	if index := w.index; index != nil {
		options.Publish = func([]store.Event) { index.Wake() }
	}
	j := journal.New(w.db, options)
	env := chat.Env{Now: time.Now, Rand: rand.Reader}
	var count atomic.Int64
	var writers sync.WaitGroup
	start := time.Now()
	for range 16 {
		c := words.another()
		writers.Go(func() {
			for time.Since(start) < time.Second {
				args := wire.Encode(wire.Send{Room: lobby, Text: c.text(), Nonce: rand.Text()})
				call, err := env.Command(actor("ann"), wire.CmdSend, args)
				if err == nil {
					_, err = j.Submit(context.Background(), call.Entry)
				}
				if err != nil {
					w.Error(err)
					return
				}
				count.Add(1)
			}
		})
	}
	writers.Wait()
	took := time.Since(start)
	must(w, j.Close())
	return float64(count.Load()) / took.Seconds()
}

// another is one with the same words, to be used beside it.
func (c *corpus) another() *corpus {
	o := &corpus{r: mathrand.New(mathrand.NewPCG(c.r.Uint64(), 1)), chinese: c.chinese, english: c.english}
	o.zipf = mathrand.NewZipf(o.r, 1.07, 8, vocabulary-1)
	return o
}
