package client

import (
	"slices"
	"time"
)

// The times of the ladder (PROTOCOL 8).
const (
	stagger       = 1 * time.Second  // a rung that takes longer gets company by the next
	betterWindow  = 10 * time.Second // a better rung may still come through after the first
	firstPatience = 10 * time.Second // a try without a first batch is given up; doubles while everything is down
	maxPatience   = 60 * time.Second // a first batch of 256 KiB at 5 KB/s
	upwardFirst   = 30 * time.Second // on a lesser rung, until a better one is tried
	upwardMost    = 10 * time.Minute
	wakeBurst     = 500 * time.Millisecond // reasons to wake that come in this time are one
	wakeDoubt     = 500 * time.Millisecond // one that does not answer a Wake in this time gets company by another
	wakeAnswer    = 2 * time.Second        // and is dead after this
	breakWindow   = time.Minute            // this many early breaks in this time: does not work here
	breakLimit    = 3
	settleTime    = 10 * time.Second // a link that lived this long works: back-off and schedule start anew

	// supersedeGrace is how long a carrier that was ended in an orderly way is
	// not tried again while a better rung is on its way: the server ends the
	// older connection when it has written the newer one's first batch, and the
	// two travel separately. Trying again at once would end the better one.
	supersedeGrace = 300 * time.Millisecond
)

// ladder is the choice of transport as a state machine. Time is a parameter of
// every input, and what is to be done lies in out after it: links to open, to
// close, to nudge. An input that comes late for a deadline sees to it first.
// It belongs to one goroutine.
type ladder struct {
	// set by the owner
	silence time.Duration                                  // a carrier without a batch for this long is dead
	jitter  func(limit time.Duration) (wait time.Duration) // random, up to limit
	only    *Rung                                          // somebody wants this one and no other; nil: the best

	running bool
	lastID  int
	tries   []*try // what is open, oldest first, the carrier included
	carrier *try   // carries the feed; nil when nothing does
	race    race
	known   bool // a rung is known to work well here: remembered, or settled
	home    Rung // which
	from    Rung // where the race after a break or an outage begins

	fails    int       // failures in a row, for the back-off
	retryAt  time.Time // when nothing is open: the next race
	obey     bool      // retryAt was given by the server: a Wake does not shorten it
	checkBy  time.Time // the carrier must show life by then
	upwardAt time.Time // the next try of better rungs
	wokenAt  time.Time // the last Wake that was not one of a burst
	eager    bool      // better rungs are to be tried as soon as something carries
	upwardIn time.Duration
	early    [rungs][]time.Time // breaks before a second batch
	useless  [rungs]bool        // does not work here

	out []action
}

// try is a link that is open, or on its way to be.
type try struct {
	id      int
	rung    Rung
	opened  time.Time
	last    time.Time // its newest batch, or when it was opened
	batches int
	again   bool      // it stands in for one that was superseded
	settled bool      // it has lived long enough to say that the rung works here
	until   time.Time // given up then, if no batch has come
}

// action is something for the owner of the ladder to do.
type action struct {
	do    verb
	id    int
	rung  Rung
	doubt bool // openLink: beside a carrier, and not known to work here
}

type verb int

const (
	openLink    verb = iota // at the held cursor
	closeLink               // what it still says does not count
	carryLink               // its batches are applied from now on; the one before is closed
	nudgeLink               // make it show that it is alive: ping, or poll at once
	settledLink             // the rung works here: remember it
)

func newLadder(jitter func(time.Duration) time.Duration) *ladder {
	return &ladder{jitter: jitter, upwardIn: upwardFirst}
}

// begin starts, or starts again after halt, on a rung. known tells that it has
// worked here before.
func (l *ladder) begin(now time.Time, first Rung, known bool) {
	l.running, l.from = true, first
	if known {
		l.home, l.known = first, true
	}
	l.startRace(now, race{next: first, floor: ShortPoll, at: now})
	l.step(now)
}

// halt closes everything until begin.
func (l *ladder) halt() {
	l.closeTries(func(*try) bool { return true })
	l.carrier, l.race, l.running = nil, race{}, false
	l.retryAt, l.checkBy, l.upwardAt = time.Time{}, time.Time{}, time.Time{}
}

// tick is for when deadline has come, or at any other time.
func (l *ladder) tick(now time.Time) { l.step(now) }

// batch tells that a link gave a batch. It is to be applied only if true.
func (l *ladder) batch(now time.Time, id int) (apply bool) {
	t := l.find(id)
	if t == nil {
		return false
	}
	t.batches++
	t.last = now
	switch {
	case t == l.carrier:
		l.assured()
	case l.carrier == nil || t.rung <= l.carrier.rung:
		l.carry(now, t)
	default:
		l.closeTries(func(u *try) bool { return u == t })
		return false
	}
	if t.batches >= 2 {
		l.useless[t.rung], l.early[t.rung] = false, nil
		if now.Sub(t.opened) >= settleTime {
			l.settle(t)
		}
	}
	l.step(now)
	return true
}

// ending is how a carrier came to its end.
type ending int

const (
	abrupt  ending = iota
	orderly        // by the other side, with a proper end
	silent         // nothing came for too long
	asleep         // it may have died while this page slept, which is not the rung's fault
)

// broke tells that a link has ended by itself.
func (l *ladder) broke(now time.Time, id int, how ending) {
	t := l.find(id)
	if t == nil {
		return
	}
	l.forget(t)
	if t == l.carrier {
		l.lost(now, t, how)
	} else {
		l.failed(now, t, how)
	}
	l.step(now)
}

// drained tells that the server is going down and wants to see this client
// again after wait. It is no break: nothing is wrong with the rung. A try that
// is told so while another link carries has just failed.
func (l *ladder) drained(now time.Time, id int, wait time.Duration) {
	t := l.find(id)
	if t == nil {
		return
	}
	if l.carrier != nil && t != l.carrier {
		l.closeTries(func(u *try) bool { return u == t })
		l.failed(now, t, abrupt)
		l.step(now)
		return
	}
	l.closeTries(func(*try) bool { return true })
	l.carrier, l.race, l.fails = nil, race{}, 0
	l.checkBy = time.Time{}
	l.from, l.useless[t.rung], l.early[t.rung] = t.rung, false, nil
	l.retryAt, l.obey = now.Add(wait), true
	l.eager = true // what was tried in vain meanwhile may have met the draining server
	l.step(now)
}

// alive tells that a link answered a nudge.
func (l *ladder) alive(id int) {
	if l.carrier != nil && l.carrier.id == id {
		l.assured()
	}
}

// assured ends the doubt about the carrier.
func (l *ladder) assured() {
	l.checkBy = time.Time{}
	if l.race.doubt && l.race.newest == 0 {
		l.race = race{}
	}
}

// wake is the network that came back, or the page that did: whatever was
// concluded before may be wrong now.
func (l *ladder) wake(now time.Time) {
	if !l.running {
		return
	}
	l.fails, l.upwardIn = 0, upwardFirst
	switch {
	case l.obey:
		l.eager = true
	case l.carrier == nil:
		l.wakeDown(now)
	case l.carrier.rung == WebSocket:
		l.check(now)
		l.doubt(now)
	default:
		l.wakeLesser(now)
		l.check(now)
	}
	l.step(now)
}

// nearest is the rung that a Wake turns to first.
func (l *ladder) nearest() Rung {
	switch {
	case l.carrier != nil:
		return l.carrier.rung
	case l.only != nil:
		return *l.only
	}
	return l.start()
}

// doubt opens a second WebSocket soon, unless the carrier answers before. Its
// first batch is the proof that the carrier has died.
func (l *ladder) doubt(now time.Time) {
	if l.leaveFresh(now); !l.isTrying() && !l.race.on {
		l.startRace(now, race{upward: true, doubt: true, next: WebSocket, floor: WebSocket, at: now.Add(wakeDoubt)})
	}
}

// wakeDown starts again now.
func (l *ladder) wakeDown(now time.Time) {
	if l.leaveFresh(now); !l.isTrying() {
		l.startRace(now, race{next: l.start(), floor: ShortPoll, at: now})
	}
	l.eager = true
}

// wakeLesser tries the better rungs at once. SSE cannot be asked whether it is
// alive, so it is opened once more in its turn: data is the proof.
func (l *ladder) wakeLesser(now time.Time) {
	if l.leaveFresh(now); l.isTrying() {
		return
	}
	floor := l.carrier.rung - 1
	if l.carrier.rung == SSE {
		floor = SSE
	}
	l.climb(now, floor)
}

// leaveFresh closes the tries from before the Wake, which may hang in a network
// that is gone. It leaves those that another Wake of the same moment has begun,
// as several reasons come together.
func (l *ladder) leaveFresh(now time.Time) {
	if now.Sub(l.wokenAt) > wakeBurst {
		l.wokenAt = now
	}
	l.closeTries(func(t *try) bool { return t != l.carrier && t.opened.Before(l.wokenAt) })
}

// check gives the carrier some time to show that it is alive.
func (l *ladder) check(now time.Time) {
	if l.checkBy.IsZero() {
		l.checkBy = now.Add(wakeAnswer)
	}
	l.out = append(l.out, action{do: nudgeLink, id: l.carrier.id, rung: l.carrier.rung})
}

// actions gives what there is to do, once.
func (l *ladder) actions() []action {
	out := l.out
	l.out = nil
	return out
}

func (l *ladder) find(id int) *try {
	for _, t := range l.tries {
		if t.id == id {
			return t
		}
	}
	return nil
}

func (l *ladder) open(now time.Time, r Rung, patience time.Duration) *try {
	l.lastID++
	t := &try{id: l.lastID, rung: r, opened: now, last: now, until: now.Add(patience)}
	l.tries = append(l.tries, t)
	doubt := l.carrier != nil && !(l.known && l.home == r)
	l.out = append(l.out, action{do: openLink, id: t.id, rung: r, doubt: doubt})
	return t
}

// forget drops a try whose link has ended by itself.
func (l *ladder) forget(t *try) {
	l.tries = slices.DeleteFunc(l.tries, func(u *try) bool { return u == t })
}

// closeTries closes those that which chooses.
func (l *ladder) closeTries(which func(*try) bool) {
	l.tries = slices.DeleteFunc(l.tries, func(t *try) bool {
		if !which(t) {
			return false
		}
		l.out = append(l.out, action{do: closeLink, id: t.id, rung: t.rung})
		return true
	})
}
