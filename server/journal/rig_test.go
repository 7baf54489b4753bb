package journal

import (
	"context"
	cryptorand "crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

const password = "correct horse"

// TestMain lets the test binary be the process that a test kills.
func TestMain(m *testing.M) {
	switch os.Getenv(childEnv) {
	case "", "full":
		os.Exit(m.Run())
	case "writers":
		childWriters()
	case "die":
		childDies()
	}
}

// childEnv says what a child of a test is to do.
const childEnv = "PARLEY_JOURNAL_CHILD"

// rig is a journal on a real file.
type rig struct {
	tb   testing.TB
	path string
	env  chat.Env
	o    Options

	// record, if not nil, gets every entry in the order of the log.
	record *[]chat.Entry

	db *store.DB
	j  *Journal
	q  chat.Queries
}

func newRig(tb testing.TB, path string, o Options) *rig {
	tb.Helper()
	r := &rig{tb: tb, path: path, o: o}
	r.env = chat.Env{
		Now: time.Now, Rand: cryptorand.Reader,
		Passwords: chat.NewPasswords(chat.Cost{Memory: 64, Passes: 1, Threads: 1}),
	}
	r.open()
	tb.Cleanup(r.close)
	return r
}

func tempRig(tb testing.TB, o Options) *rig {
	tb.Helper()
	return newRig(tb, filepath.Join(tb.TempDir(), "parley.db"), o)
}

func (r *rig) open() {
	r.tb.Helper()
	db, err := store.Open(r.path, store.Options{})
	if err != nil {
		r.tb.Fatal(err)
	}
	r.db, r.q = db, chat.Queries{DB: db}
	r.j = start(db, r.o, r.apply)
}

func (r *rig) apply(tx *store.Tx, e chat.Entry) (any, error) {
	if r.record != nil {
		*r.record = append(*r.record, e)
	}
	return chat.Apply(tx, e)
}

func (r *rig) close() {
	r.tb.Helper()
	if r.db == nil {
		return
	}
	if err := r.j.Close(); err != nil {
		r.tb.Error(err)
	}
	r.wantChecked()
	if err := r.db.Close(); err != nil {
		r.tb.Error(err)
	}
	r.db = nil
}

// wantChecked lets the store look at its whole file.
func (r *rig) wantChecked() {
	r.tb.Helper()
	report, err := r.db.Check()
	if err != nil {
		r.tb.Error(err)
	} else if !report.OK() {
		r.tb.Errorf("the file is damaged: %q", report.Findings)
	}
}

func (r *rig) reopen() {
	r.tb.Helper()
	r.close()
	r.open()
}

func (r *rig) submit(call chat.Call) (any, error) {
	result, err := r.j.Submit(context.Background(), call.Entry)
	if err != nil {
		return nil, err
	}
	return call.Answer(result), nil
}

// setup makes the owner.
func (r *rig) setup() chat.Actor {
	r.tb.Helper()
	call, err := r.env.Setup(context.Background(), wire.Setup{Name: "Olga", Password: password})
	if err != nil {
		r.tb.Fatal(err)
	}
	result, err := r.submit(call)
	if err != nil {
		r.tb.Fatal(err)
	}
	return chat.Actor{User: result.(wire.User), Credential: store.HashOf(call.Secret)}
}

func (r *rig) command(a chat.Actor, name string, args any) (any, error) {
	call, err := r.env.Command(a, name, wire.Encode(args))
	if err != nil {
		return nil, err
	}
	return r.submit(call)
}

func (r *rig) send(a chat.Actor, room, text, nonce string) (wire.Message, error) {
	result, err := r.command(a, wire.CmdSend, wire.Send{Room: room, Text: text, Nonce: nonce})
	if err != nil {
		return wire.Message{}, err
	}
	return result.(wire.Message), nil
}

func (r *rig) mustSend(a chat.Actor, room, text, nonce string) wire.Message {
	r.tb.Helper()
	m, err := r.send(a, room, text, nonce)
	if err != nil {
		r.tb.Fatalf("send %q: %v", nonce, err)
	}
	return m
}

// entryOf is a send that is ready for Submit.
func (r *rig) entryOf(a chat.Actor, text, nonce string) chat.Entry {
	r.tb.Helper()
	call, err := r.env.Command(a, wire.CmdSend, wire.Encode(wire.Send{Room: wire.Lobby, Text: text, Nonce: nonce}))
	if err != nil {
		r.tb.Fatal(err)
	}
	return call.Entry
}

// history is all messages of a room.
func (r *rig) history(room string) (all []wire.Message) {
	r.tb.Helper()
	err := r.db.View(func(tx *store.Tx) (err error) {
		head, err := tx.Room(room)
		if err != nil {
			return err
		}
		all, err = tx.Messages(room, 1, head.Head)
		return err
	})
	if err != nil {
		r.tb.Fatal(err)
	}
	return all
}

// log is the log that is kept.
func (r *rig) log() (all []store.Event) {
	r.tb.Helper()
	err := r.db.View(func(tx *store.Tx) error {
		return tx.Log(0, func(e store.Event) bool {
			all = append(all, e)
			return true
		})
	})
	if err != nil {
		r.tb.Fatal(err)
	}
	return all
}

// wantSoundLog looks for what must hold after anything: no hole, and times that
// do not run backwards.
func (r *rig) wantSoundLog() {
	r.tb.Helper()
	events := r.log()
	for i := 1; i < len(events); i++ {
		if events[i].Offset != events[i-1].Offset+1 || events[i].Time < events[i-1].Time {
			r.tb.Errorf("the log goes from %d of %s to %d of %s", events[i-1].Offset, events[i-1].Time, events[i].Offset, events[i].Time)
		}
	}
}

// wantSound is wantSoundLog, and a room without a hole and with each nonce once.
func (r *rig) wantSound(room string) {
	r.tb.Helper()
	r.wantSoundLog()
	nonces := map[string]uint64{}
	for i, m := range r.history(room) {
		if m.Seq != uint64(i+1) {
			r.tb.Fatalf("message %d has seq %d", i+1, m.Seq)
		}
		key := m.Author + " " + m.Nonce
		if first, ok := nonces[key]; ok {
			r.tb.Errorf("nonce %s is stored as %d and %d", key, first, m.Seq)
		}
		nonces[key] = m.Seq
	}
}

func nonce(parts ...any) string { return fmt.Sprint(parts...) }
