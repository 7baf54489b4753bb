package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

func (w *world) send(room, text string) string {
	w.Helper()
	nonce, err := w.client.Send(room, text)
	if err != nil {
		w.Fatal(err)
	}
	return nonce
}

// sent waits until the outbox is empty, also in the Store.
func (w *world) sent(limit time.Duration) {
	w.Helper()
	w.until("sent", limit, func() bool {
		return len(w.client.Timeline("lobby").Outgoing) == 0 && len(w.db.keys("outbox/")) == 0
	})
}

func (w *world) refuse(with func(cmd string) *wire.Problem) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.server.refuse = with
}

// texts of a room as the server has them.
func (w *world) texts(room string) (list []string) {
	for _, m := range w.server.said(room) {
		list = append(list, m.Text)
	}
	return list
}

func TestSendOnEachRung(t *testing.T) {
	for rung, bad := range lesser {
		t.Run(rung.String(), func(t *testing.T) {
			inWorld(t, 30, func(w *world) {
				w.starting(bad, rung)
				var want []string
				for i := range 5 {
					want = append(want, fmt.Sprint(i))
					w.send("lobby", fmt.Sprint(i))
				}
				if o := w.client.Timeline("lobby").Outgoing; len(o) != 5 || o[0].State != Sending || o[0].Text != "0" {
					t.Errorf("outgoing %+v", o)
				}
				w.sent(10 * time.Second)
				w.level(6 * time.Second)
				if got := w.texts("lobby"); !slices.Equal(got, want) {
					t.Errorf("said %q", got)
				}
				w.exact()
			})
		})
	}
}

// A message is saved before it is tried, survives the page, and is sent once by
// the next one, before what is written there.
func TestOutboxSurvivesThePage(t *testing.T) {
	inWorld(t, 31, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.net.set(weather{down: true})
		w.after(100 * ms)
		first, second := w.send("lobby", "first"), w.send("lobby", "second")
		w.after(100 * ms)
		if keys := w.db.keys("outbox/me/"); len(keys) != 2 {
			t.Fatalf("saved: %v", keys)
		}
		_ = w.stop()

		w.net.set(weather{})
		w.run()
		w.send("lobby", "third")
		w.on(WebSocket, time.Second)
		w.load()
		w.sent(5 * time.Second)
		if got := w.texts("lobby"); !slices.Equal(got, []string{"first", "second", "third"}) {
			t.Errorf("said %q", got)
		}
		said := w.server.said("lobby")
		if said[0].Nonce != first || said[1].Nonce != second {
			t.Errorf("the nonces have changed")
		}
		w.quiet()
	})
}

// However slow the Store is, nothing is sent before it is saved.
func TestSavedBeforeSent(t *testing.T) {
	inWorld(t, 42, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.db.slow = 500 * ms
		w.refuse(func(cmd string) *wire.Problem {
			if cmd == wire.CmdSend && len(w.db.keys("outbox/me/")) == 0 {
				t.Error("sent before it was saved")
			}
			return nil
		})
		for i := range 3 {
			w.send("lobby", fmt.Sprint(i))
			w.after(2 * time.Second)
		}
		w.sent(5 * time.Second)
	})
}

// A message that has been sent before the Store has kept it is not kept: it would be
// sent again, one day.
func TestSentBeforeKept(t *testing.T) {
	inWorld(t, 43, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.store.set(time.Second)
		first := make(chan error)
		go func() {
			_, err := w.client.Send("lobby", "slowly kept")
			first <- err
		}()
		w.after(10 * ms)
		w.store.set(0)
		w.send("lobby", "the next")
		w.until("both to be sent", 500*ms, func() bool { return len(w.server.said("lobby")) == 2 })
		if err := <-first; err != nil {
			t.Error(err)
		}
		w.after(100 * ms)
		if keys := w.store.keys("outbox/"); len(keys) != 0 {
			t.Errorf("kept: %v", keys)
		}
	})
}

// The outbox of one person is not sent by the next one who signs in.
func TestOutboxIsPersonal(t *testing.T) {
	inWorld(t, 32, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.net.set(weather{down: true})
		w.send("lobby", "mine")
		w.after(100 * ms)
		_ = w.stop()
		w.net.set(weather{})
		w.server.me.ID = "somebody else"
		w.run()
		w.on(WebSocket, time.Second)
		w.after(time.Minute)
		if got := w.texts("lobby"); len(got) != 0 {
			t.Errorf("said %q", got)
		}
	})
}

// The answer is lost, again and again: stored once all the same.
func TestAnswerLost(t *testing.T) {
	for rung, bad := range lesser {
		t.Run(rung.String(), func(t *testing.T) {
			inWorld(t, 33, func(w *world) {
				w.starting(bad, rung)
				bad.http.lose = 0.6
				bad.ws.lose = 0.3
				w.net.set(bad)
				var want []string
				for i := range 20 {
					want = append(want, fmt.Sprint(i))
					w.send("lobby", fmt.Sprint(i))
				}
				w.sent(10 * time.Minute)
				if got := w.texts("lobby"); !slices.Equal(got, want) {
					t.Errorf("said %q", got)
				}
			})
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, code := range []wire.Code{
		wire.CodeForbidden, wire.CodeNotFound, wire.CodeTooLarge, wire.CodeBadRequest, wire.CodeConflict, wire.CodeInternal,
	} {
		for rung, bad := range lesser {
			t.Run(string(code)+" "+rung.String(), func(t *testing.T) {
				inWorld(t, 34, func(w *world) {
					w.starting(bad, rung)
					w.refuse(func(cmd string) *wire.Problem {
						if cmd == wire.CmdSend {
							return wire.Errorf(code, "No.")
						}
						return nil
					})
					nonce := w.send("lobby", "please")
					w.until("failed", time.Minute, func() bool {
						o := w.client.Timeline("lobby").Outgoing
						return len(o) == 1 && o[0].State == Failed && o[0].Problem.Code == code
					})
					w.after(time.Hour)
					if o := w.client.Timeline("lobby").Outgoing; o[0].State != Failed {
						t.Errorf("it did not stay failed: %+v", o)
					}
					w.refuse(nil)
					w.client.Retry(nonce)
					w.after(ms / 2)
					if o := w.client.Timeline("lobby").Outgoing; len(o) != 1 || o[0].State != Sending || o[0].Problem != nil {
						t.Errorf("after Retry: %+v", o)
					}
					w.sent(10 * time.Second)
					said := w.server.said("lobby")
					if kept := said[0].Nonce == nonce; kept == (code == wire.CodeConflict) {
						t.Errorf("the nonce was kept: %v", kept)
					}
				})
			})
		}
	}
}

// What is refused does not hold up what comes after it, is still refused on the
// next page, and can be given up there.
func TestFailedStepsAside(t *testing.T) {
	inWorld(t, 35, func(w *world) {
		w.starting(weather{}, WebSocket)
		refused := false
		w.refuse(func(string) *wire.Problem {
			if refused {
				return nil
			}
			refused = true
			return wire.Errorf(wire.CodeForbidden, "No.")
		})
		nonce := w.send("lobby", "bad")
		w.send("lobby", "good")
		w.level(time.Second)
		w.after(time.Second)
		if got := w.texts("lobby"); !slices.Equal(got, []string{"good"}) {
			t.Errorf("said %q", got)
		}
		_ = w.stop()
		w.run()
		w.on(WebSocket, time.Second)
		w.after(time.Second)
		o := w.client.Timeline("lobby").Outgoing
		if len(o) != 1 || o[0].State != Failed || o[0].Problem.Detail != "No." {
			t.Fatalf("outgoing %+v", o)
		}
		if d, ok := w.client.Discard(nonce); !ok || d.Text != "bad" {
			t.Errorf("Discard gave %+v", d)
		}
		if d, ok := w.client.Discard(nonce); ok || d.Text != "" || d.Files != nil {
			t.Errorf("a second Discard gave %+v", d)
		}
		w.sent(time.Second)
		w.quiet()
	})
}

// The server asks to wait, and is obeyed; the order is kept.
func TestRateLimited(t *testing.T) {
	for _, code := range []wire.Code{wire.CodeRateLimited, wire.CodeUnavailable} {
		inWorld(t, 36, func(w *world) {
			w.starting(weather{}, WebSocket)
			var asked []time.Duration
			begin := time.Now()
			w.refuse(func(cmd string) *wire.Problem {
				if cmd != wire.CmdSend {
					return nil
				}
				asked = append(asked, time.Since(begin).Round(time.Second))
				if len(asked) > 2 {
					return nil
				}
				return wire.Errorf(code, "Slowly.").After(7)
			})
			w.send("lobby", "1")
			w.send("lobby", "2")
			w.after(3 * time.Second)
			w.client.Wake("visible") // does not shorten it
			w.sent(time.Minute)
			if len(asked) != 4 || asked[1] < 7*time.Second || asked[2] < 14*time.Second {
				t.Errorf("asked at %v", asked)
			}
			if got := w.texts("lobby"); !slices.Equal(got, []string{"1", "2"}) {
				t.Errorf("said %q", got)
			}
		})
	}
}

// A hotspot that answers everything with its own page neither sends nor refuses
// anything, and signs nobody out.
func TestHotspot(t *testing.T) {
	for _, status := range []int{200, 302, 401, 403, 404, 413, 500, 502} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			inWorld(t, 37, func(w *world) {
				w.starting(lesser[LongPoll], LongPoll)
				w.net.set(all(fault{refuse: status}))
				w.send("lobby", "hello")
				w.after(2 * time.Minute)
				o := w.client.Timeline("lobby").Outgoing
				if len(o) != 1 || o[0].State != Sending {
					t.Fatalf("outgoing %+v", o)
				}
				w.net.set(weather{})
				w.client.Wake("online")
				w.sent(2 * time.Second)
				w.on(WebSocket, 2*time.Second)
				w.level(time.Second)
				w.exact()
			})
		})
	}
}

// Private windows and full disks refuse to keep anything, or hang.
func TestStoreRefuses(t *testing.T) {
	for name, breakIt := range map[string]func(*fakeStore, *fakeDB){
		"refuses": func(s *fakeStore, d *fakeDB) {
			s.refuse, d.refuse = errors.New("quota exceeded"), errors.New("quota exceeded")
		},
		"hangs": func(s *fakeStore, d *fakeDB) { s.hang, d.hang = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 38, func(w *world) {
				breakIt(w.store, w.db)
				w.run()
				w.on(WebSocket, 3*time.Second)
				w.send("lobby", "hello")
				w.until("sent", 10*time.Second, func() bool { return len(w.client.Timeline("lobby").Outgoing) == 0 })
				if got := w.texts("lobby"); !slices.Equal(got, []string{"hello"}) {
					t.Errorf("said %q", got)
				}
				if len(w.log()) == 0 {
					t.Error("nothing was reported")
				}
			})
		})
	}
}

// The reply is lost on its way: the message that comes by the feed settles it.
func TestFeedSettles(t *testing.T) {
	inWorld(t, 39, func(w *world) {
		w.starting(lesser[SSE], SSE)
		w.net.set(weather{ws: fault{refuse: 400}, http: fault{cut: 15 * ms}}) // 10 there, 10 back
		w.send("lobby", "hello")
		w.until("settled", 40*ms, func() bool { return len(w.client.Timeline("lobby").Outgoing) == 0 })
		w.exact()
	})
}

// Once answered a message never looks unsent, and is never on the screen twice.
func TestNoFlicker(t *testing.T) {
	for rung, bad := range lesser {
		inWorld(t, 40, func(w *world) {
			w.starting(bad, rung)
			for i := range 5 {
				text := fmt.Sprint("message ", i)
				w.send("lobby", text)
				for begin := time.Now(); time.Since(begin) < 6*time.Second; w.after(5 * ms) {
					line := w.client.Timeline("lobby")
					n := 0
					for _, m := range line.Messages {
						if m.Text == text {
							n++
						}
					}
					for _, o := range line.Outgoing {
						if o.Text == text {
							n++
						}
					}
					if n != 1 {
						t.Fatalf("%v: %q is on the screen %d times", rung, text, n)
					}
				}
			}
		})
	}
}

func TestSendRefusesAtOnce(t *testing.T) {
	c := New(Config{})
	for _, text := range []string{"", " \n", "\xff", "a\x00b", strings.Repeat("x", wire.MaxText+1)} {
		if _, err := c.Send("lobby", text); wire.CodeFrom(err) == "" {
			t.Errorf("%.10q: %v", text, err)
		}
	}
	for range maxOutbox {
		if _, err := c.Send("lobby", "x"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Send("lobby", "x"); !errors.Is(err, errOutboxFull) {
		t.Errorf("one too many: %v", err)
	}
}

// A client that has not been run, or has ended, does nothing and breaks nothing.
func TestOutsideRun(t *testing.T) {
	inWorld(t, 41, func(w *world) {
		w.run()
		_ = w.stop()
		w.client.MarkRead("lobby", 3)
		w.client.Typing("lobby")
		w.client.Wake("visible")
		w.client.Retry("nothing")
		if _, err := w.client.Send("lobby", "x"); err != nil {
			t.Error(err)
		}
		if err := w.client.LoadNewest(context.Background(), "lobby"); wire.CodeFrom(err) != wire.CodeNotFound {
			t.Error(err)
		}
	})
}
