package client

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/shared/wire"
)

// starting runs a client in a network and waits until it has the lobby's timeline.
func (w *world) starting(bad weather, on Rung) {
	w.Helper()
	w.net.set(bad)
	w.run()
	w.on(on, 5*time.Second)
	w.load()
}

// lesser are networks in which a rung is the best that works.
var lesser = map[Rung]weather{
	WebSocket: {},
	SSE:       {ws: fault{refuse: 400}},
	LongPoll:  {ws: fault{refuse: 400}, sse: fault{refuse: 502}},
	ShortPoll: {ws: fault{refuse: 400}, sse: fault{refuse: 502}, long: fault{refuse: 502}},
}

// A server that is killed and comes back breaks all rungs alike: the client is
// on its rung again, on none below it.
func TestRestartDemotesNothing(t *testing.T) {
	for rung, bad := range lesser {
		for _, down := range []time.Duration{5 * ms, 200 * ms, 4 * time.Second, 3 * time.Minute} {
			t.Run(rung.String()+" "+down.String(), func(t *testing.T) {
				inWorld(t, 4, func(w *world) {
					w.starting(bad, rung)
					w.after(25 * time.Second) // it has proved itself
					for range 3 {
						off := bad
						off.down = true
						w.net.set(off)
						w.server.end(errKilled)
						w.server.say("you", "lobby", "while it was down")
						w.after(down)
						w.net.set(bad)
						took := w.until("live", backoffMax+time.Second, func() bool { return w.client.Status().Live })
						t.Logf("live after %v", took)
						w.after(200 * ms)
						w.on(rung, 0)
					}
					w.level(6 * time.Second)
					w.exact()
				})
			})
		}
	}
}

// A crash between two tries of one race must not leave the client on a lesser rung.
func TestRestartInTheMiddleOfARace(t *testing.T) {
	for delay := time.Duration(0); delay < 300*ms; delay += 3 * ms {
		inWorld(t, 5, func(w *world) {
			w.starting(weather{}, WebSocket)
			w.after(20 * time.Second)
			w.net.set(weather{down: true})
			w.after(delay)
			w.net.set(weather{})
			w.on(WebSocket, 3*time.Second)
		})
	}
}

// A server that crashes again and again right after it has come up demotes nothing.
func TestCrashLoopDemotesNothing(t *testing.T) {
	inWorld(t, 6, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.after(20 * time.Second)
		for range 10 {
			w.net.set(weather{down: true})
			w.after(300 * ms)
			w.net.set(weather{})
			w.until("live", backoffMax, func() bool { return w.client.Status().Live })
		}
		w.on(WebSocket, time.Second)
	})
}

func TestEverythingDown(t *testing.T) {
	for name, bad := range map[string]weather{"refused": {down: true}, "vanishing": {hole: true}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 7, func(w *world) {
				w.starting(weather{}, WebSocket)
				w.net.set(bad)
				w.server.end(errKilled)
				w.until("not live", 31*time.Second, func() bool { return !w.client.Status().Live })
				w.after(10 * time.Minute)
				s := w.client.Status()
				if s.Live || s.Why == "" || !s.Synced {
					t.Errorf("status %+v", s)
				}
				tries := len(w.net.began())
				w.after(10 * time.Minute)
				if tries = len(w.net.began()) - tries; tries > 600 || tries < 20 {
					t.Errorf("%d tries in 10 minutes", tries)
				}
				w.server.say("you", "lobby", "hello?")
				w.net.set(weather{})
				w.on(WebSocket, 62*time.Second)
				w.level(time.Second)
				w.exact()
			})
		})
	}
}

// The server says when to come back, and is obeyed, also when the page wakes.
func TestDrain(t *testing.T) {
	for rung, bad := range lesser {
		t.Run(rung.String(), func(t *testing.T) {
			inWorld(t, 8, func(w *world) {
				w.starting(bad, rung)
				w.after(20 * time.Second)
				w.server.drain(3000)
				w.until("not live", 6*time.Second, func() bool { return !w.client.Status().Live })
				if rung == ShortPoll { // it finds nobody
					w.on(rung, 6*time.Second)
					return
				}
				if left := time.Until(w.client.Status().Retry); left < 2900*ms || left > 3000*ms {
					t.Errorf("the next try is in %v", left)
				}
				before := len(w.net.began())
				w.client.Wake("online")
				w.after(2900 * ms)
				if n := len(w.net.began()) - before; n != 0 {
					t.Errorf("%d tries before the time", n)
				}
				w.on(rung, 500*ms)
				w.server.say("you", "lobby", "again")
				w.level(6 * time.Second)
				w.exact()
			})
		})
	}
}

// A connection that died in silence is found by the missing heartbeat, or at
// once by a Wake.
func TestHalfOpen(t *testing.T) {
	for _, rung := range []Rung{WebSocket, SSE} {
		for _, wake := range []bool{false, true} {
			t.Run(rung.String(), func(t *testing.T) {
				inWorld(t, 9, func(w *world) {
					w.starting(lesser[rung], rung)
					w.after(20 * time.Second)
					w.net.freeze()
					w.server.say("you", "lobby", "can you hear me?")
					limit := 31 * time.Second
					if wake {
						w.client.Wake("visible")
						limit = 2500 * ms
					}
					took := w.level(limit)
					t.Logf("level after %v", took)
					w.on(rung, 100*ms)
					w.exact()
				})
			})
		}
	}
}

// A laptop sleeps for a night. What it held is dead, and the server has let go.
func TestSleep(t *testing.T) {
	for rung, bad := range lesser {
		t.Run(rung.String(), func(t *testing.T) {
			inWorld(t, 10, func(w *world) {
				clock := &sleepyClock{}
				w.clock = clock
				w.starting(bad, rung)
				w.after(20 * time.Second)
				w.net.freeze()
				w.server.end(errKilled)
				w.server.say("you", "lobby", "good night")
				clock.sleep(8 * time.Hour)
				w.client.Wake("pageshow")
				took := w.level(2500 * ms)
				t.Logf("level after %v", took)
				w.on(rung, 1500*ms)
				w.exact()
			})
		})
	}
}

// On a lesser rung a Wake tries the better ones at once.
func TestWakeTriesBetterRungs(t *testing.T) {
	for _, rung := range []Rung{SSE, LongPoll, ShortPoll} {
		inWorld(t, 11, func(w *world) {
			w.starting(lesser[rung], rung)
			w.after(10 * time.Minute) // tries are rare by now
			w.net.set(weather{})
			w.client.Wake("online")
			w.on(WebSocket, 200*ms)
			w.exact()
		})
	}
}

func TestWakeWhenOffline(t *testing.T) {
	inWorld(t, 12, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.net.set(weather{down: true})
		w.after(5 * time.Minute)
		w.net.set(weather{})
		w.client.Wake("online")
		w.client.Wake("visible")
		w.on(WebSocket, 200*ms)
	})
}

// A Wake on a healthy connection changes nothing.
func TestWakeIsCheap(t *testing.T) {
	inWorld(t, 13, func(w *world) {
		w.starting(weather{}, WebSocket)
		for range 50 {
			w.client.Wake("visible")
			w.after(300 * ms)
		}
		if n := len(w.net.began()); n != 1 {
			t.Errorf("%d connections: %v", n, w.net.began())
		}
		w.after(3 * time.Second)
		w.on(WebSocket, 0)
	})
}

// While a better rung that hangs or is mute is tried, the lesser one goes on.
func TestTriesDoNotDisturb(t *testing.T) {
	for name, f := range map[string]fault{"hanging": {hang: true}, "mute": {mute: true}, "refused": {refuse: 403}} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, 14, func(w *world) {
				w.starting(weather{ws: f}, SSE)
				w.after(15 * time.Second)
				worst := time.Duration(0)
				for range 400 { // past the tries after 30 s and 1 min more
					w.server.say("you", "lobby", "hm")
					worst = max(worst, w.level(time.Second))
					w.after(250 * ms)
				}
				t.Logf("the slowest message took %v", worst)
				w.exact()
			})
		})
	}
}

// A poll is a new connection of the session and ends the older ones. It must not
// end a WebSocket whose first batch is on its way.
func TestPollsLetTriesLive(t *testing.T) {
	for _, rung := range []Rung{LongPoll, ShortPoll} {
		inWorld(t, 24, func(w *world) {
			w.starting(lesser[rung], rung)
			stop := w.talk(400 * ms)
			w.after(10 * time.Minute)
			before := len(w.net.began())
			w.net.set(weather{ws: fault{late: 5 * time.Second}, sse: fault{refuse: 502}})
			w.client.Wake("online")
			w.on(WebSocket, 6*time.Second)
			w.after(10 * time.Second)
			w.on(WebSocket, 0)
			sockets := 0
			for _, kind := range w.net.began()[before:] {
				if kind == "ws" {
					sockets++
				}
			}
			if sockets != 1 {
				t.Errorf("%v: %d WebSockets", rung, sockets)
			}
			stop()
			w.level(6 * time.Second)
			w.exact()
		})
	}
}

// The schedule of upward tries: after 30 s, then doubling to 10 minutes.
func TestUpwardSchedule(t *testing.T) {
	inWorld(t, 15, func(w *world) {
		w.starting(weather{ws: fault{refuse: 403}}, SSE)
		var at []time.Duration
		seen := len(w.net.began())
		for time.Since(w.began) < time.Hour {
			w.after(time.Second)
			if n := len(w.net.began()); n > seen {
				seen = n
				at = append(at, time.Since(w.began).Round(time.Minute/2))
			}
		}
		m := time.Minute
		want := []time.Duration{m / 2, 3 * m / 2, 7 * m / 2, 15 * m / 2, 31 * m / 2, 51 * m / 2, 71 * m / 2, 91 * m / 2, 111 * m / 2}
		if len(at) != len(want) {
			t.Fatalf("tries at %v, want %v", at, want)
		}
		for i := range at {
			if at[i] != want[i] {
				t.Errorf("tries at %v, want %v", at, want)
				break
			}
		}
	})
}

// The next page starts on the rung that worked last, for a day.
func TestRungIsRemembered(t *testing.T) {
	inWorld(t, 16, func(w *world) {
		w.starting(weather{ws: fault{hang: true}}, SSE)
		w.after(20 * time.Second)
		_ = w.stop()
		before := len(w.net.began())
		w.run()
		w.on(SSE, 100*ms)
		if kind := w.net.began()[before]; kind != "sse" {
			t.Errorf("the second page began with %s", kind)
		}
		_ = w.stop()
		w.after(25 * time.Hour)
		before = len(w.net.began())
		w.run()
		w.after(100 * ms)
		if kind := w.net.began()[before]; kind != "ws" {
			t.Errorf("the next day's page began with %s", kind)
		}
	})
}

// A cursor that is of no use, also of another log: everything is read again.
func TestReset(t *testing.T) {
	for rung, bad := range lesser {
		for _, replaced := range []bool{false, true} {
			t.Run(rung.String(), func(t *testing.T) {
				inWorld(t, 17, func(w *world) {
					w.starting(bad, rung)
					for range 70 {
						w.server.say("you", "lobby", "one of many")
					}
					w.level(10 * time.Second)
					w.net.set(weather{down: true})
					w.server.end(errKilled)
					w.server.say("you", "lobby", "unheard")
					w.server.edit("lobby", 60, "changed")
					if replaced {
						w.server.mu.Lock()
						w.server.epoch = "F"
						w.server.mu.Unlock()
					} else {
						w.server.forget()
					}
					w.after(20 * time.Second)
					w.net.set(bad)
					w.client.Wake("online")
					w.level(10 * time.Second)
					w.after(time.Second)
					w.server.say("you", "lobby", "and on")
					w.level(10 * time.Second)
					line := w.client.Timeline("lobby")
					if n := len(line.Messages); n != 51 || line.Messages[n-1].Text != "and on" || line.Messages[n-2].Text != "unheard" {
						t.Fatalf("%d messages, log %q", n, w.log())
					}
					if line.Messages[n60(line)].Text != "changed" {
						t.Errorf("an edit from before the reset is not there")
					}
				})
			})
		}
	}
}

func n60(line Timeline) int {
	for i, m := range line.Messages {
		if m.Seq == 60 {
			return i
		}
	}
	return 0
}

// A login that is no longer valid ends Run, on every rung and for commands.
func TestSignedOut(t *testing.T) {
	for rung, bad := range lesser {
		inWorld(t, 18, func(w *world) {
			w.starting(bad, rung)
			w.server.mu.Lock()
			w.server.signedOut = true
			w.server.mu.Unlock()
			w.server.end(errKilled)
			w.after(40 * time.Second)
			if err := w.stop(); wire.CodeFrom(err) != wire.CodeUnauthenticated {
				t.Errorf("%v: Run returned %v", rung, err)
			}
		})
	}
	inWorld(t, 19, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.server.mu.Lock()
		w.server.signedOut = true
		w.server.mu.Unlock()
		if err := w.client.Do(context.Background(), wire.CmdPing, wire.Empty{}, nil); wire.CodeFrom(err) != wire.CodeUnauthenticated {
			t.Errorf("ping: %v", err)
		}
		w.after(ms)
		if err := w.stop(); wire.CodeFrom(err) != wire.CodeUnauthenticated {
			t.Errorf("Run returned %v", err)
		}
		if err := w.client.Run(context.Background()); !errors.Is(err, errTwice) {
			t.Errorf("a second Run: %v", err)
		}
	})
}

// Another person signs in in another tab: this one ends, and sends nothing in
// that person's name.
func TestSomebodyElse(t *testing.T) {
	inWorld(t, 20, func(w *world) {
		w.starting(weather{}, WebSocket)
		w.server.mu.Lock()
		w.server.me.ID, w.server.epoch = "somebody else", "F"
		w.server.mu.Unlock()
		w.server.end(errKilled)
		w.after(time.Second)
		if err := w.stop(); wire.CodeFrom(err) != wire.CodeUnauthenticated {
			t.Errorf("Run returned %v", err)
		}
	})
}

// A server that resets every cursor is not asked in a loop.
func TestResetLoop(t *testing.T) {
	inWorld(t, 21, func(w *world) {
		w.server.first = 1000
		w.run()
		w.after(10 * time.Minute)
		if n := len(w.net.began()); n < 20 || n > 120 {
			t.Errorf("%d connections in 10 minutes", n)
		}
	})
}

// The first sync hangs in a dead network: a Wake starts it again.
func TestWakeDuringSync(t *testing.T) {
	inWorld(t, 22, func(w *world) {
		w.net.set(weather{hole: true})
		w.run()
		w.after(5 * time.Second)
		w.net.set(weather{})
		w.client.Wake("online")
		w.on(WebSocket, 100*ms)
	})
}

// Without any network a page waits, and is there when it comes.
func TestStartOffline(t *testing.T) {
	inWorld(t, 23, func(w *world) {
		w.net.set(weather{down: true})
		w.run()
		w.send("lobby", "written on the train")
		w.after(5 * time.Minute)
		if s := w.client.Status(); s.Live || s.Synced || s.Why == "" || s.Retry.IsZero() {
			t.Errorf("%+v", s)
		}
		w.net.set(weather{})
		w.on(WebSocket, backoffMax+time.Second)
		w.load()
		w.sent(5 * time.Second)
		w.level(time.Second)
		w.exact()
	})
}
