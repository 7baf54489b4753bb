package journal

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/wire"
)

// TestOrder: what was answered is published before, in log order, and is in the
// log under the same order.
func TestOrder(t *testing.T) {
	var mu sync.Mutex
	var published []store.Event
	r := tempRig(t, Options{Publish: func(events []store.Event) {
		mu.Lock()
		defer mu.Unlock()
		published = append(published, events...)
	}})
	owner := r.setup()
	var writers sync.WaitGroup
	for w := range 16 {
		writers.Go(func() {
			for i := range 20 {
				m, err := r.send(owner, wire.Lobby, "hi", nonce(w, "-", i))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if !bytes.Contains(published[len(published)-1].Data, []byte(`"seq":`)) || uint64(len(published)) < m.Seq {
					t.Errorf("seq %d was answered before it was published", m.Seq)
				}
				mu.Unlock()
			}
		})
	}
	writers.Wait()
	log := r.log()
	if len(published) != len(log) {
		t.Fatalf("%d events published, %d in the log", len(published), len(log))
	}
	for i, e := range log {
		if published[i].Offset != e.Offset || !bytes.Equal(published[i].Data, e.Data) || published[i].Nonce != e.Nonce {
			t.Fatalf("published %+v, the log has %+v", published[i], e)
		}
	}
	r.wantSound(wire.Lobby)
	if n := len(r.history(wire.Lobby)); n != 320 {
		t.Errorf("%d messages, want 320", n)
	}
}

// TestRetries: a send tried again while the first is on its way is stored once,
// and all are answered alike.
func TestRetries(t *testing.T) {
	r := tempRig(t, Options{})
	owner := r.setup()
	for round := range 20 {
		answers := make([]wire.Message, 8)
		var tries sync.WaitGroup
		for i := range answers {
			tries.Go(func() {
				m, err := r.send(owner, wire.Lobby, "hi", nonce(round))
				if err != nil {
					t.Error(err)
				}
				answers[i] = m
			})
		}
		tries.Wait()
		for _, m := range answers {
			if m.Seq != uint64(round+1) || string(wire.Encode(m)) != string(wire.Encode(answers[0])) {
				t.Fatalf("round %d: got %s and %s", round, wire.Encode(m), wire.Encode(answers[0]))
			}
		}
	}
	r.wantSound(wire.Lobby)
}

// saboteur is chat.Apply, but for sends whose text says otherwise.
func saboteur(tx *store.Tx, e chat.Entry) (any, error) {
	send, ok := e.Op.(chat.Send)
	if !ok {
		return chat.Apply(tx, e)
	}
	switch send.Text {
	case "panic":
		panic("sabotage")
	case "full":
		return nil, store.ErrFull
	case "write and panic", "write and refuse", "write and fail":
		e.Op = chat.Send{Room: send.Room, Text: "half", Nonce: send.Nonce, Hash: send.Hash}
		if _, err := chat.Apply(tx, e); err != nil {
			return nil, err
		}
		switch send.Text {
		case "write and panic":
			panic("sabotage")
		case "write and refuse":
			return nil, wire.Errorf(wire.CodeConflict, "too late")
		}
		return nil, errors.New("sabotage")
	}
	return chat.Apply(tx, e)
}

// batchOf gives entries to the writer as one batch and waits for the answers.
func (r *rig) batchOf(entries ...chat.Entry) []*pending {
	r.tb.Helper()
	w := &writer{Journal: r.j}
	var batch []*pending
	for _, e := range entries {
		batch = append(batch, &pending{entry: e, done: make(chan struct{})})
	}
	w.store(batch)
	for _, p := range batch {
		<-p.done
	}
	return batch
}

// sabotaged is a rig whose journal has a saboteur. Its own writer is idle, as
// the test plays the writer itself with batchOf.
func sabotaged(t *testing.T, o Options) (*rig, chat.Actor) {
	r := tempRig(t, o)
	owner := r.setup()
	if err := r.j.Close(); err != nil {
		t.Fatal(err)
	}
	r.j = start(r.db, r.o, saboteur)
	return r, owner
}

// TestCulprits: of a batch only those fail that fail, and nothing of them stays.
func TestCulprits(t *testing.T) {
	published := 0
	r, owner := sabotaged(t, Options{Publish: func(e []store.Event) { published += len(e) }})
	published = 0
	before := len(r.log())
	bad := []string{"panic", "write and panic", "write and refuse", "write and fail"}
	var entries []chat.Entry
	for i, text := range bad {
		entries = append(entries, r.entryOf(owner, "good", nonce("good", i)), r.entryOf(owner, text, nonce("bad", i)))
	}
	refused := r.entryOf(owner, "good", "refused")
	refused.Actor = "nobody"
	entries = append(entries, refused, chat.Entry{Actor: owner.User.ID}, r.entryOf(owner, "good", "last"))

	seq := uint64(0)
	for i, p := range r.batchOf(entries...) {
		send, _ := entries[i].Op.(chat.Send)
		switch {
		case send.Text == "good" && send.Nonce != "refused":
			seq++
			if m, ok := p.result.(wire.Message); p.err != nil || !ok || m.Seq != seq || m.Nonce != send.Nonce {
				t.Errorf("entry %d: got %+v, %v; want seq %d", i, p.result, p.err, seq)
			}
		case send.Nonce == "refused":
			if wire.CodeFrom(p.err) != wire.CodeUnauthenticated || p.result != nil {
				t.Errorf("the refused: got %+v, %v", p.result, p.err)
			}
		default:
			if p.err == nil || wire.CodeFrom(p.err) != "" || p.result != nil {
				t.Errorf("%q: got %+v, %v; want a fault of ours", send.Text, p.result, p.err)
			}
		}
	}
	if seq != 5 || published != 5 || len(r.log()) != before+5 {
		t.Errorf("%d stored, %d published, %d in the log; want 5", seq, published, len(r.log())-before)
	}
	r.wantSound(wire.Lobby)
}

// TestFullBatch: a batch that finds no room is answered unavailable as a whole,
// the refused too, as their reason may not have been stored.
func TestFullBatch(t *testing.T) {
	r, owner := sabotaged(t, Options{Fatal: func(err error) { t.Errorf("fatal: %v", err) }})
	conflict := r.entryOf(owner, "other", "same")
	batch := r.batchOf(r.entryOf(owner, "good", "same"), conflict, r.entryOf(owner, "panic", "p"), r.entryOf(owner, "full", "f"))
	for i, p := range batch {
		want := wire.CodeUnavailable
		if i == 2 {
			want = ""
		}
		if p.err == nil || p.result != nil || wire.CodeFrom(p.err) != want {
			t.Errorf("entry %d: got %+v, %v; want %q", i, p.result, p.err, want)
		}
	}
	if n := len(r.history(wire.Lobby)); n != 0 {
		t.Errorf("%d messages stored", n)
	}
	if p := r.batchOf(conflict)[0]; p.err != nil {
		t.Errorf("afterwards: %v", p.err)
	}
}

// TestRefusalsCostNothing: a batch that changes nothing is not committed.
func TestRefusalsCostNothing(t *testing.T) {
	r := tempRig(t, Options{Publish: func(events []store.Event) {
		if len(events) == 0 {
			t.Error("published nothing")
		}
	}})
	owner := r.setup()
	r.mustSend(owner, wire.Lobby, "hi", "1")
	was, err := os.ReadFile(r.path)
	if err != nil {
		t.Fatal(err)
	}
	r.mustSend(owner, wire.Lobby, "hi", "1")
	if _, err := r.send(owner, "nowhere", "hi", "2"); wire.CodeFrom(err) != wire.CodeNotFound {
		t.Errorf("got %v", err)
	}
	is, err := os.ReadFile(r.path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(was, is) {
		t.Error("the file has changed")
	}
}

// TestFatal: after a commit that failed in another way than for want of room
// nobody is told that anything is stored, and nothing more is tried.
func TestFatal(t *testing.T) {
	fatal := make(chan error, 10)
	r := tempRig(t, Options{Fatal: func(err error) { fatal <- err }})
	owner := r.setup()
	if err := r.db.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, err := r.send(owner, wire.Lobby, "hi", "1")
		if err == nil || wire.CodeFrom(err) != "" {
			t.Errorf("got %v, want a fault of ours", err)
		}
	}
	if len(fatal) != 1 {
		t.Errorf("fatal was called %d times, want once", len(fatal))
	}
	if err := r.j.Close(); err != nil {
		t.Error(err)
	}
	r.db = nil // closed above
}

// TestDie: without a Fatal of its own such a failure ends the process, with one
// line and code 1.
func TestDie(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"=die", "PARLEY_JOURNAL_FILE="+t.TempDir()+"/parley.db")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("got %v, want exit code 1", err)
	}
	if line := out.String(); !strings.HasPrefix(line, "parley: cannot be sure") || strings.Count(line, "\n") != 1 {
		t.Errorf("got %q, want one line", line)
	}
}

func childDies() {
	db, err := store.Open(os.Getenv("PARLEY_JOURNAL_FILE"), store.Options{})
	if err != nil {
		panic(err)
	}
	j := New(db, Options{})
	if err := db.Close(); err != nil {
		panic(err)
	}
	_, err = j.Submit(context.Background(), chat.Entry{Op: chat.Setup{ID: "o", Name: "Olga"}})
	panic(err)
}

// TestClose: Close answers what waits; what comes later is unavailable.
func TestClose(t *testing.T) {
	r := tempRig(t, Options{})
	owner := r.setup()
	var acked, refused int
	var mu sync.Mutex
	var writers sync.WaitGroup
	started := make(chan struct{}, 64)
	for w := range 64 {
		writers.Go(func() {
			for i := 0; ; i++ {
				_, err := r.send(owner, wire.Lobby, "hi", nonce(w, "-", i))
				mu.Lock()
				if err == nil {
					acked++
				}
				mu.Unlock()
				if err != nil {
					if wire.CodeFrom(err) != wire.CodeUnavailable {
						t.Errorf("got %v", err)
					}
					mu.Lock()
					refused++
					mu.Unlock()
					return
				}
				if i == 0 {
					started <- struct{}{}
				}
			}
		})
	}
	for range 64 {
		<-started
	}
	for range 2 {
		if err := r.j.Close(); err != nil {
			t.Error(err)
		}
	}
	writers.Wait()
	if n := len(r.history(wire.Lobby)); n != acked || refused != 64 {
		t.Errorf("%d stored, %d acknowledged, %d of 64 refused", n, acked, refused)
	}
}

// TestContext: a wait ends with its context, in the queue and before it.
func TestContext(t *testing.T) {
	hold, held := make(chan struct{}), make(chan struct{}, 1)
	r := tempRig(t, Options{Publish: func([]store.Event) {
		select {
		case held <- struct{}{}:
		default:
		}
		<-hold
	}})
	release := sync.OnceFunc(func() { close(hold) })
	defer release()
	background := context.Background()
	call, err := r.env.Setup(background, wire.Setup{Name: "Olga", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan error, 1)
	go func() {
		_, err := r.j.Submit(background, call.Entry)
		first <- err
	}()
	<-held // the writer is busy until released

	wantUnavailable := func(what string, err error) {
		t.Helper()
		var p *wire.Problem
		if !errors.As(err, &p) || p.Code != wire.CodeUnavailable || p.RetryAfter == 0 {
			t.Errorf("%s: got %v", what, err)
		}
	}
	ended, cancel := context.WithCancel(background)
	cancel()
	_, err = r.j.Submit(ended, call.Entry)
	wantUnavailable("a context that has ended", err)

	ctx, cancel := context.WithCancel(background)
	var waiting sync.WaitGroup
	for range queueLength + 50 { // 50 more than the queue holds
		waiting.Go(func() {
			_, err := r.j.Submit(ctx, call.Entry)
			wantUnavailable("waiting", err)
		})
	}
	for len(r.j.queue) < queueLength {
		select {
		case err := <-first:
			t.Fatalf("the writer was not held: %v", err)
		default:
		}
	}
	cancel()
	waiting.Wait()
	release()
	if err := <-first; err != nil {
		t.Error(err)
	}
}
