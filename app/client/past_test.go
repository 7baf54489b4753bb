package client

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/shared/wire"
)

// TestWindowAgainstModel looks here and there in a long room, at random, while
// others write and edit and the feed is reset: whatever stretch is shown is the
// room's, without a hole, and what is kept stays bounded.
func TestWindowAgainstModel(t *testing.T) {
	for seed := range uint64(12) {
		inWorld(t, seed, func(w *world) {
			r := rand.New(rand.NewPCG(seed, 3))
			for i := range 3000 {
				w.server.store("you", wire.Send{Room: "lobby", Text: fmt.Sprint(i + 1)})
			}
			w.starting(weather{}, WebSocket)
			ctx := context.Background()
			first, last := uint64(0), uint64(0) // what is on the screen
			for range 150 {
				w.someOperation(r, ctx, &first, &last)
				w.boundedStretch()
			}
			w.level(30 * time.Second)
			w.after(10 * time.Second)
			w.boundedStretch()
			w.sameAsServer()
			w.client.ToNewest("lobby")
			w.exact()
			w.client.Look("lobby", 0, 0)
			if n := len(w.client.Timeline("lobby").Messages); n > keptLive {
				t.Errorf("%d messages are kept that nobody looks at", n)
			}
			w.exact()
		})
	}
}

// someOperation does one thing that a person, others or the network may do.
func (w *world) someOperation(r *rand.Rand, ctx context.Context, first, last *uint64) {
	w.Helper()
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	head := uint64(len(w.server.said("lobby")))
	switch n := r.IntN(20); {
	case n < 4:
		must(w.client.LoadOlder(ctx, "lobby"))
	case n < 8:
		must(w.client.LoadNewer(ctx, "lobby"))
	case n < 11: // the screen moves in what there is
		if ms := w.client.Timeline("lobby").Messages; len(ms) > 0 {
			from := r.IntN(len(ms))
			*first, *last = ms[from].Seq, ms[min(len(ms)-1, from+r.IntN(400))].Seq
			w.client.Look("lobby", *first, *last)
		}
	case n < 13:
		seq := 1 + r.Uint64N(head)
		must(w.client.LoadAround(ctx, "lobby", seq))
		if !holds(w.client.Timeline("lobby").Messages, seq) {
			w.Fatalf("message %d is not there", seq)
		}
	case n == 13:
		w.client.ToNewest("lobby")
	case n < 17:
		for range 1 + r.IntN(60) {
			w.server.say("you", "lobby", "new")
		}
		w.after(time.Second)
	case n < 19:
		w.server.edit("lobby", 1+r.Uint64N(head), fmt.Sprint("edited ", n))
		w.after(100 * ms)
	default:
		w.editUnheard(1 + r.Uint64N(head))
	}
}

// editUnheard lets a message be edited while nothing reaches the client, which is
// reset afterwards.
func (w *world) editUnheard(seq uint64) {
	w.net.set(weather{down: true})
	w.server.end(errKilled)
	w.after(time.Second)
	w.server.edit("lobby", seq, "edited unheard")
	w.server.forget()
	w.net.set(weather{})
	w.client.Wake("online")
	w.after(20 * time.Second)
	w.mu.Lock()
	w.logs = nil // of the reset
	w.mu.Unlock()
}

// boundedStretch checks the shape of what is shown.
func (w *world) boundedStretch() {
	w.Helper()
	line := w.client.Timeline("lobby")
	if len(line.Messages) > keptMost+page || len(line.Messages) == 0 {
		w.Fatalf("%d messages are shown", len(line.Messages))
	}
	for i, m := range line.Messages {
		if m.Seq != line.Messages[0].Seq+uint64(i) {
			w.Fatalf("message %d in the place of %d", m.Seq, line.Messages[0].Seq+uint64(i))
		}
	}
	if line.AtStart != (line.Messages[0].Seq == 1) {
		w.Fatalf("begins with %d, at start: %v", line.Messages[0].Seq, line.AtStart)
	}
	w.client.mu.Lock()
	defer w.client.mu.Unlock()
	if n := len(w.client.state.rooms["lobby"].line.messages); n > keptMost+page {
		w.Fatalf("%d messages are kept at the end", n)
	}
}

// sameAsServer compares what is shown, wherever that is, with the room.
func (w *world) sameAsServer() {
	w.Helper()
	said := w.server.said("lobby")
	for _, m := range w.client.Timeline("lobby").Messages {
		if want := said[m.Seq-1]; m.Text != want.Text || m.Rev != want.Rev {
			w.Fatalf("shown is %+v, said was %+v", m, want)
		}
	}
}

// Gone far back, one is shown what comes as a number only, and finds it at the end.
func TestNewsWhileFarBack(t *testing.T) {
	inWorld(t, 80, func(w *world) {
		for i := range 500 {
			w.server.store("you", wire.Send{Room: "lobby", Text: fmt.Sprint(i + 1)})
		}
		w.starting(weather{}, WebSocket)
		ctx := context.Background()
		if err := w.client.LoadAround(ctx, "lobby", 100); err != nil {
			t.Fatal(err)
		}
		w.server.say("you", "lobby", "news")
		w.server.edit("lobby", 100, "edited")
		w.after(time.Second)
		line := w.client.Timeline("lobby")
		if line.AtEnd || line.Head != 501 || line.Messages[len(line.Messages)-1].Seq > 200 {
			t.Fatalf("at end %v, head %d", line.AtEnd, line.Head)
		}
		w.sameAsServer()
		w.editUnheard(100)
		if line := w.client.Timeline("lobby"); line.AtEnd || line.Messages[100-line.Messages[0].Seq].Text != "edited unheard" {
			t.Errorf("after a reset, at end: %v", line.AtEnd)
		}
		w.sameAsServer()
		for !w.client.Timeline("lobby").AtEnd {
			if err := w.client.LoadNewer(ctx, "lobby"); err != nil {
				t.Fatal(err)
			}
		}
		w.exact()
		err := w.client.LoadAround(ctx, "nowhere", 3)
		if wire.CodeFrom(err) != wire.CodeNotFound {
			t.Errorf("a room that is not there: %v", err)
		}
	})
}
