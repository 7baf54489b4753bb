package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"parley/shared/wire"
)

func openBench(b *testing.B) *DB {
	b.Helper()
	db, err := Open(filepath.Join(b.TempDir(), "parley.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	if err := db.Update(furnish); err != nil {
		b.Fatal(err)
	}
	return db
}

var benchText = strings.Repeat("Zwölf Boxkämpfer. ", 6)

// benchSend is what chat does to the store for one send.
func benchSend(tx *Tx, nonce string) error {
	_, err1 := tx.User("ann")
	is, err2 := tx.IsMember("lobby", "ann")
	_, err3 := tx.Nonce("ann", nonce)
	if err := errors.Join(err1, err2); err != nil || !is || !errors.Is(err3, ErrNotExist) {
		return errors.Join(err, err3, errors.New("not a new send of a member"))
	}
	_, err := send(tx, "lobby", "ann", nonce, benchText, 1)
	return err
}

// BenchmarkUpdate is durable sends, so many in one commit. The nonces are
// random ones (no two near each other) or ones that grow with time.
func BenchmarkUpdate(b *testing.B) {
	for _, nonces := range []string{"random", "growing"} {
		for _, batch := range []int{1, 64, 1024} {
			b.Run(fmt.Sprintf("nonces=%s/events=%d", nonces, batch), func(b *testing.B) {
				db := openBench(b)
				b.ReportAllocs()
				sent := 0
				for b.Loop() {
					err := db.Update(func(tx *Tx) error {
						for range batch {
							sent++
							nonce := fmt.Sprintf("%012d", sent)
							if nonces == "random" {
								h := HashOf(nonce)
								nonce = fmt.Sprintf("%x", h[:12])
							}
							if err := benchSend(tx, nonce); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "sends/s")
			})
		}
	}
}

// BenchmarkApply is the same without the commit: what a send costs the writer.
func BenchmarkApply(b *testing.B) {
	db := openBench(b)
	enough := errors.New("enough")
	b.ReportAllocs()
	sent := 0
	for b.Loop() {
		err := db.Update(func(tx *Tx) error {
			for range 1024 {
				sent++
				if err := benchSend(tx, fmt.Sprint(sent)); err != nil {
					return err
				}
			}
			return enough
		})
		if !errors.Is(err, enough) {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "sends/s")
}

// BenchmarkLog reads 512 events, a batch of the feed.
func BenchmarkLog(b *testing.B) {
	db := benchFilled(b)
	b.ReportAllocs()
	events := 0
	for b.Loop() {
		n := 0
		err := db.View(func(tx *Tx) error {
			return tx.Log(2000, func(Event) bool { n++; return n < wire.MaxBatchEvents })
		})
		if err != nil || n != wire.MaxBatchEvents {
			b.Fatal(n, err)
		}
		events += n
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkMessages reads 50 messages, a page of history.
func BenchmarkMessages(b *testing.B) {
	db := benchFilled(b)
	b.ReportAllocs()
	for b.Loop() {
		err := db.View(func(tx *Tx) error {
			messages, err := tx.Messages("lobby", 3001, 3050)
			return errors.Join(err, same("messages", len(messages), 50))
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func benchFilled(b *testing.B) *DB {
	db := openBench(b)
	for i := range 5 {
		err := db.Update(func(tx *Tx) error {
			for n := range 1000 {
				if _, err := send(tx, "lobby", "ann", fmt.Sprint(i*1000+n), benchText, 1); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return db
}
