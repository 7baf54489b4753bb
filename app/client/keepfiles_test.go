package client

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

// pieces are the offsets at which pieces were sent to the server, of all files.
func (w *world) pieces() (list []string) {
	w.net.mu.Lock()
	defer w.net.mu.Unlock()
	for _, p := range w.net.paths {
		if _, at, ok := strings.Cut(p, "?offset="); ok {
			list = append(list, strings.TrimSuffix(at, "&user=me"))
		}
	}
	return list
}

// putThen refuses pieces after so many.
func (w *world) putThen(n int, p *wire.Problem) {
	w.refuse(func(cmd string) *wire.Problem {
		if cmd != "put" || n > 0 {
			if cmd == "put" {
				n--
			}
			return nil
		}
		return p
	})
}

func later() *wire.Problem { return wire.Errorf(wire.CodeUnavailable, "Later.").After(60) }

// The page ends in the middle: the next one goes on where it was, with what was
// kept, before what is written there.
func TestFilesSurviveThePage(t *testing.T) {
	inWorld(t, 140, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.putThen(3, later())
		w.send("lobby", "first")
		_, blobs := w.post("files", 2*chunk, 5*chunk+7)
		w.send("lobby", "third")
		w.after(2 * time.Second)
		if files, letters := w.blobs.keys("blob/me/"), w.db.keys("outbox/me/"); len(files) != 2 || len(letters) != 2 {
			w.Fatalf("kept: %q, %q", files, letters)
		}
		o := w.client.Timeline("lobby").Outgoing
		if o[0].Files[0].Sent != 2*chunk || o[0].Files[1].Sent != chunk {
			t.Errorf("outgoing %+v", o[0])
		}
		_ = w.stop()
		for _, b := range blobs {
			b.lose()
		}

		w.refuse(nil)
		w.run()
		w.on(WebSocket, time.Second)
		w.send("lobby", "fourth")
		w.load()
		w.allSent(10 * time.Second)
		if got := w.texts("lobby"); !slices.Equal(got, []string{"first", "files", "third", "fourth"}) {
			w.Fatalf("said %q", got)
		}
		w.whole(w.server.said("lobby")[1], blobs)
		at := func(n int) string { return fmt.Sprint(n * chunk) }
		if got := w.pieces(); !slices.Equal(got, []string{at(0), at(1), at(0), at(1), at(1), at(2), at(3), at(4), at(5)}) {
			t.Errorf("pieces at %q", got)
		}
		w.quiet()
	})
}

// However slow the disk is, nothing of a file is sent before all of it is kept, and
// messages of other rooms do not wait for that, nor for the files themselves.
func TestFilesKeptBeforeSent(t *testing.T) {
	inWorld(t, 141, func(w *world) {
		w.server.rooms["other"] = &wire.Room{ID: "other", Kind: wire.KindPublic, Name: "Other", Members: []string{"me", "you"}}
		w.starting(weather{}, WebSocket)
		w.blobs.set(func(s *fakeBlobs) { s.slow = time.Second })
		w.refuse(func(cmd string) *wire.Problem {
			if cmd == wire.CmdCreateFile && len(w.blobs.keys("")) != 2 {
				t.Error("begun before it was kept")
			}
			return nil
		})
		w.net.set(weather{http: fault{slow: 5 * time.Second}})
		_, blobs := w.post("files", 3*chunk, chunk)
		w.send("lobby", "after")
		w.send("other", "elsewhere")
		took := w.until("said elsewhere", time.Second, func() bool { return len(w.server.said("other")) == 1 })
		t.Logf("said elsewhere after %v", took)
		w.allSent(time.Minute)
		w.whole(w.server.said("lobby")[0], blobs)
	})
}

// A message is said in a room whose files are large while others are on their way.
func TestRoomsTakeTurns(t *testing.T) {
	inWorld(t, 142, func(w *world) {
		for i := range 5 {
			id := fmt.Sprint("room ", i)
			w.server.rooms[id] = &wire.Room{ID: id, Kind: wire.KindPublic, Name: id, Members: []string{"me"}}
		}
		w.starting(weather{}, WebSocket)
		w.net.set(weather{http: fault{slow: time.Second}})
		for i := range 5 {
			size := 50 * chunk
			if i == 4 {
				size = chunk
			}
			if _, err := w.client.Post(fmt.Sprint("room ", i), Draft{Files: []Attachment{{Name: "x", Blob: newBlob(1, size)}}}); err != nil {
				w.Fatal(err)
			}
		}
		w.until("the small one sent", 20*time.Second, func() bool { return len(w.server.said("room 4")) == 1 })
		w.until("all sent", 5*time.Minute, func() bool { return len(w.db.keys("outbox/")) == 0 })
		if w.net.mostPuts != maxPieces {
			t.Errorf("%d pieces were on their way at once", w.net.mostPuts)
		}
	})
}

// What was kept is gone: the message says so, with its text and its other files.
func TestKeptFileGone(t *testing.T) {
	inWorld(t, 143, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.putThen(0, later())
		nonce, blobs := w.post("files", chunk, chunk)
		w.send("lobby", "after")
		w.after(time.Second)
		_ = w.stop()
		w.refuse(nil)
		w.blobs.set(func(s *fakeBlobs) { clear(s.values) })
		kept := w.client.outbox.list[0].Files[1].Nonce
		w.blobs.values["blob/me/"+kept] = blobs[1]
		w.run()
		failed := func() bool {
			o := w.client.Timeline("lobby").Outgoing
			return len(o) == 1 && o[0].State == Failed && o[0].Problem.Code == wire.CodeNotFound && strings.Contains(o[0].Problem.Detail, `"files 0.png"`)
		}
		w.until("failed", 5*time.Second, failed)
		w.level(time.Second)
		if got := w.texts("lobby"); !slices.Equal(got, []string{"after"}) {
			t.Errorf("said %q", got)
		}
		w.client.Retry(nonce)
		w.after(100 * ms)
		w.until("failed again", time.Second, failed)
		d, _ := w.client.Discard(nonce)
		if d.Text != "files" || len(d.Files) != 1 || d.Files[0].Blob != Blob(blobs[1]) {
			w.Fatalf("Discard gave %+v", d)
		}
		if _, err := w.client.Post("lobby", d); err != nil {
			w.Fatal(err)
		}
		w.allSent(5 * time.Second)
		w.whole(w.server.said("lobby")[1], blobs[1:])
	})
}

// Files that cannot be looked for now are looked for later, and keep their order.
func TestKeptFilesLater(t *testing.T) {
	for name, breakIt := range map[string]func(*fakeBlobs){
		"refuses": func(s *fakeBlobs) { s.refuse = errors.New("refused") },
		"hangs":   func(s *fakeBlobs) { s.hang = true },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 144, func(w *world) {
				w.starting(weather{}, WebSocket)
				w.putThen(1, later())
				_, blobs := w.post("files", 3*chunk)
				w.after(time.Second)
				_ = w.stop()
				w.refuse(nil)
				w.blobs.set(breakIt)
				w.run()
				w.send("lobby", "after")
				w.after(10 * time.Second)
				if o := w.client.Timeline("lobby").Outgoing; len(o) != 2 || o[0].Text != "files" || o[0].State != Sending {
					t.Errorf("outgoing %+v", o)
				}
				w.blobs.set(func(s *fakeBlobs) { s.refuse, s.hang = nil, false })
				w.until("said", 2*time.Minute, func() bool { return len(w.server.said("lobby")) == 2 })
				w.allSent(time.Minute)
				w.whole(w.server.said("lobby")[0], blobs)
			})
		})
	}
}

// A browser that cannot keep files sends them, and says that they are not kept.
func TestFilesUnkept(t *testing.T) {
	for name, breakIt := range map[string]func(*fakeBlobs){
		"refuses":  func(s *fakeBlobs) { s.refuse = errors.New("refused") },
		"hangs":    func(s *fakeBlobs) { s.hang = true },
		"is full":  func(s *fakeBlobs) { s.room = chunk },
		"too slow": func(s *fakeBlobs) { s.slow = time.Minute },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 145, func(w *world) {
				w.starting(weather{}, WebSocket)
				w.kept()
				w.blobs.set(breakIt)
				w.putThen(2, wire.Errorf(wire.CodeUnavailable, "Later.").After(1))
				_, blobs := w.post("files", chunk/2, 3*chunk)
				w.send("lobby", "after")
				w.post("second", chunk)
				w.post("third", 2*chunk)
				w.until("not kept", 13*time.Second, func() bool { return w.client.Status().Unkept })
				w.refuse(nil)
				w.until("said", 5*time.Second, func() bool { return len(w.server.said("lobby")) == 4 }) // none waits for the disk any more
				w.sent(time.Minute)
				w.whole(w.server.said("lobby")[0], blobs)
				w.blobs.set(func(s *fakeBlobs) { s.refuse, s.hang, s.room, s.slow = nil, false, 0, 0 })
				w.allSent(2 * time.Minute)
				w.send("lobby", "once more")
				w.sent(time.Minute)
				if w.client.Status().Unkept {
					t.Error("it still says that nothing is kept")
				}
			})
		})
	}
}

// Files take the room of the state that is kept: that can be read again.
func TestFilesBeforeCache(t *testing.T) {
	inWorld(t, 146, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.kept()
		w.putThen(0, later())
		w.blobs.set(func(s *fakeBlobs) { s.full = func() bool { return len(w.db.keys(cachePrefix)) > 0 } })
		w.post("files", chunk)
		w.after(time.Second)
		if w.client.Status().Unkept || len(w.blobs.keys("")) != 1 {
			t.Errorf("status %+v, kept %q", w.client.Status(), w.blobs.keys(""))
		}
	})
}

// Without a place for files everything else works.
func TestNoBlobs(t *testing.T) {
	inWorld(t, 147, func(w *world) {
		blobs := w.blobs
		w.blobs = nil
		w.starting(weather{}, WebSocket)
		w.blobs = blobs
		_, files := w.post("files", 2*chunk)
		w.allSent(5 * time.Second)
		w.whole(w.server.said("lobby")[0], files)
		w.quiet()
	})
}

// Files of no message are deleted at the next start; those of other tabs' messages
// and of other people's are not.
func TestStrays(t *testing.T) {
	inWindow(t, 148, func(w *window) {
		w.server.refuse = func(cmd string) *wire.Problem {
			if cmd == "put" {
				return later()
			}
			return nil
		}
		w.blobs.values["blob/me/stray"], w.blobs.values["blob/you/theirs"] = newBlob(1, 1), newBlob(2, 2)
		first := w.open()
		w.live(time.Second)
		first.post("files", chunk, chunk)
		w.after(time.Second)
		if keys := w.blobs.keys(""); len(keys) != 3 || slices.Contains(keys, "blob/me/stray") {
			t.Errorf("after the first start: %q", keys)
		}
		w.open()
		w.live(time.Second)
		w.after(time.Second)
		if keys := w.blobs.keys("blob/me/"); len(keys) != 2 {
			t.Errorf("after the second start: %q", keys)
		}
	})
}

// A tab crashes in the middle of a file: another one goes on.
func TestTabsTakeOverFiles(t *testing.T) {
	inWindow(t, 149, func(w *window) {
		left := 2
		w.server.refuse = func(cmd string) *wire.Problem {
			if cmd == "put" {
				if left--; left < 0 {
					return later()
				}
			}
			return nil
		}
		w.open()
		w.open()
		w.live(time.Second)
		writer := w.follower()
		_, blobs := writer.post("files", 4*chunk)
		writer.send("lobby", "after")
		w.after(time.Second)
		w.crash(writer)
		w.server.mu.Lock()
		left = 1000
		w.server.mu.Unlock()
		w.world.client = w.tabs[0].client
		w.until("said", orphanEvery+time.Minute, func() bool { return len(w.server.said("lobby")) == 2 })
		w.allSent(10 * time.Second)
		w.whole(w.server.said("lobby")[0], blobs)
		if n := w.tabs[0].pieces(); len(n) != 2 {
			t.Errorf("the second tab sent pieces at %q", n)
		}
	})
}

// The file itself changes or goes after it was attached: what is kept of it is sent.
func TestFileChanges(t *testing.T) {
	for name, breakIt := range map[string]func(*fakeBlob){
		"gone":  func(b *fakeBlob) { b.gone = true },
		"hangs": func(b *fakeBlob) { b.hang = true },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 150, func(w *world) {
				w.starting(weather{}, WebSocket)
				w.putThen(1, wire.Errorf(wire.CodeUnavailable, "Later.").After(5))
				_, blobs := w.post("files", 3*chunk)
				w.after(time.Second)
				blobs[0].mu.Lock()
				breakIt(blobs[0])
				blobs[0].mu.Unlock()
				w.refuse(nil)
				w.allSent(30 * time.Second)
				w.whole(w.server.said("lobby")[0], blobs)

				w.blobs.set(func(s *fakeBlobs) { s.refuse = errors.New("refused") })
				blobs[0].mu.Lock()
				blobs[0].gone, blobs[0].hang = false, false
				breakIt(blobs[0])
				blobs[0].mu.Unlock()
				nonce, err := w.client.Post("lobby", Draft{Files: []Attachment{{Name: "it.txt", Blob: blobs[0]}}})
				if err != nil {
					w.Fatal(err)
				}
				w.until("failed", 5*time.Minute, func() bool {
					o := w.client.Timeline("lobby").Outgoing
					return len(o) == 1 && o[0].State == Failed && o[0].Problem.Code == wire.CodeNotFound
				})
				blobs[0].mu.Lock()
				blobs[0].gone, blobs[0].hang = false, false
				blobs[0].mu.Unlock()
				w.client.Retry(nonce)
				w.until("sent", time.Minute, func() bool { return len(w.server.said("lobby")) == 2 })
			})
		})
	}
}

// What is discarded can be sent anew, without what the server has already; or is
// let go; or is forgotten with the page.
func TestDiscardFiles(t *testing.T) {
	inWorld(t, 151, func(w *world) {
		w.starting(weather{}, WebSocket)
		fail := func() (Draft, []*fakeBlob) {
			w.putThen(2, wire.Errorf(wire.CodeForbidden, "No."))
			nonce, blobs := w.post("files", 4*chunk)
			w.until("failed", 5*time.Second, func() bool {
				o := w.client.Timeline("lobby").Outgoing
				return len(o) == 1 && o[0].State == Failed
			})
			w.refuse(nil)
			d, _ := w.client.Discard(nonce)
			return d, blobs
		}
		d, blobs := fail()
		w.after(time.Second)
		if len(w.db.keys("outbox/")) != 0 || len(w.blobs.keys("")) != 1 {
			t.Errorf("kept: %q, %q", w.db.keys(""), w.blobs.keys(""))
		}
		d.Text = "better"
		for range 2 { // the same file twice is two files
			if _, err := w.client.Post("lobby", d); err != nil {
				w.Fatal(err)
			}
		}
		w.allSent(10 * time.Second)
		for _, m := range w.server.said("lobby") {
			w.whole(m, blobs)
		}
		if n := len(w.pieces()); n != 3+2+4 { // one was refused
			t.Errorf("%d pieces were sent", n)
		}

		d, _ = fail()
		w.client.Release(d.Files...)
		w.client.Release(d.Files...)
		w.until("deleted", time.Second, func() bool { return len(w.blobs.keys("")) == 0 })

		fail()
		w.after(time.Second)
		_ = w.stop()
		w.run()
		w.on(WebSocket, 3*time.Second)
		w.until("deleted", time.Second, func() bool { return len(w.blobs.keys("")) == 0 })
		w.blobs.early = nil
	})
}

// A message can be given up while its files are on their way, and not any more when
// it may have been sent; what the server has of them is not sent again.
func TestGiveUpFiles(t *testing.T) {
	inWorld(t, 158, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.putThen(3, later())
		nonce, blobs := w.post("wrong", 5*chunk)
		w.send("lobby", "after")
		w.until("the first pieces", 5*time.Second, func() bool { return w.client.Timeline("lobby").Outgoing[0].Files[0].Sent == 3*chunk })
		d, _ := w.client.Discard(nonce)
		if _, again := w.client.Discard(nonce); d.Text != "wrong" || len(d.Files) != 1 || again {
			w.Fatalf("given up: %+v", d)
		}
		w.until("what came after it", 5*time.Second, func() bool { return len(w.server.said("lobby")) == 1 })
		w.refuse(nil)
		d.Text = "right"
		if _, err := w.client.Post("lobby", d); err != nil {
			w.Fatal(err)
		}
		w.allSent(10 * time.Second)
		if got := w.texts("lobby"); fmt.Sprint(got) != "[after right]" {
			w.Fatalf("said %q", got)
		}
		w.whole(w.server.said("lobby")[1], blobs)
		if n := len(w.pieces()); n != 5+1 { // one was refused
			t.Errorf("%d pieces were sent", n)
		}

		// The answer is lost, and the page ends: who knows.
		w.refuse(func(cmd string) *wire.Problem {
			if cmd == wire.CmdSend {
				return later()
			}
			return nil
		})
		nonce, _ = w.post("perhaps", chunk)
		waits := func() bool {
			o := w.client.Timeline("lobby").Outgoing
			return len(o) == 1 && len(w.db.keys("outbox/")) == 1 && o[0].Files[0].Sent == chunk
		}
		w.until("the files", 5*time.Second, waits)
		w.after(time.Second)
		if _, ok := w.client.Discard(nonce); ok {
			t.Error("given up, when it was sent")
		}
		_ = w.stop()
		w.run()
		w.until("taken up", 5*time.Second, func() bool { return len(w.client.Timeline("lobby").Outgoing) == 1 })
		if _, ok := w.client.Discard(nonce); ok {
			t.Error("given up, when an earlier page had sent it")
		}
		w.refuse(nil)
		w.allSent(2 * time.Minute)
	})
}

// allKept tells whether all that waits to be sent would be there after the page.
func (w *world) allKept() bool {
	w.client.mu.Lock()
	defer w.client.mu.Unlock()
	return !slices.ContainsFunc(w.client.outbox.list, func(l *letter) bool {
		return l.State == Sending && (l.dirty || l.kept != inDatabase || len(l.Files) > 0 && !l.whole)
	})
}

// The server has something else under the names that were chosen: Retry chooses
// others, under which what was kept is kept anew before it is deleted.
func TestFilesRenamed(t *testing.T) {
	for code, taint := range map[wire.Code]func(f *fakeFile){
		wire.CodeConflict:   func(f *fakeFile) { f.Name = "another" },
		wire.CodeBadRequest: func(f *fakeFile) { f.message, f.data = "another", make([]byte, f.Size) },
	} {
		t.Run(string(code), func(t *testing.T) {
			inWorld(t, 154, func(w *world) {
				w.starting(weather{}, WebSocket)
				w.putThen(0, later())
				nonce, blobs := w.post("files", 3*chunk, chunk)
				w.after(time.Second)
				_ = w.stop()
				w.server.mu.Lock()
				for _, f := range w.server.files {
					taint(f)
				}
				w.server.mu.Unlock()
				for _, b := range blobs {
					b.lose()
				}
				w.refuse(nil)
				w.run()
				w.until("failed", 5*time.Second, func() bool {
					o := w.client.Timeline("lobby").Outgoing
					return len(o) == 1 && o[0].State == Failed && o[0].Problem.Code == code
				})
				w.blobs.set(func(s *fakeBlobs) { s.slow = 300 * ms })
				w.client.Retry(nonce)
				w.sent(10 * time.Second)
				w.until("files deleted", 10*time.Second, func() bool { return len(w.blobs.keys("")) == 0 })
				w.whole(w.server.said("lobby")[0], blobs)
			})
		})
	}
}

// A message is sent while its files are being kept at last: nothing is left.
func TestFilesKeptTooLate(t *testing.T) {
	inWorld(t, 155, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.blobs.set(func(s *fakeBlobs) { s.refuse = errors.New("refused") })
		w.putThen(1, wire.Errorf(wire.CodeUnavailable, "Later.").After(62))
		_, blobs := w.post("files", 3*chunk)
		w.after(10 * time.Second)
		w.refuse(nil)
		w.blobs.set(func(s *fakeBlobs) { s.refuse, s.slow = nil, 5*time.Second })
		w.until("said", time.Minute, func() bool { return len(w.server.said("lobby")) == 1 })
		if len(w.blobs.keys("")) > 0 {
			t.Error("it was kept in time")
		}
		w.blobs.set(func(s *fakeBlobs) { s.slow = 0 })
		w.after(20 * time.Second)
		w.allSent(time.Second)
		if w.blobs.puts != 1 {
			t.Errorf("%d files were kept", w.blobs.puts)
		}
		w.whole(w.server.said("lobby")[0], blobs)
	})
}

// Whatever happens: files are whole, messages come once and in order, and nothing
// is left.
func TestChaosOfFiles(t *testing.T) {
	seeds := uint64(30)
	if testing.Short() {
		seeds = 8
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			inWorld(t, seed, func(w *world) { w.chaosOfFiles(seed) })
		})
	}
}

func (w *world) chaosOfFiles(seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 6))
	w.starting(weather{}, WebSocket)
	var want []string
	all := map[string][]*fakeBlob{}
	for i := range 60 {
		switch rnd.IntN(10) {
		case 0, 1:
			w.net.set(storm(rnd))
		case 2:
			w.net.set(weather{})
		case 3:
			w.server.loseFiles()
		case 4:
			w.server.cutFiles()
		case 5:
			w.server.end(errKilled)
		case 6:
			w.blobs.set(func(s *fakeBlobs) { s.slow = time.Duration(rnd.IntN(3000)) * ms })
		case 7:
			w.until("kept", time.Minute, w.allKept)
			_ = w.stop()
			for _, list := range all {
				for _, b := range list {
					b.lose()
				}
			}
			w.run()
		default:
			if !w.client.Status().Synced {
				continue
			}
			text := fmt.Sprint("message ", i)
			var sizes []int
			for range rnd.IntN(4) {
				sizes = append(sizes, rnd.IntN(6*chunk))
			}
			want = append(want, text)
			_, all[text] = w.post(text, sizes...)
		}
		w.after(time.Duration(rnd.IntN(8000)) * ms)
	}
	w.net.set(weather{})
	w.blobs.set(func(s *fakeBlobs) { s.slow = 0 })
	w.client.Wake("online")
	w.until("synced", time.Minute, func() bool { return w.client.Status().Synced })
	w.until("sent", 10*time.Minute, func() bool {
		for _, o := range w.client.Timeline("lobby").Outgoing {
			if o.State == Failed {
				w.Fatalf("%q failed: %v; %v early %q deleted %q", o.Text, o.Problem, o.Files, w.blobs.early, w.blobs.deleted)
			}
		}
		return len(w.db.keys("outbox/")) == 0
	})
	w.after(time.Minute)
	_ = w.stop()
	w.run() // which deletes what ends of pages have left
	w.allSent(10 * time.Second)
	if got := w.texts("lobby"); !slices.Equal(got, want) {
		w.Fatalf("said %q\nwant %q", got, want)
	}
	for _, m := range w.server.said("lobby") {
		w.whole(m, all[m.Text])
	}
}
