package search

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"parley/server/store"
	"parley/shared/wire"
)

func TestSearch(t *testing.T) {
	w := newWorld(t, quick)
	w.start()
	w.send(lobby, "ann", "我们在上海見面")           // 1
	w.send(lobby, "bob", "Lunch in 上海?")      // 2
	w.send(den, "ann", "上海 is a secret")      // den/1
	w.send(pub, "ann", "上海的發展")               // pub/1
	w.send(lobby, "gus", "no news, C++ only") // 3
	w.level()

	w.want("ann", "上海", "pub/1", "den/1", "lobby/2", "lobby/1")
	w.want("ann", "见面", "lobby/1")
	w.want("bob", "上海", "lobby/2", "lobby/1")
	w.want("bob", "上海 in:发展", "pub/1") // public: he may read it, and so look into it when he says so
	w.want("gus", "上海 in:发展")          // a guest may not
	w.want("bob", "上海 in:den")         // nor may he
	w.want("ann", "上海 in:den in:#LOBBY", "den/1", "lobby/2", "lobby/1")
	w.want("ann", "from:陳小明 上海", "lobby/2")
	w.want("ann", `from:"ann lee" 上海`, "pub/1", "den/1", "lobby/1")
	w.want("ann", "from:nobody 上海")
	w.want("ann", "from:gus", "lobby/3")
	w.want("ann", "in:den", "den/1")
	w.want("ann", "c++", "lobby/3")
	w.want("ann", "++", "lobby/3")
	w.want("ann", ".*")
	w.want("ann", "lun", "lobby/2")
	day := w.now.Std().Format(time.DateOnly)
	w.want("ann", "见面 before:"+day)
	w.want("ann", "见面 after:"+day, "lobby/1")
	second := (w.now - 3000).String() // of lobby/2's moment
	w.want("ann", "上海 before:"+second, "lobby/1")
	w.want("ann", "上海 after:"+second, "pub/1", "den/1", "lobby/2")

	if got := w.foundIn("bob", Request{Query: "上海", Room: pub}); !slices.Equal(got, []string{"pub/1"}) {
		t.Error(got)
	}
	for user, room := range map[string]string{"bob": den, "gus": pub, "ann": "nowhere"} {
		if _, err := w.index.Search(actor(user), Request{Query: "上海", Room: room}); wire.CodeFrom(err) != wire.CodeNotFound {
			t.Errorf("%s in %s: %v", user, room, err)
		}
	}
	for _, next := range []string{"x", "1-2", "--", "1--lobby"} {
		if _, err := w.index.Search(actor("ann"), Request{Query: "上海", Next: next}); wire.CodeFrom(err) != wire.CodeBadRequest {
			t.Errorf("next %q: %v", next, err)
		}
	}
}

// What belongs to one message: its own nonce, the highlights, the words of now.
func TestFound(t *testing.T) {
	w := newWorld(t, quick)
	w.start()
	w.send(lobby, "ann", "去上海，回上海")
	w.level()
	for user, nonce := range map[string]string{"ann": "n1", "bob": ""} {
		list, err := w.index.Search(actor(user), Request{Query: "上海"})
		if err != nil || len(list.Messages) != 1 || list.More || list.Incomplete {
			t.Fatalf("%+v, %v", list, err)
		}
		m := list.Messages[0]
		if m.Nonce != nonce || m.Text != "去上海，回上海" || fmt.Sprint(m.Highlights) != "[[1 3] [5 7]]" {
			t.Errorf("%s: %+v", user, m)
		}
	}
}

// A message is found by what its files are called, and only its text is marked.
func TestFoundByItsFiles(t *testing.T) {
	w := newWorld(t, quick)
	w.start()
	w.send(lobby, "ann", "上海的照片")
	w.change(lobby, 1, func(m *wire.Message, _ wire.Time) {
		m.Text, m.Files = "", []wire.File{{Name: "上海 2026.png"}, {Name: "report.pdf"}}
	})
	w.send(lobby, "bob", "上海")
	w.change(lobby, 2, func(m *wire.Message, _ wire.Time) {
		m.Text, m.Files = "看上海", []wire.File{{Name: "上海.jpg"}}
	})
	w.level()
	for query, want := range map[string]string{"上海": "[lobby/2 lobby/1]", "report": "[lobby/1]", "pdf": "[lobby/1]", "上海 jpg": "[lobby/2]", "照片": "[]"} {
		if got := fmt.Sprint(w.found("bob", query)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	list, err := w.index.Search(actor("bob"), Request{Query: "上海"})
	if err != nil || fmt.Sprint(list.Messages[0].Highlights, list.Messages[1].Highlights) != "[[1 3]] []" {
		t.Errorf("%+v, %v", list, err)
	}
}

// A message is found within a second of its sending, also when the index has
// been idle.
func TestFoundWithinASecond(t *testing.T) {
	w := newWorld(t, pace{})
	w.start()
	w.level()
	for i := range 5 {
		word := fmt.Sprint("word", i)
		w.send(lobby, "ann", word)
		start := time.Now()
		for len(w.found("bob", word)) == 0 {
			if time.Since(start) > time.Second {
				t.Fatal("not found within a second")
			}
			time.Sleep(time.Millisecond)
		}
		t.Logf("found after %v", time.Since(start))
	}
}

// After an edit the old words are not found, after a deletion none; and in the
// end the file does not have them either.
func TestEditedAndDeleted(t *testing.T) {
	w := newWorld(t, quick)
	w.start()
	first := w.send(lobby, "ann", "zebra 斑马")
	second := w.send(lobby, "ann", "giraffe 长颈鹿")
	for range 40 { // further segments
		w.send(lobby, "bob", "noise")
	}
	w.level()
	w.edit(lobby, first, "tiger 老虎")
	w.remove(lobby, second)
	w.change(lobby, 3, func(m *wire.Message, _ wire.Time) {
		m.Reactions = []wire.Reaction{{Emoji: "👍", Users: []string{"bob"}}}
	})
	w.level()
	w.want("ann", "zebra")
	w.want("ann", "斑马")
	w.want("ann", "老虎", "lobby/1")
	w.want("ann", "giraffe")
	w.want("ann", "from:ann", "lobby/1") // by id

	deadline := time.Now().Add(20 * time.Second)
	for left := []string{"?"}; len(left) > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("the index still has %q", left)
		}
		w.level() // the follower goes on meanwhile: what is stale goes when nothing else is to do
		left = w.indexed("zebra", "斑马", "giraffe", "长颈", "颈鹿")
	}
	w.level()
	if got := w.indexed("tiger", "老虎", "noise"); len(got) != 3 {
		t.Errorf("only %q are left", got)
	}
	w.stop()
	w.start()
	w.level()
	w.want("ann", "老虎", "lobby/1")
}

// indexed are those tokens that the file has.
func (w *world) indexed(tokens ...string) (has []string) {
	w.Helper()
	w.index.mu.RLock()
	defer w.index.mu.RUnlock()
	err := view(w.index.file, func(tx *bolt.Tx) error {
		return tx.Bucket(segmentsBucket).ForEach(func(key, _ []byte) error {
			r := blockReader{cursor: tx.Bucket(postingsBucket(key)).Cursor()}
			for r.seek(""); r.next(); {
				if slices.Contains(tokens, string(r.token)) && !slices.Contains(has, string(r.token)) {
					has = append(has, string(r.token))
				}
			}
			return r.err
		})
	})
	if err != nil {
		w.Fatal(err)
	}
	return has
}

// Pages follow each other without a gap or a repetition, also while others
// write, and across rooms with messages of the same moment.
func TestPages(t *testing.T) {
	w := newWorld(t, quick)
	var want []string
	for i := range 60 {
		room := []string{lobby, den, pub, direct}[i%4]
		at := w.now + wire.Time(i/8*1000) // eight at a moment
		text := []string{"上海", "nothing"}[i/4%2]
		w.update(func(tx *store.Tx) error {
			seq, err := put(tx, room, "ann", text, at)
			if text == "上海" {
				want = append(want, fmt.Sprint(at, " ", room, "/", fmt.Sprintf("%03d", seq)))
			}
			return err
		})
	}
	w.now += 60_000
	slices.Sort(want)
	slices.Reverse(want)
	w.start()
	w.level()
	for _, limit := range []int{1, 3, 7, 30, 0} {
		var got []string
		for r := (Request{Query: "上海", Limit: limit}); ; {
			list, err := w.index.Search(actor("ann"), r)
			if err != nil || limit > 0 && len(list.Messages) > limit {
				t.Fatalf("%+v: %+v, %v", r, list, err)
			}
			for _, m := range list.Messages {
				got = append(got, fmt.Sprint(m.Time, " ", m.Room, "/", fmt.Sprintf("%03d", m.Seq)))
			}
			if list.More != (list.Next != "") {
				t.Fatalf("%+v", list)
			}
			if r.Next = list.Next; !list.More {
				break
			}
			w.send(lobby, "bob", "上海 again") // newer than all pages that are left
			w.level()
		}
		got = slices.DeleteFunc(got, func(s string) bool { return s[:24] > want[0][:24] })
		if !slices.Equal(got, want) {
			t.Fatalf("limit %d: %d found\n%q\nwant %d\n%q", limit, len(got), got, len(want), want)
		}
	}
}

// What was imported has older times behind newer ones, and comes in its place.
func TestImported(t *testing.T) {
	w := newWorld(t, quick)
	w.send(lobby, "ann", "上海 new")
	old := w.now - 1_000_000
	for i := range 3 {
		w.sendAt(lobby, "bob", "上海 old", old+wire.Time(i))
	}
	w.send(lobby, "ann", "上海 newest")
	w.sendAt(den, "ann", "上海 between", old+500_000)
	w.start()
	for range 2 {
		w.level()
		w.want("ann", "上海", "lobby/5", "lobby/1", "den/1", "lobby/4", "lobby/3", "lobby/2")
		w.want("ann", "上海 before:"+(old+600_000).String(), "den/1", "lobby/4", "lobby/3", "lobby/2")
		w.want("ann", "上海 after:"+(old+2).String(), "lobby/5", "lobby/1", "den/1", "lobby/4")
		w.stop()
		w.start()
	}
}

// A query for which the index is of no help looks at a bounded number of
// messages, and goes on with the next.
func TestLookedAtIsBounded(t *testing.T) {
	w := newWorld(t, pace{gather: time.Millisecond})
	w.update(func(tx *store.Tx) error {
		for i := range 2*maxLooked + 10 {
			text := "plain"
			if i == 5 {
				text = "what?!?"
			}
			if _, err := put(tx, lobby, "ann", text, w.tick()); err != nil {
				return err
			}
		}
		return nil
	})
	w.start()
	w.level()
	r, pages := Request{Query: "?!?"}, 0
	for {
		list, err := w.index.Search(actor("ann"), r)
		if err != nil {
			t.Fatal(err)
		}
		pages++
		if len(list.Messages) == 1 {
			break
		}
		if r.Next = list.Next; !list.More {
			t.Fatal("not found")
		}
	}
	if pages != 3 {
		t.Errorf("found with page %d", pages)
	}
}

// rebuilt wants the index to be whole again after something was done to its
// file, or to the data, while it was closed.
func TestRebuilt(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, w *world){
		"deleted": func(t *testing.T, w *world) { must(t, os.Remove(w.path())) },
		"empty":   func(t *testing.T, w *world) { must(t, os.Truncate(w.path(), 0)) },
		"cut":     func(t *testing.T, w *world) { must(t, os.Truncate(w.path(), 5000)) },
		"no database": func(t *testing.T, w *world) {
			must(t, os.WriteFile(w.path(), []byte(strings.Repeat("not a database ", 2000)), 0o600))
		},
		"overwritten in the middle": func(t *testing.T, w *world) {
			data, err := os.ReadFile(w.path())
			must(t, err)
			for i := 8192; i < len(data); i++ {
				data[i] ^= 0x5a
			}
			must(t, os.WriteFile(w.path(), data, 0o600))
		},
		"other version": func(t *testing.T, w *world) { w.changeState(func(s *state) { s.Format++ }) },
		"other epoch":   func(t *testing.T, w *world) { w.changeState(func(s *state) { s.Epoch = "x" }) },
		"other history": func(t *testing.T, w *world) { w.changeState(func(s *state) { s.Mark ^= 2 }) },
		"newer":         func(t *testing.T, w *world) { w.changeState(func(s *state) { s.Cursor += 1000 }) },
		"older than the log": func(t *testing.T, w *world) {
			for range 20 {
				w.send(lobby, "ann", "上海")
			}
			w.update(func(tx *store.Tx) error {
				_, err := tx.TrimLog(w.now+1, 5, 1000)
				return err
			})
		},
		"without a segment": func(t *testing.T, w *world) {
			file, err := openFile(w.path())
			must(t, err)
			must(t, update(file, func(tx *bolt.Tx) error {
				all, err := segments(tx)
				must(t, err)
				return dropPostings(tx, all[0])
			}))
			must(t, file.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, quick)
			w.start()
			for range 50 {
				w.send(lobby, "ann", "上海 hello")
				w.send(den, "bob", "hello")
			}
			w.level()
			w.stop()
			harm(t, w)
			w.send(den, "ann", "上海 once more")
			w.start()
			w.level()
			list, err := w.index.Search(actor("ann"), Request{Query: "上海"})
			if err != nil || len(list.Messages) != wire.MaxFound || list.Incomplete || placesOf(list)[0] != "den/51" {
				t.Errorf("%d found, %v, %v", len(list.Messages), list.Incomplete, err)
			}
			if name != "deleted" && name != "empty" && !strings.Contains(w.logged.String(), "made anew") {
				t.Errorf("it was not made anew:\n%s", &w.logged)
			}
			if info, err := os.Stat(w.path()); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info, err)
			}
		})
	}
}

// A file that is found to be damaged while it is in use is made anew.
func TestDamagedWhileOpen(t *testing.T) {
	w := newWorld(t, quick)
	w.start()
	for range 50 {
		w.send(lobby, "ann", "上海 hello")
	}
	w.level()
	w.stop()
	file, err := openFile(w.path())
	must(t, err)
	must(t, update(file, func(tx *bolt.Tx) error {
		all, err := segments(tx)
		must(t, err)
		for _, s := range all {
			c := tx.Bucket(postingsBucket(s.key())).Cursor()
			for k, v := c.First(); k != nil; k, v = c.Next() {
				v = slices.Clone(v)
				v[len(v)-1]++
				must(t, c.Bucket().Put(k, v))
			}
		}
		return nil
	}))
	must(t, file.Close())
	w.pace.purge = time.Hour
	w.start()
	if _, err := w.index.Search(actor("ann"), Request{Query: "上海"}); err != nil && wire.CodeFrom(err) != wire.CodeUnavailable {
		t.Errorf("%v", err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		list, err := w.index.Search(actor("ann"), Request{Query: "上海"})
		if err == nil && len(list.Messages) == 50 && !list.Incomplete {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+v, %v", list.Incomplete, err)
		}
		time.Sleep(time.Millisecond)
	}
}

// Without a place for the file what is new is found all the same, and the file
// is made when it can be.
func TestFileCannotBeMade(t *testing.T) {
	w := newWorld(t, quick)
	w.send(lobby, "ann", "上海 old")
	must(t, os.Mkdir(w.path(), 0o700))
	w.start()
	list, err := w.index.Search(actor("ann"), Request{Query: "上海"})
	if err != nil || !list.Incomplete {
		t.Errorf("%+v, %v", list, err)
	}
	must(t, os.Remove(w.path()))
	w.level()
	w.want("ann", "上海", "lobby/1")
}

func (w *world) changeState(fn func(*state)) {
	w.Helper()
	file, err := openFile(w.path())
	must(w, err)
	must(w, update(file, func(tx *bolt.Tx) error {
		s, err := readState(tx)
		fn(&s)
		return errors.Join(err, writeState(tx, s))
	}))
	must(w, file.Close())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
}
