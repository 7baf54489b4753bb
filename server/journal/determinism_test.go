package journal

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// TestDeterminism: the same entries give the same bytes, however they are cut
// into batches and on whatever file. It is what a replicated log will rest on.
func TestDeterminism(t *testing.T) {
	var entries []chat.Entry
	x := newExplorer(t, 7)
	x.record = &entries
	x.reopen()
	x.explore(1200)
	x.close()
	want := dump(t, x.path)
	if len(entries) < 1000 || len(want) < 500 {
		t.Fatalf("%d entries made %d records: too few to tell anything", len(entries), len(want))
	}
	for _, size := range []int{1, 7, 500} {
		path := filepath.Join(t.TempDir(), "parley.db")
		replay(t, path, entries, size)
		got := dump(t, path)
		keys := maps.Clone(want)
		maps.Copy(keys, got)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			if got[key] != want[key] {
				t.Fatalf("in batches of %d: %q is\n%q\nwant\n%q", size, key, got[key], want[key])
			}
		}
	}
}

// replay applies entries, so many to a transaction.
func replay(t *testing.T, path string, entries []chat.Entry, size int) {
	t.Helper()
	db, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for batch := range slices.Chunk(entries, size) {
		err := db.Update(func(tx *store.Tx) error {
			for _, e := range batch {
				if _, err := chat.Apply(tx, e); err != nil && wire.CodeFrom(err) == "" {
					return fmt.Errorf("%T: %w", e.Op, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// dump is every record of the file but the epoch, which is each file's own.
func dump(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	err = db.View(func(tx *bolt.Tx) error {
		return tx.ForEach(func(bucket []byte, b *bolt.Bucket) error {
			all[string(bucket)] = fmt.Sprint("sequence ", b.Sequence())
			return b.ForEach(func(k, v []byte) error {
				if v == nil {
					return errors.New("a bucket in a bucket")
				}
				if string(bucket) != "meta" || string(k) != "epoch" {
					all[string(bucket)+" "+string(k)] = string(v)
				}
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}
