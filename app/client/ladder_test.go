package client

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// script drives a ladder in words, and writes down what it does in words.
type script struct {
	*ladder
	t    *testing.T
	zero time.Time
	now  time.Time
	ids  map[Rung]int // the newest link of each rung
	said []string
}

func newScript(t *testing.T) *script {
	zero := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	l := newLadder(func(limit time.Duration) time.Duration { return limit }) // no luck: always the longest wait
	l.silence = 30 * time.Second
	return &script{ladder: l, t: t, zero: zero, now: zero, ids: map[Rung]int{}}
}

func (s *script) note() {
	for _, a := range s.actions() {
		if a.do == openLink {
			s.ids[a.rung] = a.id
		}
		s.said = append(s.said, fmt.Sprintf("%v %s %s", s.now.Sub(s.zero), [...]string{
			"open", "close", "carry", "nudge", "settled",
		}[a.do], a.rung))
	}
}

// to lets time pass, with a tick at every deadline.
func (s *script) to(at time.Duration) {
	end := s.zero.Add(at)
	for {
		due := s.deadline()
		if due.IsZero() || due.After(end) {
			break
		}
		s.now = due
		s.tick(s.now)
		s.note()
	}
	s.now = end
}

func (s *script) gives(r Rung)                   { s.batch(s.now, s.ids[r]); s.note() }
func (s *script) breaks(r Rung)                  { s.broke(s.now, s.ids[r], abrupt); s.note() }
func (s *script) closes(r Rung)                  { s.broke(s.now, s.ids[r], orderly); s.note() }
func (s *script) drains(r Rung, d time.Duration) { s.drained(s.now, s.ids[r], d); s.note() }
func (s *script) wakes()                         { s.wake(s.now); s.note() }
func (s *script) starts(r Rung)                  { s.begin(s.now, r, false); s.note() }

func TestLadder(t *testing.T) {
	const sec = time.Second
	tests := []struct {
		name string
		do   func(s *script)
		want string
	}{
		{"the best rung first, the next after a second, beside it", func(s *script) {
			s.starts(WebSocket)
			s.to(3500 * ms)
		}, "0s open WebSocket, 1s open SSE, 2s open Long poll, 3s open Short poll"},

		{"the next at once when one fails", func(s *script) {
			s.starts(WebSocket)
			s.to(20 * ms)
			s.breaks(WebSocket)
		}, "0s open WebSocket, 20ms open SSE"},

		{"the remembered rung first, none above", func(s *script) {
			s.starts(LongPoll)
			s.to(1500 * ms)
		}, "0s open Long poll, 1s open Short poll"},

		{"the first to come carries, those below are closed, a better one has 10 s", func(s *script) {
			s.starts(WebSocket)
			s.to(2100 * ms)
			s.gives(SSE)
			s.to(20 * sec)
		}, "0s open WebSocket, 1s open SSE, 2s open Long poll, 2.1s close Long poll, 2.1s carry SSE, 12.1s close WebSocket"},

		{"a better one that comes in time takes over", func(s *script) {
			s.starts(WebSocket)
			s.to(1100 * ms)
			s.gives(SSE)
			s.to(9 * sec)
			s.gives(WebSocket)
		}, "0s open WebSocket, 1s open SSE, 1.1s carry SSE, 9s close SSE, 9s carry WebSocket"},

		{"after a break the same rung at once, the one below a second later", func(s *script) {
			s.starts(WebSocket)
			s.gives(WebSocket)
			s.to(5 * sec)
			s.gives(WebSocket)
			s.breaks(WebSocket)
			s.to(6500 * ms)
		}, "0s open WebSocket, 0s carry WebSocket, 5s open WebSocket, 6s open SSE"},

		{"three breaks before a second batch within a minute: does not work here", func(s *script) {
			s.starts(WebSocket)
			for range 3 {
				s.gives(WebSocket)
				s.breaks(WebSocket)
				s.to(s.now.Sub(s.zero) + 600*ms)
			}
		}, "0s open WebSocket, 0s carry WebSocket, 0s open WebSocket, 600ms carry WebSocket, " +
			"1.1s open WebSocket, 1.2s carry WebSocket, 1.2s open SSE"},

		{"silent before its second batch: dead after twice the heartbeat, and useless", func(s *script) {
			s.starts(WebSocket)
			s.gives(WebSocket)
			s.to(30 * sec)
		}, "0s open WebSocket, 0s carry WebSocket, 30s close WebSocket, 30s open SSE"},

		{"one that was alive is opened again", func(s *script) {
			s.starts(WebSocket)
			s.gives(WebSocket)
			s.to(15 * sec)
			s.gives(WebSocket)
			s.to(45 * sec)
		}, "0s open WebSocket, 0s carry WebSocket, 15s settled WebSocket, 45s close WebSocket, 45s open WebSocket"},

		{"everything down: all rungs, then longer and longer pauses", func(s *script) {
			s.starts(WebSocket)
			for range 3 {
				for _, r := range []Rung{WebSocket, SSE, LongPoll, ShortPoll} {
					s.breaks(r)
				}
				s.to(s.now.Sub(s.zero) + sec)
			}
		}, "0s open WebSocket, 0s open SSE, 0s open Long poll, 0s open Short poll, " +
			"500ms open WebSocket, 1s open SSE, 1s open Long poll, 1s open Short poll, " +
			"2s open WebSocket, 2s open SSE, 2s open Long poll, 2s open Short poll"},

		{"a try that hangs does not hold up those that failed", func(s *script) {
			s.starts(WebSocket)
			s.to(1100 * ms)
			for _, r := range []Rung{SSE, LongPoll, ShortPoll} {
				s.breaks(r)
			}
			s.to(3 * sec)
		}, "0s open WebSocket, 1s open SSE, 1.1s open Long poll, 1.1s open Short poll, 1.6s open SSE, 2.6s open Long poll"},

		{"an upward try after 30 s, beside the carrier, then after 60 s", func(s *script) {
			s.starts(WebSocket)
			s.breaks(WebSocket)
			s.gives(SSE)
			for i := range 10 {
				s.to(time.Duration(i+1) * 10 * sec)
				s.gives(SSE)
				if i == 2 || i == 8 {
					s.breaks(WebSocket)
				}
			}
		}, "0s open WebSocket, 0s open SSE, 0s carry SSE, 10s settled SSE, 30s open WebSocket, 1m30s open WebSocket"},

		{"a drain is obeyed, and is no break", func(s *script) {
			s.starts(WebSocket)
			s.gives(WebSocket)
			s.drains(WebSocket, 3*sec)
			s.to(sec)
			s.wakes()
			s.to(3 * sec)
		}, "0s open WebSocket, 0s carry WebSocket, 0s close WebSocket, 3s open WebSocket"},

		{"a wake asks the WebSocket, soon opens another, and gives it two seconds", func(s *script) {
			s.starts(WebSocket)
			s.gives(WebSocket)
			s.to(10 * sec)
			s.wakes()
			s.to(12 * sec)
		}, "0s open WebSocket, 0s carry WebSocket, 10s nudge WebSocket, 10.5s open WebSocket, 12s close WebSocket, 12s open SSE"},

		{"after a wake another WebSocket takes over with its first batch", func(s *script) {
			s.starts(WebSocket)
			s.gives(WebSocket)
			s.to(10 * sec)
			s.wakes()
			s.to(10*sec + 600*ms)
			s.gives(WebSocket)
			s.to(20 * sec)
		}, "0s open WebSocket, 0s carry WebSocket, 10s nudge WebSocket, 10.5s open WebSocket, 10.6s close WebSocket, 10.6s carry WebSocket"},

		{"an answer is life", func(s *script) {
			s.starts(WebSocket)
			s.gives(WebSocket)
			s.wakes()
			s.to(sec / 4)
			s.alive(s.ids[WebSocket])
			s.to(20 * sec)
		}, "0s open WebSocket, 0s carry WebSocket, 0s nudge WebSocket"},

		{"a wake on SSE opens a WebSocket, then SSE once more, and data is the proof", func(s *script) {
			s.starts(SSE)
			s.gives(SSE)
			s.to(10 * sec)
			s.wakes()
			s.to(11 * sec)
			s.gives(SSE)
			s.to(19 * sec)
		}, "0s open SSE, 0s carry SSE, 10s nudge SSE, 10s open WebSocket, 11s open SSE, 11s close SSE, 11s carry SSE"},

		{"a wake while everything is down tries at once", func(s *script) {
			s.starts(ShortPoll)
			for range 5 {
				s.breaks(ShortPoll)
				s.to(s.now.Sub(s.zero) + 10*sec)
			}
			s.said = nil
			s.breaks(ShortPoll)
			s.to(s.now.Sub(s.zero) + sec)
			s.wakes()
		}, "51s open Short poll"},

		{"superseded while a better rung is on its way: a moment for that", func(s *script) {
			s.starts(SSE)
			s.gives(SSE)
			s.to(29 * sec)
			s.gives(SSE)
			s.to(30 * sec)
			s.closes(SSE)
			s.to(30200 * ms)
			s.gives(WebSocket)
		}, "0s open SSE, 0s carry SSE, 29s settled SSE, 30s open WebSocket, 30.2s carry WebSocket"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newScript(t)
			test.do(s)
			if got := strings.Join(s.said, ", "); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Whatever happens in whatever order, the ladder keeps its house in order and
// never stands still.
func TestLadderAtRandom(t *testing.T) {
	for seed := range uint64(100) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		l := newLadder(func(limit time.Duration) time.Duration { return time.Duration(rnd.Int64N(int64(limit) + 1)) })
		l.silence = 30 * time.Second
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		open := map[int]Rung{}
		obey := func() {
			for _, a := range l.actions() {
				_, there := open[a.id]
				switch a.do {
				case openLink:
					if there {
						t.Fatalf("seed %d: opens link %d twice", seed, a.id)
					}
					open[a.id] = a.rung
				default:
					if !there {
						t.Fatalf("seed %d: verb %d for link %d, which is not open", seed, a.do, a.id)
					}
					if a.do == closeLink {
						delete(open, a.id)
					}
				}
			}
		}
		l.begin(now, Rung(rnd.IntN(rungs)), rnd.IntN(2) == 0)
		obey()
		for range 2000 {
			ids := make([]int, 0, len(open))
			for id := range open {
				ids = append(ids, id)
			}
			slices.Sort(ids)
			switch pick := rnd.IntN(20); {
			case pick < 6 && len(ids) > 0:
				l.batch(now, ids[rnd.IntN(len(ids))])
			case pick < 10 && len(ids) > 0:
				id := ids[rnd.IntN(len(ids))]
				delete(open, id)
				l.broke(now, id, ending(rnd.IntN(2)))
			case pick == 10 && len(ids) > 0:
				l.drained(now, ids[rnd.IntN(len(ids))], time.Duration(rnd.IntN(5000))*ms)
			case pick == 11:
				l.wake(now)
			case pick == 12 && l.carrier != nil:
				l.alive(l.carrier.id)
			case pick == 13:
				l.halt()
				l.begin(now, l.start(), false)
			case pick == 14:
				now = now.Add(time.Duration(rnd.IntN(100_000)) * ms)
			default:
				if due := l.deadline(); due.After(now) {
					now = due
				}
			}
			obey()
			l.tick(now)
			obey()
			checkLadder(t, seed, l, now, open)
		}
	}
}

func checkLadder(t *testing.T, seed uint64, l *ladder, now time.Time, open map[int]Rung) {
	t.Helper()
	if len(open) != len(l.tries) {
		t.Fatalf("seed %d: %d links open, %d known", seed, len(open), len(l.tries))
	}
	count := map[Rung]int{}
	for _, u := range l.tries {
		if u != l.carrier {
			count[u.rung]++
		}
		if l.carrier != nil && u.rung > l.carrier.rung {
			t.Fatalf("seed %d: %v is open below the carrier %v", seed, u.rung, l.carrier.rung)
		}
	}
	for r, n := range count {
		if n > 1 {
			t.Fatalf("seed %d: %d tries of %v", seed, n, r)
		}
	}
	if l.carrier != nil && l.find(l.carrier.id) != l.carrier {
		t.Fatalf("seed %d: the carrier is not open", seed)
	}
	switch due := l.deadline(); {
	case due.IsZero():
		t.Fatalf("seed %d: nothing will ever happen", seed)
	case !due.After(now):
		t.Fatalf("seed %d: a tick at its time left something due %v ago", seed, now.Sub(due))
	}
	if next := l.nextTry(); len(open) == 0 && next.IsZero() {
		t.Fatalf("seed %d: nothing is open, and nothing planned", seed)
	}
}
