package browser

import (
	"context"
	"errors"
	"testing"

	"parley/app/client"
)

func TestQueueKeepsWhatCameBeforeTheEnd(t *testing.T) {
	q := newQueue()
	q.push([]byte("a"))
	q.push([]byte("b"))
	q.close(client.CloseError{Code: 4401, Reason: "gone"})
	if q.push([]byte("c")) {
		t.Error("a message after the end was taken")
	}
	for _, want := range []string{"a", "b"} {
		if got, err := q.pop(t.Context()); err != nil || string(got) != want {
			t.Fatalf("pop = %q, %v; want %q", got, err, want)
		}
	}
	for range 2 {
		var closed client.CloseError
		if _, err := q.pop(t.Context()); !errors.As(err, &closed) || closed.Code != 4401 {
			t.Fatalf("pop after the end: %v", err)
		}
	}
}

func TestQueueIsBounded(t *testing.T) {
	q := newQueue()
	half := make([]byte, maxQueued/2)
	for range 2 {
		if !q.push(half) {
			t.Fatal("a queue that is just full refused")
		}
	}
	if q.push([]byte("x")) {
		t.Fatal("the bound was passed")
	}
	for range 2 {
		if _, err := q.pop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := q.pop(t.Context()); !errors.Is(err, errOverflow) {
		t.Fatalf("pop = %v", err)
	}
}

func TestQueueWaits(t *testing.T) {
	q := newQueue()
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan string)
	go func() {
		for {
			message, err := q.pop(ctx)
			if err != nil {
				got <- err.Error()
				return
			}
			got <- string(message)
		}
	}()
	for _, want := range []string{"a", "b"} {
		q.push([]byte(want))
		if s := <-got; s != want {
			t.Fatalf("got %q, want %q", s, want)
		}
	}
	cancel()
	if s := <-got; s != context.Canceled.Error() {
		t.Fatalf("got %q", s)
	}
}
