package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"

	"parley/shared/wire"
)

// writeTest writes a data file for a test of its own.
func writeTest(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parley.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openDamaged(t *testing.T, data []byte) *DB {
	t.Helper()
	db, err := Open(writeTest(t, data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// TestDamagedRecord changes one byte of a record's value or key. Reading it
// must say so and name it, reading others must go on, and Check must find it.
func TestDamagedRecord(t *testing.T) {
	good := goodFile(t)
	tests := []struct {
		name   string
		bucket bucketID
		key    []byte
		read   func(*Tx) error
		says   string
	}{
		{"message", messagesBucket, messageKey(1, 7), func(tx *Tx) error { _, err := tx.Message("lobby", 7); return err }, "message lobby/7"},
		{"message in a page of history", messagesBucket, messageKey(1, 7), func(tx *Tx) error { _, err := tx.Messages("lobby", 1, 50); return err }, "message lobby/7"},
		{"event", logBucket, offsetKey(9), func(tx *Tx) error { return tx.Log(0, func(Event) bool { return true }) }, "offset 9"},
		{"user", usersBucket, []byte("bob"), func(tx *Tx) error { _, err := tx.User("bob"); return err }, "bob"},
		{"room", roomsBucket, []byte("lobby"), func(tx *Tx) error { _, err := tx.Message("lobby", 1); return err }, "lobby"},
		{"nonce", noncesBucket, pair("ann", "c"), func(tx *Tx) error { _, err := tx.Nonce("ann", "c"); return err }, "nonces"},
		{"member", membersBucket, pair("rlobby", "ann"), func(tx *Tx) error { _, err := tx.IsMember("lobby", "ann"); return err }, "members"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			db := openDamaged(t, changed(t, good, func(bt *bolt.Tx) error {
				b := bt.Bucket([]byte(bucketNames[test.bucket]))
				value := bytes.Clone(b.Get(test.key))
				value[len(value)-1] ^= 0x04
				return b.Put(test.key, value)
			}))
			if err := db.View(test.read); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("read: %v, want ErrDamaged that names %q", err, test.says)
			}
			report, err := db.Check()
			if err != nil || report.OK() || !strings.Contains(strings.Join(report.Findings, "\n"), "checksum") {
				t.Errorf("check: %v, %+v", err, report)
			}
			err = db.View(func(tx *Tx) error { _, err := tx.User("ann"); return err })
			if err != nil {
				t.Errorf("what is not damaged: %v", err)
			}
		})
	}
}

// TestDamagedRecordsMeet breaks what records say of each other, checksums
// included; Check must tell.
func TestDamagedRecordsMeet(t *testing.T) {
	good := goodFile(t)
	put := func(id bucketID, key, value []byte) func(*bolt.Tx) error {
		return func(bt *bolt.Tx) error {
			return bt.Bucket([]byte(bucketNames[id])).Put(key, seal(key, value))
		}
	}
	hash := make([]byte, len(Hash{}))
	del := func(id bucketID, key []byte) func(*bolt.Tx) error {
		return func(bt *bolt.Tx) error { return bt.Bucket([]byte(bucketNames[id])).Delete(key) }
	}
	tests := []struct {
		name   string
		change func(*bolt.Tx) error
		says   string
	}{
		{"a message is missing", del(messagesBucket, messageKey(1, 7)), "after message 6 comes 8"},
		{"the newest message is missing", del(messagesBucket, messageKey(1, 40)), "its head is 40"},
		{"a message of no room", put(messagesBucket, messageKey(9, 1), []byte("{}")), "no such room"},
		{"a message in another's place", put(messagesBucket, messageKey(1, 7), wire.Encode(wire.Message{Room: "lobby", Seq: 8, Author: "ann"})), "message lobby/7"},
		{"a message of nobody", put(messagesBucket, messageKey(1, 7), wire.Encode(wire.Message{Room: "lobby", Seq: 7, Author: "eve"})), `"eve"`},
		{"an event is missing", del(logBucket, offsetKey(7)), "after offset 6 comes 8"},
		{"the newest event is missing", del(logBucket, offsetKey(41)), "ends at offset 40"},
		{"an event past the end", put(logBucket, offsetKey(42), Event{Audience: ToMembers(), Data: []byte("{}")}.encode()), "offset 42"},
		{"an event that is none", put(logBucket, offsetKey(7), []byte("x")), "offset 7"},
		{"a nonce is missing", del(noncesBucket, pair("ann", "c")), "offset 4: its nonce"},
		{"a nonce too many", put(noncesBucket, pair("ann", "zz"), Nonce{Room: "lobby", Seq: 1}.encode()), "another's"},
		{"a nonce to nowhere", put(noncesBucket, pair("ann", "zz"), Nonce{Room: "lobby", Seq: 99}.encode()), "is not there"},
		{"a name to nobody", put(namesBucket, []byte("eve"), []byte("eve")), "eve"},
		{"a name is missing", del(namesBucket, []byte("ann")), `"Ann"`},
		{"a user in another's place", put(usersBucket, []byte("eve"), wire.Encode(User{User: wire.User{ID: "ann", Name: "Ann"}})), "in the place of eve"},
		{"a hook of nobody", put(hooksBucket, hash, wire.Encode(Hook{ID: "k1", User: "eve", Room: "lobby"})), `"eve"`},
		{"a hook to nowhere", put(hooksBucket, hash, wire.Encode(Hook{ID: "k1", User: "ann", Room: "attic"})), `"attic"`},
		{"a webhook of nobody", put(webhooksBucket, []byte("eve"), wire.Encode(Webhook{})), `"eve"`},
		{"a webhook from the future", put(webhooksBucket, []byte("ann"), wire.Encode(Webhook{Cursor: 99})), "offset 99 of 41"},
		{"a member of one side", del(membersBucket, pair("rlobby", "ann")), "do not agree"},
		{"a member of the other side", put(membersBucket, pair("rlobby", "bob"), nil), "since never"},
		{"a span from the future", put(membersBucket, pair("uann", "lobby"), []byte(`[{"from":99}]`)), "cannot be"},
		{"spans that overlap", put(membersBucket, pair("uann", "lobby"), []byte(`[{"from":1,"to":5},{"from":4}]`)), "cannot be"},
		{"a room's count", put(roomsBucket, []byte("lobby"), wire.Encode(Room{Room: wire.Room{ID: "lobby", Head: 40}, Num: 1, Count: 2})), "counts 2 members and has 1"},
		{"a room's number", put(roomsBucket, []byte("lounge"), wire.Encode(Room{Room: wire.Room{ID: "lounge"}, Num: 1})), "number 1"},
		{"a mark past the head", put(readsBucket, pair("ann", "lobby"), offsetKey(41)), "past its head"},
		{"a session of nobody", put(sessionsBucket, make([]byte, 32), []byte(`{"user":"eve"}`)), "a session of"},
		{"a file of nobody", put(filesBucket, []byte("f1"), wire.Encode(File{File: wire.File{ID: "f1"}, Owner: "eve"})), "nobody's file"},
		{"a file without its bytes", put(filesBucket, []byte("f1"), wire.Encode(File{File: wire.File{ID: "f1", Size: 3}, Owner: "ann", Offset: 3})), "of 3 bytes 0 are there"},
		{"a file that no message has", put(filesBucket, []byte("f1"), wire.Encode(File{File: wire.File{ID: "f1"}, Owner: "ann", Room: "lobby", Seq: 7})), "lobby/7 does not have it"},
		{"a message whose file is missing", put(messagesBucket, messageKey(1, 7), wire.Encode(wire.Message{Room: "lobby", Seq: 7, Author: "ann", Files: []wire.File{{ID: "f1"}}})), "message lobby/7: its file f1 is not there"},
		{"a message with another's file", func(bt *bolt.Tx) error {
			f := File{File: wire.File{ID: "f1"}, Owner: "ann", Room: "lobby", Seq: 8}
			return errors.Join(put(filesBucket, []byte("f1"), wire.Encode(f))(bt),
				put(messagesBucket, messageKey(1, 7), wire.Encode(wire.Message{Room: "lobby", Seq: 7, Author: "ann", Files: []wire.File{f.File}}))(bt))
		}, "message lobby/7: its file f1 is another's"},
		{"a file of no message", put(filesBucket, []byte("f1"), wire.Encode(File{File: wire.File{ID: "f1"}, Owner: "ann", Room: "lobby", Seq: 99})), "message lobby/99 does not have it"},
		{"a file that is not known to wait", put(filesBucket, []byte("f1"), wire.Encode(File{File: wire.File{ID: "f1"}, Owner: "ann"})), "1 files wait"},
		{"bytes of no file", put(piecesBucket, pieceKey("f1", 0), []byte("x")), "no such file"},
		{"an upload of no file", put(uploadsBucket, pair("ann", "f1"), make([]byte, 8)), "leads to no file"},
		{"too many bytes of files", put(metaBucket, keyFileBytes, offsetKey(9)), "have 0 bytes together, not 9"},
		{"a token of nobody", put(tokensBucket, make([]byte, 32), []byte(`{"id":"t","user":"eve"}`)), "token t"},
		{"an invite to nowhere", put(invitesBucket, make([]byte, 32), []byte(`{"room":"nowhere"}`)), "an invite to"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report, err := openDamaged(t, changed(t, good, test.change)).Check()
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(report.Findings, "\n"); !strings.Contains(all, test.says) {
				t.Errorf("want a finding with %q, got:\n%s", test.says, all)
			}
		})
	}
}

// TestRandomDamage changes random bytes of a good file. Nothing may crash or
// hang, and a file that Check calls good must hold exactly what the good one did.
func TestRandomDamage(t *testing.T) {
	good := goodFile(t)
	want, err := contents(openDamaged(t, good))
	if err != nil {
		t.Fatal(err)
	}
	m, err := readMeta(bytes.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	refused, found, harmless := 0, 0, 0
	for range 200 {
		data := bytes.Clone(good)
		page := rng.IntN(len(data)/4096) * 4096
		if rng.IntN(4) == 0 {
			page = int([]uint64{m.root, m.freelist}[rng.IntN(2)]) * 4096
		}
		for range 1 + rng.IntN(3) {
			at := page + rng.IntN(4096)
			if rng.IntN(2) == 0 {
				at = page + rng.IntN(64) // heads matter most
			}
			data[at] ^= byte(1 + rng.IntN(255))
		}
		path := filepath.Join(t.TempDir(), "parley.db")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := Open(path, Options{})
		if err != nil {
			if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
				t.Fatalf("open: %v", err)
			}
			refused++
			continue
		}
		report, err := db.Check()
		switch {
		case err != nil:
			t.Fatalf("check: %v", err)
		case !report.OK():
			found++
		default:
			harmless++
			if got, err := contents(db); err != nil || got != want {
				t.Errorf("check calls a file good that is not: %v\n%s", err, firstDifference(got, want))
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("refused %d, found %d, harmless %d", refused, found, harmless)
	if refused < 20 || found < 20 {
		t.Error("the damage does not reach what it should")
	}
}

// rootOf gives where in a file the root page of a bucket is named.
func rootOf(t *testing.T, data []byte, bucket bucketID) (at int) {
	t.Helper()
	m, err := readMeta(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	page := data[int64(m.root)*m.pageSize:][:m.pageSize]
	for i := range int(order.Uint16(page[10:])) {
		key, value, _ := element(page, i, leafPage)
		if string(key) == bucketNames[bucket] && order.Uint64(value) != 0 {
			return int(m.root)*int(m.pageSize) + cap(page[:0]) - cap(value[:0])
		}
	}
	t.Fatalf("the bucket %s has no page of its own", bucketNames[bucket])
	return 0
}

// TestDamagedPages breaks the tree of pages in ways that bbolt would follow
// into other buckets, out of the file, or round in circles.
func TestDamagedPages(t *testing.T) {
	good := goodFile(t)
	messages, log := rootOf(t, good, messagesBucket), rootOf(t, good, logBucket)
	root := order.Uint64(good[messages:]) * 4096 // a branch
	if order.Uint16(good[root+8:]) != branchPage {
		t.Fatal("the bucket messages fits on one page")
	}
	tests := []struct {
		name string
		at   uint64
		to   uint64
		says string
	}{
		{"two buckets share a page", uint64(messages), order.Uint64(good[log:]), "used twice"},
		{"a bucket outside", uint64(messages), 1 << 20, "there are"},
		{"a bucket far outside", uint64(messages), 1 << 50, "there are"},
		{"a bucket in the head", uint64(messages), 1, "there are"},
		{"a branch outside", root + pageHeaderLen + 8, 1 << 40, "there are"},
		{"a branch to itself", root + pageHeaderLen + 8, root / 4096, "used twice"},
		{"a page of another number", root, 5_000, "it says it is page 5000"},
		{"a page of another type", root + 8, freelistPage | 1<<16, "neither branch nor leaf"},
		{"a page too long", root + 8, branchPage | 1<<16 | 1<<40, "cannot be"},
		{"more elements than room", root + 8, branchPage | 0xFFFF<<16, "do not fit"},
		{"no elements", root + 8, branchPage, "leads nowhere"},
		{"an element outside", root + pageHeaderLen, 1 << 20, "lies outside"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := bytes.Clone(good)
			order.PutUint64(data[test.at:], test.to)
			db := openDamaged(t, data)
			report, err := db.Check()
			if err != nil || !strings.Contains(strings.Join(report.Findings, "\n"), test.says) {
				t.Errorf("check: %v, %+v; want %q", err, report, test.says)
			}
			if test.name == "a branch to itself" {
				return // reading goes round until the stack is full, and cannot be caught
			}
			err = db.View(func(tx *Tx) error { _, err := tx.Messages("lobby", 1, 1); return err })
			if err != nil && !errors.Is(err, ErrDamaged) || strings.HasPrefix(test.name, "a b") && err == nil {
				t.Errorf("read: %v", err)
			}
		})
	}
}

// TestOpenBoltPanics opens a file over which bbolt panics, past inspect.
func TestOpenBoltPanics(t *testing.T) {
	path := writeTest(t, withFreelist(t, goodFile(t), 8, leafPage))
	if _, _, err := openBolt(path, boltOptions(0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v, want ErrDamaged", err)
	}
}

func TestLogHole(t *testing.T) {
	db := openDamaged(t, changed(t, goodFile(t), func(bt *bolt.Tx) error {
		return bt.Bucket([]byte("log")).Delete(offsetKey(7))
	}))
	err := db.View(func(tx *Tx) error { return tx.Log(3, func(Event) bool { return true }) })
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "offset 7 is missing") {
		t.Errorf("got %v", err)
	}
}

// contents is everything in the file, as text.
func contents(db *DB) (string, error) {
	var all strings.Builder
	err := db.View(func(tx *Tx) error {
		for id := range numBuckets {
			b := tx.bucket(id)
			if id == logBucket || id == roomsBucket { // no other has one
				fmt.Fprintln(&all, bucketNames[id], b.Sequence())
			}
			err := b.ForEach(func(k, v []byte) error {
				fmt.Fprintf(&all, "%x %x\n", k, v)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return all.String(), err
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("got  %s\nwant %s", a[i], b[i])
		}
	}
	return "one is longer"
}
