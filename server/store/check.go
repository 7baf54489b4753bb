package store

import (
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// maxFindings is how many findings a Report lists: a file that is damaged all
// over must not fill the terminal, or the memory.
const maxFindings = 100

// Report is what Check has seen.
type Report struct {
	Users    int
	Rooms    int
	Members  int // of all rooms together
	Messages int
	Events   int
	Nonces   int
	Sessions int
	Tokens   int
	Invites  int
	Files    int
	Bytes    int64 // of the file

	// Findings are what is wrong, a sentence each; the first 100 of them.
	Findings []string
	// Unlisted is how many more there were.
	Unlisted int
}

// OK tells that nothing was found to be wrong.
func (r *Report) OK() bool { return len(r.Findings) == 0 }

func (r *Report) add(format string, args ...any) {
	if len(r.Findings) >= maxFindings {
		r.Unlisted++
		return
	}
	r.Findings = append(r.Findings, fmt.Sprintf(format, args...))
}

// Check verifies the whole file: bbolt's pages, each record's checksum, and
// that the records agree with each other. What is wrong stands in the Report;
// an error means that it could not be looked at. Reading goes on meanwhile;
// writing waits while bbolt's list of free pages is compared.
func (db *DB) Check() (*Report, error) {
	report := &Report{}
	err := db.View(func(tx *Tx) error {
		report.Bytes = tx.bolt.Size()
		tx.checkPages(report)
		if !report.OK() {
			return nil // reading records through such pages might never end
		}
		newRecordCheck(tx, report).run()
		return nil
	})
	if err == nil && report.OK() {
		err = db.checkFreePages(report)
	}
	if errors.Is(err, ErrDamaged) {
		report.add("%v", err)
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("check %s: %w", db.path, err)
	}
	return report, nil
}

// checkPages walks the tree of pages from the root bucket's.
func (tx *Tx) checkPages(report *Report) {
	pageSize := int64(tx.db.bolt.Info().PageSize)
	w := newPageWalk(tx.db.file, pageSize, uint64(tx.bolt.Size()/pageSize), report.add)
	w.tree(uint64(tx.bolt.Cursor().Bucket().Root()), nil, nil, 0)
}

// checkFreePages lets bbolt compare the pages in use with the list of those
// that are free. It does so only on pages that checkPages has found good, and
// in a transaction that keeps writers out, as the list is the writer's.
func (db *DB) checkFreePages(report *Report) error {
	return guard(func() error {
		bt, err := db.bolt.Begin(true)
		if err != nil {
			return beginError(err)
		}
		defer rollback(bt)
		if !bothHeads(db.file, int64(db.bolt.Info().PageSize)) {
			report.add("one of the two heads is broken: the newest change may be missing; the next one will mend it")
		}
		for err := range bt.Check(bolt.WithKVStringer(bolt.HexKVStringer())) {
			report.add("pages: %v", err)
		}
		return nil
	})
}
