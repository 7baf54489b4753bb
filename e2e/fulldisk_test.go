package e2e_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/e2e/follow"
	"parley/e2e/ledger"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestFullDisk fills the disk under a running server: sends are refused with
// unavailable and leave nothing behind, reading goes on, and sending works
// again by itself when there is room.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	disk := newSmallDisk(t, 24<<20)
	s := parley.StartIn(t, disk.enter, filepath.Join(disk.dir, "data"))
	owner := s.Setup("Olga")
	w := &diskWriter{User: s.Bot(owner, "writer"), ledger: ledger.New()}
	reader := follow.New(owner, wire.Lobby, syncOf(t, owner).Cursor, "full-disk", follow.Only(follow.WebSocket))
	reading := make(chan error, 1)
	readerCtx, done := context.WithCancel(ctx)
	defer done()
	go func() { reading <- reader.Run(readerCtx) }()
	for range 20 {
		must(t, w.next(ctx))
	}
	pid := s.PID()

	disk.fill()
	w.fillUp(t, ctx)
	for range 4 {
		if err := w.next(ctx); wire.CodeFrom(err) != wire.CodeUnavailable {
			t.Errorf("a send on a full disk: %v, want %s", err, wire.CodeUnavailable)
		}
	}
	w.wantHistory(t, ctx, owner, "on the full disk")
	if sync := syncOf(t, owner); sync.Me.ID != owner.ID {
		t.Errorf("sync on a full disk is of %q", sync.Me.Name)
	}
	must(t, reader.Wait(ctx, w.ledger.Last()))

	disk.empty()
	must(t, parley.Persist(ctx, w.again)) // the refused one, with its nonce
	for range 20 {
		must(t, w.next(ctx))
	}
	must(t, reader.Wait(ctx, w.ledger.Last()))
	done()
	must(t, <-reading)
	report(t, "the reader", w.ledger.Check(reader.Seen(), 0))
	w.wantHistory(t, ctx, owner, "with room again")
	if s.PID() != pid {
		t.Error("the server was started again")
	}
	must(t, s.Check())
	must(t, s.Term())
	must(t, s.Check())
	s.Again()
	w.wantHistory(t, ctx, owner, "after a restart")
}

// diskWriter writes long messages.
type diskWriter struct {
	*parley.User
	ledger *ledger.Ledger
	n      int
}

var longText = strings.Repeat("An answer that was given is kept, whatever becomes of the disk. ", 200)

// next sends the next message, once; only the limit of sends is waited for.
func (w *diskWriter) next(ctx context.Context) error {
	w.n++
	w.ledger.Intend(w.ID, w.text())
	for {
		err := w.again(ctx)
		if wire.CodeFrom(err) != wire.CodeRateLimited {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// again sends the newest message with the nonce that it has.
func (w *diskWriter) again(ctx context.Context) error {
	m, err := w.Send(ctx, wire.Lobby, w.text(), fmt.Sprint("nonce ", w.n))
	if err == nil {
		w.ledger.Ack(w.text(), m)
	}
	return err
}

func (w *diskWriter) text() string { return fmt.Sprintf("%d. %s", w.n, longText) }

// fillUp sends until the pages that the data file has in stock are used up.
func (w *diskWriter) fillUp(t *testing.T, ctx context.Context) {
	t.Helper()
	for range 1000 {
		switch err := w.next(ctx); wire.CodeFrom(err) {
		case wire.CodeUnavailable:
			return
		default:
			must(t, err)
		}
	}
	t.Fatalf("1000 messages of %d bytes are stored on a full disk", len(longText))
}

// wantHistory wants the acknowledged messages and no other.
func (w *diskWriter) wantHistory(t *testing.T, ctx context.Context, u *parley.User, when string) {
	t.Helper()
	history := historyOf(t, ctx, u, wire.Lobby)
	report(t, "history "+when, w.ledger.Check(history, 0))
	if len(history) != w.ledger.Acked() {
		t.Errorf("%s the history has %d messages, acknowledged were %d", when, len(history), w.ledger.Acked())
	}
}
