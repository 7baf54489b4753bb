package store

import (
	"fmt"
	"sync"

	bolt "go.etcd.io/bbolt"
)

// durability is what is known to be on the disk. bbolt shows a commit to
// readers as soon as its meta page is written, which is before that is synced:
// who reads it then could tell somebody of what a power cut takes back, and
// hand out a cursor behind which the log goes on differently.
type durability struct {
	// guarded by mu
	mu      sync.Mutex
	commit  int           // number of the newest commit that is on the disk; 0: not known yet
	writing chan struct{} // closed when the commit that is being written has ended; nil: none is
}

// begin opens a read transaction of a moment that is on the disk. At worst it
// waits for one sync.
func (db *DB) begin() (*bolt.Tx, error) {
	bt, err := db.bolt.Begin(false)
	if err != nil {
		return nil, beginError(err)
	}
	if err := db.await(bt.ID()); err != nil {
		rollback(bt)
		return nil, err
	}
	return bt, nil
}

// await returns when that commit is on the disk, or never will be.
func (db *DB) await(commit int) error {
	d := &db.durability
	d.mu.Lock()
	defer d.mu.Unlock()
	if writing := d.writing; d.commit < commit && writing != nil {
		d.mu.Unlock()
		<-writing
		d.mu.Lock()
	}
	if d.commit >= commit {
		return nil
	}
	if err := db.failure(); err != nil {
		return err
	}
	// It is from before the file was opened, by a process that may have been
	// killed before it had synced.
	if err := db.file.Sync(); err != nil {
		return db.fail(fmt.Errorf("sync: %w", err))
	}
	d.commit = commit
	return nil
}

// committed runs write, which writes and syncs a commit. Until it is done,
// readers of that commit wait.
func (db *DB) committed(commit int, write func() error) error {
	d := &db.durability
	done := make(chan struct{})
	d.mu.Lock()
	d.writing = done
	d.mu.Unlock()
	err := write()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writing = nil
	if err == nil {
		d.commit = commit
	}
	close(done)
	return err
}
