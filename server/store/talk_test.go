package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	bolt "go.etcd.io/bbolt"

	"parley/shared/wire"
)

// TestAuditIsBounded: the newest entries stay, and are found by pages.
func TestAuditIsBounded(t *testing.T) {
	db := openTest(t)
	db.update(func(tx *Tx) error {
		for i := range wire.MaxAudit + 25 {
			if err := tx.AppendAudit(wire.AuditEntry{Actor: "ann", Text: fmt.Sprint(i + 1)}); err != nil {
				return err
			}
		}
		return nil
	})
	db.view(func(tx *Tx) error {
		n, before := 0, uint64(0)
		for page := 1; page > 0; {
			page = 0
			err := tx.Audit(before, func(e wire.AuditEntry) bool {
				if want := uint64(wire.MaxAudit + 25 - n); e.ID != want || e.Text != fmt.Sprint(want) {
					t.Fatalf("entry %d is %+v", want, e)
				}
				n++
				page++
				before = e.ID
				return page < 777
			})
			if err != nil {
				return err
			}
		}
		return same("entries", n, wire.MaxAudit)
	})
}

// TestMentionsReach: mentions far behind the head are swept, the others found,
// those of everybody among one's own, and not what one has written oneself.
func TestMentionsReach(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	db.update(func(tx *Tx) error {
		for i := range wire.MentionReach + 10 {
			m, err := send(tx, "lobby", "ann", fmt.Sprint("n", i), "@", 1)
			err = errors.Join(err, tx.PutMention("bob", m))
			if i%2 == 0 {
				err = errors.Join(err, tx.PutMention(InRoom, m))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	head := uint64(wire.MentionReach + 10)
	db.update(func(tx *Tx) error { return tx.SweepExpired(1, 1_000_000) })
	db.view(func(tx *Tx) error {
		all, err1 := tx.Mentions("bob", "lobby", 0, 1_000_000)
		some, err2 := tx.Mentions("bob", "lobby", head-5, 3)
		own, err3 := tx.Mentions("ann", "lobby", 0, 9)
		other, err4 := tx.Mentions("bo", "lobby", 0, 9)
		if !slices.IsSorted(all) || len(all) != wire.MentionReach || all[len(all)-1] != head {
			t.Errorf("%d mentions, from %d on", len(all), all[0])
		}
		return errors.Join(err1, err2, err3, err4, same("the newest", some, []uint64{head - 2, head - 1, head}),
			same("of who wrote them", len(own), 0), same("of another, by @room", other[len(other)-1], head-1))
	})
}

// TestChangedIsSwept: when the last event that has to be corrected has left the
// log, so does the note about it.
func TestChangedIsSwept(t *testing.T) {
	db := openTest(t)
	db.update(furnish)
	db.mustSend("n", "secret", 10)
	db.update(func(tx *Tx) error {
		m, err := tx.Message("lobby", 1)
		m.Rev, m.Text, m.Deleted = 1, "", 20
		return errors.Join(err, tx.PutMessage(m), appendMessage(tx, m))
	})
	notes := func() (n int) {
		db.view(func(tx *Tx) error {
			return tx.scan(changedBucket, nil, func(_, _ []byte) error { n++; return nil })
		})
		return n
	}
	sweep := func(before wire.Time) {
		db.update(func(tx *Tx) error {
			_, err := tx.TrimLog(before, 1, 100)
			return errors.Join(err, tx.SweepExpired(1, 100), tx.SweepExpired(1, 100))
		})
	}
	sweep(5)
	if notes() != 1 {
		t.Error("swept too early")
	}
	sweep(15)
	if notes() != 0 {
		t.Error("never swept")
	}
}

// TestIndexesAreChecked breaks each index, and has Check find it.
func TestIndexesAreChecked(t *testing.T) {
	for name, fn := range map[string]func(tx *Tx) error{
		"a room's name leads elsewhere": func(tx *Tx) error { return tx.put(roomNamesBucket, []byte("lobby"), []byte("nowhere")) },
		"a room's name is missing":      func(tx *Tx) error { return tx.del(roomNamesBucket, []byte("lobby")) },
		"a direct room that is none":    func(tx *Tx) error { return tx.PutDirectRoom([]string{"ann"}, "lobby") },
		"a login without session":       func(tx *Tx) error { h := HashOf("x"); return tx.put(loginsBucket, pair("ann", string(h[:])), nil) },
		"a session without login":       func(tx *Tx) error { h := HashOf("x"); return tx.putJSON(sessionsBucket, h[:], Session{User: "ann"}) },
		"a role that was never":         func(tx *Tx) error { return tx.putJSON(rolesBucket, []byte("ann"), []Span{{From: 1, To: 1}}) },
		"a revision of nothing":         func(tx *Tx) error { return tx.PutRevision("lobby", 9, wire.Revision{}) },
		"a change of nothing":           func(tx *Tx) error { return tx.put(changedBucket, changedKey("lobby", 9), make([]byte, 16)) },
		"a mention of nobody":           func(tx *Tx) error { return tx.PutMention("nobody", wire.Message{Room: "lobby", Seq: 1}) },
		"a mention in nothing":          func(tx *Tx) error { return tx.PutMention("ann", wire.Message{Room: "lobby", Seq: 9}) },
		"a choice for nowhere":          func(tx *Tx) error { return tx.PutNotify("ann", wire.Notify{Room: "nowhere"}) },
		"an audit entry out of place":   func(tx *Tx) error { return tx.putJSON(auditBucket, offsetKey(7), wire.AuditEntry{ID: 8}) },
	} {
		t.Run(name, func(t *testing.T) {
			path := t.TempDir() + "/parley.db"
			db, err := Open(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			err = errors.Join(db.Update(furnish), db.Update(func(tx *Tx) error {
				_, err := send(tx, "lobby", "ann", "n", "hi", 1)
				return err
			}), checkClean(db), db.Update(fn))
			if err != nil {
				t.Fatal(err)
			}
			if report, err := db.Check(); err != nil || report.OK() {
				t.Errorf("not found: %+v, %v", report, err)
			}
		})
	}
}

// TestMigrationIsKilled: a start that ends between the copy and the change
// leaves a file of the old format, which the next one brings up to date.
func TestMigrationIsKilled(t *testing.T) {
	path, _ := copyGolden(t, 1)
	old, _, err := openBolt(path, boltOptions(defaultLockWait))
	if err != nil {
		t.Fatal(err)
	}
	var commit int
	err = old.View(func(bt *bolt.Tx) error { commit = bt.ID(); return nil })
	if err := errors.Join(err, old.Close()); err != nil {
		t.Fatal(err)
	}
	db := &DB{path: path}
	if db.bolt, db.file, err = openBolt(path, boltOptions(defaultLockWait)); err != nil {
		t.Fatal(err)
	}
	err = errors.Join(db.Backup(fmt.Sprintf("%s.format1.%d", path, commit)), db.Close())
	if err != nil {
		t.Fatal(err)
	}
	openTestAt(t, path).view(func(tx *Tx) error {
		_, err := tx.RoomByName("lobby")
		return err
	})
}
