package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"parley/shared/wire"
)

// TestMain lets tests run this binary again as another process.
func TestMain(m *testing.M) {
	if child := children[os.Getenv(childEnv)]; child != nil {
		if err := child(os.Getenv(childDirEnv)); err != nil {
			fmt.Println("FAIL:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const (
	childEnv    = "PARLEY_STORE_TEST_CHILD"
	childDirEnv = "PARLEY_STORE_TEST_DIR"
)

// children are what the binary does instead of its tests when childEnv names one.
var children = map[string]func(dir string) error{}

// testDB is a data file that must be good when its test ends.
type testDB struct {
	*DB
	t *testing.T
}

func openTest(t *testing.T) *testDB {
	t.Helper()
	return openTestAt(t, filepath.Join(t.TempDir(), "parley.db"))
}

func openTestAt(t *testing.T, path string) *testDB {
	t.Helper()
	db := &testDB{t: t}
	var err error
	if db.DB, err = Open(path, Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		db.mustCheck()
		db.mustClose()
	})
	return db
}

func (db *testDB) mustCheck() {
	db.t.Helper()
	if err := checkClean(db.DB); err != nil {
		db.t.Error(err)
	}
}

// checkClean is an error with what Check has found.
func checkClean(db *DB) error {
	report, err := db.Check()
	if err == nil && !report.OK() {
		err = fmt.Errorf("check: %q", report.Findings)
	}
	return err
}

func (db *testDB) mustClose() {
	db.t.Helper()
	if err := db.Close(); err != nil {
		db.t.Error(err)
	}
}

func (db *testDB) reopen() {
	db.t.Helper()
	db.mustClose()
	var err error
	if db.DB, err = Open(db.path, Options{}); err != nil {
		db.t.Fatal(err)
	}
}

func (db *testDB) update(fn func(*Tx) error) {
	db.t.Helper()
	if err := db.Update(fn); err != nil {
		db.t.Fatal(err)
	}
}

func (db *testDB) view(fn func(*Tx) error) {
	db.t.Helper()
	if err := db.View(fn); err != nil {
		db.t.Fatal(err)
	}
}

// furnish makes the users ann and bob and the room lobby with ann in it.
func furnish(tx *Tx) error {
	return errors.Join(
		tx.SetCommunity("Test"),
		tx.PutUser(User{User: wire.User{ID: "ann", Name: "Ann", Role: wire.RoleOwner}, Password: "phc", Created: 1}),
		tx.PutUser(User{User: wire.User{ID: "bob", Name: "陈小明", Role: wire.RoleMember}, Created: 2}),
		tx.PutRoom(Room{Room: wire.Room{ID: "lobby", Kind: wire.KindPublic, Name: "Lobby", Creator: "ann"}, Created: 1}),
		tx.AddMember("lobby", "ann"),
		appendMember(tx, "lobby", "ann", false),
	)
}

func appendMember(tx *Tx, room, user string, left bool) error {
	_, err := tx.Append(Event{Audience: ToRoom(room), Data: wire.Encode(wire.Event{
		Member: &wire.Member{Room: room, User: user, Left: left},
	})})
	return err
}

// send does what the command send does.
func send(tx *Tx, room, author, nonce, text string, now wire.Time) (wire.Message, error) {
	r, err := tx.Room(room)
	if err != nil {
		return wire.Message{}, err
	}
	m := wire.Message{Room: room, Seq: r.Head + 1, Author: author, Time: now, Text: text, Nonce: nonce}
	if err := tx.PutMessage(m); err != nil {
		return m, err
	}
	if err := tx.PutNonce(author, nonce, Nonce{Room: room, Seq: m.Seq, Hash: HashOf(text)}); err != nil {
		return m, err
	}
	return m, appendMessage(tx, m)
}

func appendMessage(tx *Tx, m wire.Message) error {
	e := Event{Time: m.Time, Audience: ToRoom(m.Room), Owner: m.Author, Nonce: m.Nonce}
	m.Nonce = ""
	e.Data = wire.Encode(wire.Event{Message: &m})
	_, err := tx.Append(e)
	return err
}

// mustSend sends in an Update of its own.
func (db *testDB) mustSend(nonce, text string, now wire.Time) {
	db.t.Helper()
	db.update(func(tx *Tx) error {
		_, err := send(tx, "lobby", "ann", nonce, text, now)
		return err
	})
}
