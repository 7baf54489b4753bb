package feed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"parley/shared/wire"
)

func presence(user string, online bool) string { return string(presenceOf(user, online).data) }

func typing(user, room string) string { return string(typingOf(user, room, time.Time{}).data) }

// told are the ephemeral events that a connection has to say now, sorted.
func (w *world) told(c *Conn) []string {
	w.Helper()
	events, _ := w.all(c)
	events = ephemeral(events)
	slices.Sort(events)
	return events
}

func (w *world) tells(what string, c *Conn, want ...string) {
	w.Helper()
	slices.Sort(want)
	w.equal(what, w.told(c), want)
}

func TestPresence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann", "bob")
		ann := w.subscribe(Subscription{User: "ann", Session: "a", Stream: true})
		w.tells("the first one online", ann, presence("ann", true))
		w.subscribe(Subscription{User: "bob"})
		w.tells("without a session nobody is seen", ann)
		bob := w.subscribe(Subscription{User: "bob", Session: "b", Stream: true})
		w.tells("who comes", ann, presence("bob", true))
		w.tells("who comes sees who is there", bob, presence("ann", true), presence("bob", true))
		second := w.subscribe(Subscription{User: "bob", Session: "b2", Stream: true})
		w.tells("a second page changes nothing", ann)

		bob.Close()
		second.Close()
		time.Sleep(wire.SessionGrace - time.Millisecond)
		w.tells("in grace", ann)
		bob = w.subscribe(Subscription{User: "bob", Session: "b"})
		time.Sleep(time.Minute)
		w.tells("back in time: nobody saw it leave", ann)
		bob.Close()
		bob.Close()
		time.Sleep(wire.SessionGrace + time.Millisecond)
		w.tells("gone", ann, presence("bob", false))
		if s := w.feed.Stats(); s.Sessions != 1 || s.Users != 2 {
			t.Errorf("%+v, want ann's session and bob's connection without one", s)
		}
	})
}

// TestGraceBegins checks that it does so anew with each connection that ends,
// also when the timer of the one before fires just then.
func TestGraceBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann", "bob")
		ann := w.subscribe(Subscription{User: "ann", Session: "a"})
		w.told(ann)
		for range 5 {
			w.subscribe(Subscription{User: "bob", Session: "b"}).Close()
			w.feed.mu.Lock()
			s := w.feed.users["bob"].sessions["b"]
			w.feed.mu.Unlock()
			w.feed.graceOver(s) // the timer of the connection before, which came late
			time.Sleep(wire.SessionGrace - time.Millisecond)
		}
		w.tells("polls that come in time", ann, presence("bob", true))
		time.Sleep(time.Millisecond)
		synctest.Wait()
		w.tells("the last poll", ann, presence("bob", false))
	})
}

func TestSnapshotForStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann", "bob")
		w.subscribe(Subscription{User: "ann", Session: "a"})
		mute := w.subscribe(Subscription{User: "bob", Session: "b", Stream: true})
		all := []string{presence("ann", true), presence("bob", true)}
		w.tells("a connection that does not get through", mute, all...)
		stream := w.subscribe(Subscription{User: "bob", Session: "b", Stream: true})
		w.tells("the next one is told again", stream, all...)
		mute.Close()
		stream.Close()
		poll := w.subscribe(Subscription{User: "bob", Session: "b"})
		w.tells("a poll is told what is new", poll)
	})
}

// TestBetweenPolls has things happen while a session has no connection.
func TestBetweenPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann", "bob", "cem")
		w.room("r", "ann", "bob")
		poll := func(want ...string) {
			t.Helper()
			c := w.subscribe(Subscription{User: "bob", Session: "b"})
			defer c.Close()
			w.tells("poll", c, want...)
		}
		poll(presence("bob", true))
		w.subscribe(Subscription{User: "cem", Session: "c"})
		w.feed.Typing("ann", "r")
		w.feed.Typing("ann", "r")
		poll(presence("cem", true), typing("ann", "r"))
		poll()
		w.feed.Typing("ann", "r")
		time.Sleep(wire.TypingLife + time.Millisecond)
		poll() // typing that is over
		unread := w.subscribe(Subscription{User: "bob", Session: "b"})
		w.feed.Typing("ann", "r")
		unread.Close()
		poll(typing("ann", "r"))
	})
}

func TestTyping(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob", "cem")
	w.room("r", "ann", "bob")
	ann := w.subscribe(Subscription{User: "ann", Session: "a"})
	bob := w.subscribe(Subscription{User: "bob", Session: "b"})
	bare := w.subscribe(Subscription{User: "bob"})
	stranger := w.subscribe(Subscription{User: "cem", Session: "c"})
	for _, c := range []*Conn{ann, bob, bare, stranger} {
		w.all(c)
	}
	_, before := w.all(bob)
	w.feed.Typing("ann", "r")
	w.tells("the others", bob, typing("ann", "r"))
	w.tells("oneself", ann)
	w.tells("no session", bare)
	w.tells("a stranger", stranger)
	if _, after := w.all(bob); after != before {
		t.Errorf("the cursor moved from %s to %s", before, after)
	}
	w.feed.Typing("ann", "r")
	w.sayNow("r", "ann", "here")
	b := w.next(bob)
	if len(b.Events) != 2 || isEphemeral(string(b.Events[0])) || !isEphemeral(string(b.Events[1])) {
		t.Errorf("%s, want the message and the typing in one batch", b.Bytes())
	}
}

func TestEphemeralBounds(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann")
	c := w.subscribe(Subscription{User: "ann", Session: "a"})
	w.told(c)
	w.feed.mu.Lock()
	u := w.feed.users["ann"]
	for i := range 3 * maxPresence {
		w.feed.push(u, typingOf(fmt.Sprint(i), "r", time.Now()))
		w.feed.push(u, presenceOf(fmt.Sprint(i), false))
		w.feed.push(u, presenceOf(fmt.Sprint(i), true)) // in the place of the one before
	}
	w.feed.mu.Unlock()
	b := w.next(c)
	if len(b.Events) != wire.MaxBatchEvents || !b.More {
		t.Errorf("%d events, more %t, want a full batch and more", len(b.Events), b.More)
	}
	rest := w.told(c)
	if n := len(b.Events) + len(rest); n != maxTyping+maxPresence {
		t.Errorf("%d events waited, want %d", n, maxTyping+maxPresence)
	}
	if !slices.Contains(rest, presence("999", true)) || slices.Contains(rest, presence("999", false)) {
		t.Error("want the newest of each key only")
	}
	if got, want := w.feed.Stats().Dropped, uint64(2*3*maxPresence-2*maxPresence+3*maxPresence-maxTyping); got != want {
		t.Errorf("%d dropped, want %d", got, want)
	}
}

func TestSupersede(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann")
	first := w.subscribe(Subscription{User: "ann", Session: "a"})
	other := w.subscribe(Subscription{User: "ann", Session: "b"})
	bare := w.subscribe(Subscription{User: "ann"})
	ended := make(chan error, 1)
	w.told(first)
	go func() {
		_, err := first.Next(context.Background(), time.Hour)
		ended <- err
	}()
	second := w.subscribe(Subscription{User: "ann", Session: "a"})
	third := w.subscribe(Subscription{User: "ann", Session: "a"})
	w.next(second)
	second.Established()
	if err := <-ended; !errors.Is(err, ErrSuperseded) {
		t.Fatalf("the older one ends with %v", err)
	}
	w.ends(first, ErrSuperseded)
	w.next(third)
	w.next(other)
	w.next(bare)
	third.Established()
	second.Established() // too late: it ends nobody
	first.Established()
	w.next(third)
	w.ends(second, ErrSuperseded)
	if s := w.feed.Stats(); s.Superseded != 2 || s.Sessions != 2 || s.Conns != 5 {
		t.Errorf("%+v", s)
	}
}

func TestTooManySessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann")
		var conns []*Conn
		for i := range maxSessions {
			conns = append(conns, w.subscribe(Subscription{User: "ann", Session: fmt.Sprint(i)}))
		}
		_, err := w.feed.Subscribe(Subscription{User: "ann", Session: "more"})
		if wire.CodeFrom(err) != wire.CodeRateLimited {
			t.Fatalf("one more gives %v", err)
		}
		w.subscribe(Subscription{User: "ann", Session: "0"})
		w.subscribe(Subscription{User: "ann"})
		conns[7].Close()
		time.Sleep(time.Second)
		conns[8].Close()
		w.subscribe(Subscription{User: "ann", Session: "more"}) // for the one longest in grace
		w.feed.mu.Lock()
		defer w.feed.mu.Unlock()
		if s := w.feed.users["ann"].sessions; s["7"] != nil || s["8"] == nil || len(s) != maxSessions {
			t.Errorf("7 is %v, 8 is %v, %d sessions", s["7"], s["8"], len(s))
		}
	})
}

func TestBadSession(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann")
	for _, name := range []string{"a\x00", string(make([]byte, wire.MaxSession+1)), "\xff"} {
		if _, err := w.feed.Subscribe(Subscription{User: "ann", Session: name}); wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("%q gives %v", name, err)
		}
	}
}

// TestManyOnline: in a large community some are told to be online, as many as may
// be, and what waits to be told grows with the number of people, not its square.
func TestManyOnline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const people, most = 300, 10
		o := defaults()
		o.told = most
		w := newWorld(t, o)
		var names []string
		for i := range people {
			names = append(names, fmt.Sprint("u", i))
		}
		w.users(names...)
		var conns []*Conn
		for _, name := range names {
			conns = append(conns, w.subscribe(Subscription{User: name, Session: "s", Stream: true}))
		}
		waiting := 0
		for _, c := range conns {
			waiting += len(c.backlog) + len(c.ephemera.entries)
		}
		if waiting > people*most+most*most {
			t.Errorf("%d events wait for %d people", waiting, people)
		}
		all := []string{}
		for _, name := range names[:most] {
			all = append(all, presence(name, true))
		}
		w.tells("the last to come", conns[people-1], all...)
		w.told(conns[0])
		conns[people-2].Close() // nobody was told of it
		time.Sleep(wire.SessionGrace + time.Millisecond)
		w.tells("nothing", conns[0])
		conns[1].Close()
		time.Sleep(wire.SessionGrace + time.Millisecond)
		got := w.told(conns[0])
		if len(got) != 2 || !slices.Contains(got, presence("u1", false)) {
			t.Fatalf("told %q, want that one is gone and another there", got)
		}
		if n := len(w.told(w.subscribe(Subscription{User: "u1", Session: "s", Stream: true}))); n != most {
			t.Errorf("who comes now is told of %d", n)
		}
	})
}
