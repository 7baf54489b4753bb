package feed

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := defaults()
		var asked []time.Duration
		o.random = func(below time.Duration) time.Duration {
			asked = append(asked, below)
			return time.Duration(len(asked)) * 100 * time.Millisecond
		}
		w := newWorld(t, o)
		w.users("ann", "bob")
		w.room("r", "ann", "bob")
		start := w.end()
		waiting := w.subscribe(Subscription{User: "ann", Session: "a"})
		w.told(waiting)
		fresh := w.subscribe(Subscription{User: "bob"})
		behind := w.subscribe(Subscription{User: "bob", Cursor: w.cursor(start - 1)})
		useless := w.subscribe(Subscription{User: "bob", Cursor: w.cursor(start + 99)})
		w.sayNow("r", "ann", "last words")
		conns := map[string]*Conn{"waiting": waiting, "fresh": fresh, "behind": behind}
		w.told(waiting)
		batch := make(chan Batch, 1)
		go func() {
			b, err := waiting.Next(context.Background(), time.Hour)
			w.must(err)
			batch <- b
		}()
		synctest.Wait()
		drained := make(chan error, 2)
		for range 2 {
			go func() { drained <- w.feed.Drain(context.Background()) }()
		}
		synctest.Wait()
		if _, err := w.feed.Subscribe(Subscription{User: "ann"}); !errors.Is(err, ErrDraining) {
			t.Errorf("Subscribe gives %v", err)
		}
		last := map[string]Batch{"waiting": <-batch, "fresh": w.next(fresh), "behind": w.next(behind)}
		delays := map[int]bool{}
		for name, b := range last {
			w.check(b)
			if b.ReconnectMS <= int(reconnectMin.Milliseconds()) || delays[b.ReconnectMS] {
				t.Errorf("%s: %s", name, b.Bytes())
			}
			delays[b.ReconnectMS] = true
			w.ends(conns[name], ErrDraining)
		}
		if b := last["fresh"]; len(b.Events) != 1 || b.Cursor != w.cursor(start+1) {
			t.Errorf("what waits goes along: %s", b.Bytes())
		}
		if b := last["behind"]; len(b.Events) > 0 || b.Cursor != w.cursor(start-1) || !b.More {
			t.Errorf("who is behind keeps its cursor: %s", b.Bytes())
		}
		if b := w.next(useless); !b.Reset {
			t.Errorf("a reset is a reset: %s", b.Bytes())
		}
		if len(asked) != 4 || asked[0] != reconnectSpread {
			t.Errorf("randomness was asked for %v", asked)
		}
		for _, c := range []*Conn{fresh, behind, useless} {
			c.Close()
		}
		synctest.Wait()
		if len(drained) > 0 {
			t.Error("drained with an open connection")
		}
		waiting.Close()
		for range 2 {
			w.must(<-drained)
		}
		w.must(w.feed.Drain(context.Background()))
	})
}

func TestDrainGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann")
		w.subscribe(Subscription{User: "ann"}) // stuck in a write
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := w.feed.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Drain gives %v", err)
		}
	})
}

func TestRevoke(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob")
	laptop, phone, foreign := store.HashOf("laptop"), store.HashOf("phone"), store.HashOf("bob's")
	token := store.HashOf("token")
	w.update(func(tx *store.Tx) {
		w.must(tx.PutSession(laptop, store.Session{User: "ann", Created: 1, Expires: 1 << 40}))
		w.must(tx.PutSession(phone, store.Session{User: "ann", Created: 1, Expires: 1 << 40}))
		w.must(tx.PutSession(foreign, store.Session{User: "bob", Created: 1, Expires: 1 << 40}))
		w.must(tx.PutToken(token, store.Token{ID: "t", User: "ann", Created: 1}))
	})
	subscribe := func(h store.Hash) *Conn { return w.subscribe(Subscription{User: "ann", Credential: h}) }
	a, b, bot, none := subscribe(laptop), subscribe(phone), subscribe(token), subscribe(store.Hash{})
	w.next(a)
	ended := make(chan error, 1)
	go func() {
		_, err := a.Next(context.Background(), time.Hour)
		ended <- err
	}()
	w.update(func(tx *store.Tx) { w.must(tx.DeleteSession(laptop)) })
	w.feed.Revoke(laptop)
	w.feed.Revoke(store.Hash{})
	if err := <-ended; !errors.Is(err, ErrRevoked) {
		t.Errorf("ends with %v", err)
	}
	w.next(b)
	w.next(bot)
	w.next(none)
	w.ends(a, ErrRevoked)
	refused := map[string]Subscription{
		"a credential that is gone": {User: "ann", Credential: laptop},
		"somebody else's":           {User: "ann", Credential: foreign},
		"nobody":                    {User: "nobody"},
	}
	for name, s := range refused {
		if _, err := w.feed.Subscribe(s); !errors.Is(err, ErrRevoked) {
			t.Errorf("%s gives %v", name, err)
		}
	}
	if got := w.feed.Stats().Revoked; got != 1 {
		t.Errorf("%d revoked", got)
	}
}

// TestDeactivate ends everything of a user, without grace.
func TestDeactivate(t *testing.T) {
	for name, deactivate := range map[string]func(w *world){
		"by call": func(w *world) { w.feed.RevokeUser("bob") },
		"by event": func(w *world) {
			w.update(func(tx *store.Tx) {
				u := w.user("bob")
				u.Deactivated = true
				w.must(tx.PutUser(store.User{User: *u, Created: 1}))
				w.append(tx, store.ToMembers(), wire.Event{User: u}, "", "")
			})
			w.publish()
			if _, err := w.feed.Subscribe(Subscription{User: "bob"}); !errors.Is(err, ErrRevoked) {
				w.Errorf("Subscribe gives %v", err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, defaults())
			w.users("ann", "bob")
			w.room("r", "ann", "bob")
			ann := w.subscribe(Subscription{User: "ann", Session: "a"})
			w.told(ann)
			var conns []*Conn
			for _, session := range []string{"b", "b", "c", ""} {
				conns = append(conns, w.subscribe(Subscription{User: "bob", Session: session}))
			}
			w.tells("bob comes", ann, presence("bob", true))
			deactivate(w)
			for _, c := range conns {
				w.ends(c, ErrRevoked)
				c.Close()
			}
			w.tells("bob is gone", ann, presence("bob", false))
			if s := w.feed.Stats(); s.Users != 1 || s.Sessions != 1 || s.Conns != 1 || s.Revoked != 4 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestStoreFails closes the store under the feed: whoever is concerned is told
// so, and nobody hangs.
func TestStoreFails(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob")
	w.room("r", "ann", "bob")
	behind := w.subscribe(Subscription{User: "ann", Cursor: w.cursor(1)})
	bob := w.subscribe(Subscription{User: "bob"})
	w.update(func(tx *store.Tx) { w.part(tx, "r", "bob") })
	w.must(w.db.Close())
	w.publish() // cannot see where bob's membership ends
	for name, c := range map[string]*Conn{"behind": behind, "bob": bob} {
		if _, err := c.Next(context.Background(), time.Hour); err == nil {
			t.Errorf("%s goes on", name)
		}
	}
	if _, err := w.feed.Subscribe(Subscription{User: "ann"}); err == nil {
		t.Error("Subscribe goes on")
	}
	if _, err := New(w.db).Subscribe(Subscription{User: "ann"}); err == nil {
		t.Error("a feed that could not begin goes on")
	}
}
