package feed

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"parley/server/store"
	"parley/shared/wire"
)

// Between any two places a reader gets exactly what it would see there, in
// batches that keep their bounds; nobody's session or presence is touched.
func TestUntil(t *testing.T) {
	o := defaults()
	o.batchEvents, o.scan = 7, 5
	w := newWorld(t, o)
	w.users("ann", "bob", "guest")
	w.room("r", "ann", "bob")
	w.room("s", "ann", "guest")
	for i := range 60 {
		w.sayNow([]string{"r", "s"}[i%2], "ann", fmt.Sprint("text ", i))
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		user := []string{"ann", "bob", "guest"}[rnd.IntN(3)]
		from, to := uint64(rnd.IntN(int(w.end())+1)), uint64(rnd.IntN(int(w.end())+1))
		at := w.cursor(from)
		var got []string
		for more := true; more; {
			b, err := w.feed.Until(Subscription{User: user, Cursor: at}, w.cursor(to))
			w.must(err)
			w.check(b)
			for _, e := range b.Events {
				got = append(got, string(e))
			}
			at, more = b.Cursor, b.More
		}
		if at != w.cursor(max(from, to)) {
			t.Fatalf("from %d to %d ends at %s", from, to, at)
		}
		want := w.visible(user, from)
		w.equal(fmt.Sprint(user, " from ", from, " to ", to), got, want[:max(0, len(want)-len(w.visible(user, to)))])
	}
	if stats := w.feed.Stats(); stats.Conns != 0 || len(w.feed.users) != 0 {
		t.Errorf("left behind: %+v, %d users", stats, len(w.feed.users))
	}
}

// Places that are none, and readers that are not let in.
func TestUntilRefuses(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann")
	w.room("r", "ann")
	here := w.cursor(w.end())
	other := store.FormatCursor("otherepoch00", 1)
	beyond := w.cursor(w.end() + 1)
	for _, c := range []struct {
		name, user, cursor, until string
		code                      wire.Code
		reset                     bool
	}{
		{"a cursor that is none", "ann", "%", here, wire.CodeBadRequest, false},
		{"an until that is none", "ann", here, "%", wire.CodeBadRequest, false},
		{"an until of another log", "ann", here, other, wire.CodeBadRequest, false},
		{"an until beyond the end", "ann", here, beyond, wire.CodeBadRequest, false},
		{"a cursor of another log", "ann", other, here, "", true},
		{"a cursor beyond the end", "ann", beyond, here, "", true},
	} {
		b, err := w.feed.Until(Subscription{User: c.user, Cursor: c.cursor}, c.until)
		if wire.CodeFrom(err) != c.code || b.Reset != c.reset {
			t.Errorf("%s: %s, %v", c.name, b.Bytes(), err)
		}
	}
	if _, err := w.feed.Until(Subscription{User: "nobody", Cursor: here}, here); !errors.Is(err, ErrRevoked) {
		t.Errorf("somebody who is not there: %v", err)
	}
	_ = w.feed.Close()
	if _, err := w.feed.Until(Subscription{User: "ann", Cursor: here}, here); !errors.Is(err, ErrDraining) {
		t.Errorf("while draining: %v", err)
	}
}
