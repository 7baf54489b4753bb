package feed

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

// TestPrivate has a member leave and come back, a stranger listen, and nobody
// hear more than was said in their presence, live or from the log.
func TestPrivate(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob", "eve", "gus")
	w.room("r", "ann", "bob")
	start := w.end()
	live := map[string]*Conn{}
	for _, user := range []string{"ann", "bob", "eve", "gus"} {
		live[user] = w.subscribe(Subscription{User: user})
		w.next(live[user])
	}
	w.sayNow("r", "ann", "all three hear this")
	w.update(func(tx *store.Tx) { w.part(tx, "r", "bob") })
	w.publish()
	w.sayNow("r", "ann", "behind his back")
	// Out and in again within one commit, with words in between.
	w.update(func(tx *store.Tx) {
		w.join(tx, "r", "bob")
		w.say(tx, "r", "ann", "welcome back")
		w.part(tx, "r", "bob")
		w.say(tx, "r", "ann", "gone again")
		w.join(tx, "r", "bob")
		w.say(tx, "r", "ann", "stay")
	})
	w.publish()
	w.feed.Typing("ann", "r")
	for user, c := range live {
		got, _ := w.all(c)
		w.equal(user+" live", got, w.visible(user, start))
		got, _ = w.all(w.subscribe(Subscription{User: user, Cursor: w.cursor(start)}))
		w.equal(user+" from the log", got, w.visible(user, start))
		said := strings.Join(got, "")
		if user != "ann" && (strings.Contains(said, "behind") || strings.Contains(said, "gone again")) {
			t.Errorf("%s heard %s", user, said)
		}
		if user == "bob" && (!strings.Contains(said, "welcome back") || !strings.Contains(said, "stay")) {
			t.Errorf("bob did not hear what was said to him: %s", said)
		}
		if (user == "eve" || user == "gus") && said != "" {
			t.Errorf("%s, a stranger, heard %s", user, said)
		}
	}
}

// TestJoinLive checks the first events of a join, which come before the one
// that tells of it.
func TestJoinLive(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob")
	w.room("r", "ann")
	bob := w.subscribe(Subscription{User: "bob"})
	w.next(bob)
	w.update(func(tx *store.Tx) { w.join(tx, "r", "bob") })
	w.publish()
	got, _ := w.all(bob)
	if len(got) != 3 || !strings.HasPrefix(got[0], `{"room":`) || !strings.HasPrefix(got[1], `{"user":`) || !strings.HasPrefix(got[2], `{"member":`) {
		t.Errorf("got %v", got)
	}
}

func TestNonceForOwner(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "bob")
	w.room("r", "ann", "bob")
	at := w.cursor(w.end())
	ann, bob := w.subscribe(Subscription{User: "ann"}), w.subscribe(Subscription{User: "bob"})
	w.sayNow("r", "ann", "hello")
	for range 2 {
		if got, _ := w.all(ann); len(got) != 1 || !strings.Contains(got[0], `"nonce":"n1"`) {
			t.Errorf("the author gets %v", got)
		}
		if got, _ := w.all(bob); len(got) != 1 || strings.Contains(got[0], "nonce") {
			t.Errorf("another gets %v", got)
		}
		ann, bob = w.subscribe(Subscription{User: "ann", Cursor: at}), w.subscribe(Subscription{User: "bob", Cursor: at})
	}
}

func TestGuests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, defaults())
		w.users("ann", "bob", "gus", "gil")
		w.room("lobby", "ann", "gus")
		w.room("r", "bob", "gil")
		start := w.end()
		subscribe := func(user string) *Conn {
			return w.subscribe(Subscription{User: user, Session: user, Stream: true, Cursor: w.cursor(start)})
		}
		gus, gil := subscribe("gus"), subscribe("gil")
		w.tells("gus alone", gus, presence("gus", true))
		w.tells("gil, who shares no room", gil, presence("gil", true))
		ann := subscribe("ann")
		w.tells("members see everybody", ann, presence("gus", true), presence("gil", true), presence("ann", true))
		bob := subscribe("bob")
		w.tells("ann sees bob", ann, presence("bob", true))
		w.tells("gus shares a room with ann", gus, presence("ann", true))
		w.tells("gil with bob", gil, presence("bob", true))
		w.told(bob)

		w.update(func(tx *store.Tx) { w.join(tx, "lobby", "gil") })
		w.publish()
		w.tells("gil enters and sees who is there", gil, presence("ann", true), presence("gus", true))
		w.tells("gus sees gil", gus, presence("gil", true))
		w.tells("members knew", ann)
		w.update(func(tx *store.Tx) { w.part(tx, "r", "gil") })
		w.publish()
		w.tells("bob is out of gil's sight", gil, presence("bob", false))
		bob.Close()
		time.Sleep(wire.SessionGrace)
		synctest.Wait()
		w.tells("which gil does not hear of", gil)
		w.tells("but ann", ann, presence("bob", false))

		w.update(func(tx *store.Tx) {
			w.append(tx, store.ToMembers(), wire.Event{User: w.user("ann")}, "", "")
		})
		w.publish()
		for user, c := range map[string]*Conn{"ann": ann, "gus": gus} {
			got, _ := w.all(c)
			w.equal(user, durable(got), w.visible(user, w.end()-1))
		}
		got, _ := w.all(w.subscribe(Subscription{User: "gus", Cursor: w.cursor(start)}))
		w.equal("gus from the log", got, w.visible("gus", start))
	})
}

// TestRoleChange makes a guest a member and back while it is connected.
func TestRoleChange(t *testing.T) {
	w := newWorld(t, defaults())
	w.users("ann", "gus")
	ann := w.subscribe(Subscription{User: "ann", Session: "a"})
	gus := w.subscribe(Subscription{User: "gus", Session: "g"})
	w.told(ann)
	w.tells("a guest", gus, presence("gus", true))
	for _, guest := range []bool{false, true} {
		w.update(func(tx *store.Tx) {
			w.guests["gus"] = guest
			w.must(tx.PutUser(store.User{User: *w.user("gus"), Created: 1}))
			w.append(tx, store.ToUser("gus"), wire.Event{User: w.user("gus")}, "", "")
			w.append(tx, store.ToMembers(), wire.Event{User: w.user("gus")}, "", "")
		})
		at := w.end() - 2
		w.publish()
		got, _ := w.all(gus)
		w.equal("events", durable(got), w.visible("gus", at))
		w.equal("presence", ephemeral(got), []string{presence("ann", !guest)})
	}
}
