package client

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

// chunk is a piece of a file.
const chunk = wire.ChunkSize

// Files go on each rung, in the order of writing, whatever their size.
func TestPostFiles(t *testing.T) {
	for rung, bad := range lesser {
		t.Run(rung.String(), func(t *testing.T) {
			inWorld(t, 130, func(w *world) {
				w.starting(bad, rung)
				w.send("lobby", "before")
				_, blobs := w.post("", 0, 1, chunk, chunk+1, 3*chunk-1)
				w.send("lobby", "after")
				o := w.client.Timeline("lobby").Outgoing
				if len(o) != 3 || len(o[1].Files) != 5 || o[1].Files[4].Blob != Blob(blobs[4]) {
					w.Fatalf("outgoing %+v", o)
				}
				w.allSent(10 * time.Second)
				w.level(6 * time.Second)
				if got := w.texts("lobby"); !slices.Equal(got, []string{"before", "", "after"}) {
					w.Fatalf("said %q", got)
				}
				m := w.server.said("lobby")[1]
				w.whole(m, blobs)
				if f := m.Files[3]; f.Name != "3.png" || f.Type != "image/png" || f.Width != 3 || f.Height != 4 {
					t.Errorf("the file is %+v", f)
				}
				w.exact()
			})
		})
	}
}

// Exchanges break before and after they are done: everything is sent once, in
// order, and whole.
func TestPostFilesOverBadLines(t *testing.T) {
	for rung, bad := range lesser {
		t.Run(rung.String(), func(t *testing.T) {
			inWorld(t, 131, func(w *world) {
				w.starting(bad, rung)
				bad.http.lose = 0.4
				bad.ws.lose = 0.3
				w.net.set(bad)
				var want []string
				all := map[string][]*fakeBlob{}
				for i := range 10 {
					text := fmt.Sprint("message ", i)
					want = append(want, text)
					if i%2 == 0 {
						w.send("lobby", text)
					} else {
						_, all[text] = w.post(text, w.server.rand.IntN(6*chunk), w.server.rand.IntN(2*chunk))
					}
				}
				w.allSent(3 * time.Minute) // after twice as long as it takes
				if got := w.texts("lobby"); !slices.Equal(got, want) {
					w.Fatalf("said %q", got)
				}
				for _, m := range w.server.said("lobby") {
					w.whole(m, all[m.Text])
				}
			})
		})
	}
}

// A refusal of any step fails the message, lets others pass, and after Retry all
// is sent.
func TestFileRefusals(t *testing.T) {
	for _, step := range []string{wire.CmdCreateFile, "put", wire.CmdSend} {
		for _, code := range []wire.Code{
			wire.CodeForbidden, wire.CodeNotFound, wire.CodeTooLarge, wire.CodeBadRequest, wire.CodeConflict, wire.CodeInternal,
		} {
			t.Run(step+" "+string(code), func(t *testing.T) {
				inWorld(t, 132, func(w *world) {
					w.starting(weather{}, WebSocket)
					asked := 0
					w.refuse(func(cmd string) *wire.Problem {
						if cmd != step {
							return nil
						}
						asked++
						return wire.Errorf(code, "No.")
					})
					nonce, blobs := w.post("files", chunk, 2*chunk)
					w.until("failed", time.Minute, func() bool {
						o := w.client.Timeline("lobby").Outgoing
						return len(o) == 1 && o[0].State == Failed && o[0].Problem.Code == code
					})
					w.after(time.Hour)
					if o := w.client.Timeline("lobby").Outgoing[0]; o.State != Failed || asked > 2*maxInternal {
						t.Errorf("asked %d times, then %+v", asked, o)
					}
					w.refuse(nil)
					w.send("lobby", "meanwhile")
					w.until("meanwhile", 5*time.Second, func() bool { return len(w.server.said("lobby")) == 1 })
					w.client.Retry(nonce)
					w.sent(20 * time.Second)
					w.after(time.Second)
					said := w.server.said("lobby")
					if got := w.texts("lobby"); !slices.Equal(got, []string{"meanwhile", "files"}) {
						w.Fatalf("said %q", got)
					}
					w.whole(said[1], blobs)
					if keys := w.blobs.keys(""); len(keys) != 0 {
						t.Errorf("still kept: %q", keys)
					}
				})
			})
		}
	}
}

// A server that has no room, or has had enough for now, is obeyed; what it has it
// keeps.
func TestFilesLater(t *testing.T) {
	for _, step := range []string{wire.CmdCreateFile, "put", wire.CmdSend} {
		for _, code := range []wire.Code{wire.CodeRateLimited, wire.CodeUnavailable} {
			t.Run(step+" "+string(code), func(t *testing.T) {
				inWorld(t, 133, func(w *world) {
					w.starting(weather{}, WebSocket)
					var asked []time.Duration
					begin := time.Now()
					w.refuse(func(cmd string) *wire.Problem {
						if cmd == step {
							if asked = append(asked, time.Since(begin)); len(asked) == 1 {
								return wire.Errorf(code, "Later.").After(30)
							}
						}
						return nil
					})
					_, blobs := w.post("files", 3*chunk)
					w.send("lobby", "after")
					w.after(2 * time.Second)
					w.client.Wake("visible") // does not shorten it
					w.allSent(time.Minute)
					if asked[1]-asked[0] < 30*time.Second {
						t.Errorf("asked at %v", asked)
					}
					if got := w.texts("lobby"); !slices.Equal(got, []string{"files", "after"}) {
						t.Errorf("said %q", got)
					}
					w.whole(w.server.said("lobby")[0], blobs)
				})
			})
		}
	}
}

// The server forgets files, or has less of them than it said.
func TestServerLosesFiles(t *testing.T) {
	for name, lose := range map[string]func(*fakeServer){"all": (*fakeServer).loseFiles, "some": (*fakeServer).cutFiles} {
		for _, step := range []string{"put", wire.CmdSend} {
			t.Run(name+" before "+step, func(t *testing.T) {
				inWorld(t, 134, func(w *world) {
					w.starting(weather{}, WebSocket)
					n := 0
					w.refuse(func(cmd string) *wire.Problem {
						if cmd != step {
							return nil
						}
						if n++; n == 1 && step == wire.CmdSend || n == 3 {
							w.server.mu.Unlock()
							lose(w.server)
							w.server.mu.Lock()
						}
						return nil
					})
					_, blobs := w.post("files", 4*chunk, 2*chunk+1)
					w.allSent(10 * time.Second)
					w.whole(w.server.said("lobby")[0], blobs)
				})
			})
		}
	}
}

// Somebody in between who answers in the server's place sends and refuses nothing.
func TestHotspotFiles(t *testing.T) {
	for _, status := range []int{200, 302, 401, 403, 404, 413, 502} {
		inWorld(t, 135, func(w *world) {
			w.starting(lesser[LongPoll], LongPoll)
			w.putThen(1, wire.Errorf(wire.CodeUnavailable, "Later.").After(1))
			_, blobs := w.post("files", 3*chunk)
			w.after(500 * ms)
			w.refuse(nil)
			w.net.set(all(fault{refuse: status}))
			w.after(2 * time.Minute)
			if o := w.client.Timeline("lobby").Outgoing; len(o) != 1 || o[0].State != Sending || o[0].Files[0].Sent != chunk {
				w.Fatalf("%d: outgoing %+v", status, o)
			}
			w.net.set(weather{})
			w.client.Wake("online")
			w.allSent(2 * time.Second)
			w.whole(w.server.said("lobby")[0], blobs)
		})
	}
}

// A line on which a piece takes half a minute is slow, not dead.
func TestFilesOverASlowLine(t *testing.T) {
	inWorld(t, 136, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.net.set(weather{http: fault{slow: 30 * time.Second}})
		_, blobs := w.post("files", 3*chunk)
		w.allSent(95 * time.Second)
		w.whole(w.server.said("lobby")[0], blobs)
		if n := len(w.pieces()); n != 3 {
			t.Errorf("%d pieces were sent", n)
		}
	})
}

// How far it is is told, and not more often than anybody looks.
func TestUploadProgress(t *testing.T) {
	inWorld(t, 137, func(w *world) {
		w.starting(weather{}, WebSocket)
		begin, told, last := time.Now(), 0, int64(-1)
		w.client.Watch(func(c Change) {
			if c.Kind != ChangeUpload {
				return
			}
			told++
			for _, o := range w.client.Timeline(c.Room).Outgoing {
				if at := o.Files[0].Sent; at < last {
					t.Errorf("from %d back to %d", last, at)
				} else {
					last = at
				}
			}
		})
		w.post("files", 200*chunk)
		w.allSent(10 * time.Second)
		took := time.Since(begin)
		if most := int(took/uploadPause) + 1; told < most/2 || told > most || last < 100*chunk {
			t.Errorf("told %d times in %v, at last %d", told, took, last)
		}
	})
}

// Another page has sent the message: this one stops.
func TestFilesSettled(t *testing.T) {
	inWorld(t, 138, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.net.set(weather{http: fault{slow: time.Second}})
		nonce, _ := w.post("files", 100*chunk)
		w.after(5 * time.Second)
		w.server.mu.Lock()
		w.server.store("me", wire.Send{Room: "lobby", Text: "files", Nonce: nonce})
		w.server.mu.Unlock()
		w.sent(time.Second)
		n := len(w.pieces())
		w.after(time.Minute)
		if more := len(w.pieces()) - n; more > 0 {
			t.Errorf("%d pieces more", more)
		}
		w.quiet()
	})
}

// What no server takes is refused at once, and nothing is kept of it.
func TestPostRefusesAtOnce(t *testing.T) {
	inWorld(t, 139, func(w *world) {
		w.starting(weather{}, WebSocket)
		file := func(name string, size int) Attachment { return Attachment{Name: name, Blob: newBlob(1, size)} }
		for what, c := range map[string]struct {
			code  wire.Code
			draft Draft
		}{
			"nothing":     {wire.CodeBadRequest, Draft{Text: " "}},
			"too many":    {wire.CodeBadRequest, Draft{Files: slices.Repeat([]Attachment{file("a", 1)}, wire.MaxFiles+1)}},
			"too large":   {wire.CodeTooLarge, Draft{Files: []Attachment{file("a", 1), file("b", 32<<20+1)}}},
			"no name":     {wire.CodeBadRequest, Draft{Files: []Attachment{file("a/", 1)}}},
			"a long text": {wire.CodeTooLarge, Draft{Text: strings.Repeat("x", wire.MaxText+1), Files: []Attachment{file("a", 1)}}},
		} {
			if _, err := w.client.Post("lobby", c.draft); wire.CodeFrom(err) != c.code {
				t.Errorf("%s: %v", what, err)
			}
		}
		w.after(time.Second)
		if o := w.client.Timeline("lobby").Outgoing; len(o) != 0 || len(w.db.keys("outbox/")) != 0 {
			t.Errorf("outgoing %+v, kept %q", o, w.db.keys(""))
		}
		if l := w.client.Limits(); l.File != 32<<20 || l.Files != wire.MaxFiles {
			t.Errorf("limits %+v", l)
		}
		if _, err := w.client.Post("lobby", Draft{Text: " ", Files: []Attachment{{Name: `C:\x\y.PNG`, Type: "Image/PNG; a=b", Width: -1, Height: 2, Blob: newBlob(1, 2)}}}); err != nil {
			w.Fatal(err)
		}
		w.allSent(time.Second)
		if m := w.server.said("lobby")[0]; m.Text != "" || m.Files[0].Name != "y.PNG" || m.Files[0].Type != "image/png" || m.Files[0].Height != 0 {
			t.Errorf("said %+v", m)
		}
	})
	c := New(Config{})
	if _, err := c.Post("lobby", Draft{Files: []Attachment{{Name: "a", Blob: newBlob(1, 1)}}}); !errors.Is(err, wire.Errorf(wire.CodeForbidden, "")) {
		t.Errorf("without a server that takes files: %v", err)
	}
}

// The limits are there again when the app starts from what it has kept.
func TestLimitsAreKept(t *testing.T) {
	inWorld(t, 152, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.kept()
		w.net.set(weather{down: true})
		w.reopen()
		if l := w.client.Limits(); l != wire.OurLimits(32<<20) {
			t.Errorf("limits %+v", l)
		}
	})
}

// A piece that is lost in a network that has gone is sent anew in the next one, and
// not only when its time is over.
func TestFilesChangeNetworks(t *testing.T) {
	inWorld(t, 153, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.net.set(weather{http: fault{slow: 100 * ms}})
		_, blobs := w.post("files", 20*chunk)
		w.after(time.Second)
		w.net.set(weather{hole: true})
		w.after(5 * time.Second)
		w.net.freeze()
		w.net.set(weather{})
		w.client.Wake("online")
		w.allSent(5 * time.Second)
		w.whole(w.server.said("lobby")[0], blobs)
	})
}
