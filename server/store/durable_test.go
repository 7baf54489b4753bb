package store

import (
	"errors"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// TestUnsyncedIsInvisible reads in the moment in which bbolt shows a commit
// already and its sync has not come back yet.
func TestUnsyncedIsInvisible(t *testing.T) {
	for name, fails := range map[string]bool{"synced": false, "sync fails": true} {
		t.Run(name, func(t *testing.T) {
			db, err := Open(t.TempDir()+"/parley.db", Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := db.Update(furnish); err != nil {
				t.Fatal(err)
			}
			var synced bool
			read := make(chan error, 1)
			err = writeWithoutSync(db, func() error {
				go func() {
					read <- db.View(func(tx *Tx) error {
						if tx.Community() == "Other" && !synced {
							t.Error("what is not on the disk is read")
						}
						return nil
					})
				}()
				select {
				case err := <-read:
					t.Errorf("the reader did not wait: %v", err)
					read <- err
				case <-time.After(100 * time.Millisecond): // as long as it is to wait for nothing
				}
				if fails {
					return db.fail(errors.New("sync"))
				}
				synced = true
				return nil
			})
			if fails != errors.Is(err, ErrCommit) {
				t.Errorf("the commit: %v", err)
			}
			if err := <-read; fails != errors.Is(err, ErrCommit) {
				t.Errorf("the reader: %v", err)
			}
		})
	}
}

// writeWithoutSync is Update with sync in place of the sync of its meta page.
func writeWithoutSync(db *DB, sync func() error) error {
	db.bolt.NoSync = true
	defer func() { db.bolt.NoSync = false }()
	var bt *bolt.Tx
	bt, err := db.bolt.Begin(true)
	if err != nil {
		return err
	}
	if err := newTx(db, bt).SetCommunity("Other"); err != nil {
		return err
	}
	return db.committed(bt.ID(), func() error { return errors.Join(bt.Commit(), sync()) })
}

// TestFirstReadSyncs: what a process that was killed has left in the page
// cache is on the disk before anybody reads it.
func TestFirstReadSyncs(t *testing.T) {
	path := t.TempDir() + "/parley.db"
	for range 2 {
		db, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		bt, err := db.bolt.Begin(false)
		if err != nil {
			t.Fatal(err)
		}
		if got := bt.ID(); got != db.durability.commit || got == 0 {
			t.Errorf("commit %d can be read, %d is known to be on the disk", got, db.durability.commit)
		}
		rollback(bt)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
