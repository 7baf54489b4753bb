package client

import (
	"slices"
	"time"
)

// retryPause is the least time between two races when everything is down, as
// full jitter may give none.
const retryPause = 50 * time.Millisecond

// race starts rungs one beside the other, from a better one down, as Happy
// Eyeballs does for addresses (RFC 8305).
type race struct {
	on     bool
	upward bool      // beside a carrier, to find a better one; tries useless rungs too
	next   Rung      // to be started
	floor  Rung      // the last one to be started
	at     time.Time // when the next one starts
	newest int       // the try started last, 0 before the first
	doubt  bool      // beside a carrier that may be dead
}

func (l *ladder) startRace(now time.Time, r race) {
	r.on = true
	if l.only != nil { // there is no other
		r.next, r.floor = *l.only, *l.only
	}
	l.race = r
	l.retryAt, l.obey = time.Time{}, false
}

// start is the best rung at or below from that is not useless.
func (l *ladder) start() Rung {
	r := l.from
	for r < ShortPoll && l.useless[r] {
		r++
	}
	return r
}

// patience is how long a try may take for its first batch. It grows while
// everything fails, as the line may be slow, not dead.
func (l *ladder) patience() time.Duration {
	return min(firstPatience<<min(l.fails, 3), maxPatience)
}

// step does everything that is due, and what becomes due by that.
func (l *ladder) step(now time.Time) {
	for l.running {
		l.stepOnce(now)
		if due := l.deadline(); due.IsZero() || due.After(now) {
			return
		}
	}
}

func (l *ladder) stepOnce(now time.Time) {
	l.expire(now)
	if !l.retryAt.IsZero() && !now.Before(l.retryAt) {
		l.startRace(now, race{next: l.start(), floor: ShortPoll, at: now})
	}
	if l.wantsBetter() && !now.Before(l.upwardAt) {
		l.climb(now, l.carrier.rung-1)
	}
	l.advance(now)
	l.endRace(now)
}

// expire closes what has been silent for too long.
func (l *ladder) expire(now time.Time) {
	if c := l.carrier; c != nil {
		switch {
		case !l.checkBy.IsZero() && !now.Before(l.checkBy):
			l.closeTries(func(t *try) bool { return t == c })
			l.lost(now, c, asleep)
		case !now.Before(c.last.Add(l.silence)):
			l.closeTries(func(t *try) bool { return t == c })
			l.lost(now, c, l.mute(now, c))
		}
	}
	l.closeTries(func(t *try) bool {
		late := t != l.carrier && !now.Before(t.until)
		if late && t.id == l.race.newest {
			l.race.at = now
		}
		return late
	})
}

// mute is how a carrier ended that gave nothing for too long. That it is found
// late means that nobody was there to find it: the machine slept.
func (l *ladder) mute(now time.Time, t *try) ending {
	if now.Sub(t.last.Add(l.silence)) > wakeAnswer {
		return asleep
	}
	return silent
}

// advance starts the rungs whose turn has come.
func (l *ladder) advance(now time.Time) {
	r := &l.race
	for r.on && r.next <= r.floor && !now.Before(r.at) {
		rung := r.next
		r.next++
		if l.useless[rung] && !r.upward {
			continue
		}
		t := l.pending(rung)
		if t == nil {
			t = l.open(now, rung, l.patience())
		}
		r.newest, r.at = t.id, t.opened.Add(stagger)
	}
}

// pending is a try of a rung that does not carry.
func (l *ladder) pending(rung Rung) *try {
	for _, t := range l.tries {
		if t.rung == rung && t != l.carrier {
			return t
		}
	}
	return nil
}

// endRace ends a race when nothing more comes of it. If nothing carries then,
// everything is down: that tells nothing about any rung. A try that hangs does
// not keep those that have failed from being tried again.
func (l *ladder) endRace(now time.Time) {
	if !l.race.on || l.race.next <= l.race.floor {
		return
	}
	if l.isTrying() && (l.carrier != nil || !l.someFailed() || now.Before(l.race.at)) {
		return
	}
	l.race.on = false
	if l.carrier != nil {
		return
	}
	l.fails++
	l.early, l.useless = [rungs][]time.Time{}, [rungs]bool{}
	l.upwardIn, l.upwardAt = upwardFirst, time.Time{}
	l.retryAt = now.Add(max(backoff(l.fails+1, l.jitter), retryPause))
}

// isTrying tells whether something is open that does not carry.
func (l *ladder) isTrying() bool {
	return len(l.tries) > 1 || len(l.tries) == 1 && l.carrier == nil
}

// someFailed tells whether a rung that may be tried is not.
func (l *ladder) someFailed() bool {
	for r := l.start(); r < rungs; r++ {
		if !l.useless[r] && l.pending(r) == nil {
			return true
		}
	}
	return false
}

// carry moves the feed to t. What is not better ends; what is better may still
// come through for a while.
func (l *ladder) carry(now time.Time, t *try) {
	l.carrier, l.race = t, race{}
	l.checkBy, l.retryAt, l.obey = time.Time{}, time.Time{}, false
	l.from = t.rung
	l.closeTries(func(u *try) bool { return u != t && u.rung >= t.rung })
	for _, u := range l.tries {
		if u != t {
			u.until = now.Add(betterWindow)
		}
	}
	l.out = append(l.out, action{do: carryLink, id: t.id, rung: t.rung})
	switch {
	case t.rung == WebSocket:
		l.upwardAt = time.Time{}
	case l.known && t.rung > l.home && !l.useless[l.home]:
		l.upwardAt = now // it failed before this proof that the server is there: that tells nothing
	case l.eager: // what was begun before may hang in a network that is gone
		l.closeTries(func(u *try) bool { return u != t })
		l.upwardAt = now
	case l.upwardAt.IsZero():
		l.upwardAt = now.Add(l.upwardIn)
		l.upwardIn = min(2*l.upwardIn, upwardMost)
	}
	l.eager = false
}

// settle takes note that a rung works here, once for each link.
func (l *ladder) settle(t *try) {
	if t.settled {
		return
	}
	t.settled, l.fails = true, 0
	if t.rung == WebSocket || l.known && t.rung < l.home {
		l.upwardIn = upwardFirst // the network has become better
	}
	l.home, l.known = t.rung, true
	l.out = append(l.out, action{do: settledLink, id: t.id, rung: t.rung})
}

// climb tries the rungs down to floor beside the carrier, and plans the next time.
func (l *ladder) climb(now time.Time, floor Rung) {
	if l.only == nil {
		l.startRace(now, race{upward: true, next: WebSocket, floor: floor, at: now})
	}
	l.upwardAt = now.Add(l.upwardIn)
	l.upwardIn = min(2*l.upwardIn, upwardMost)
}

// wantsBetter tells whether an upward try is planned.
func (l *ladder) wantsBetter() bool {
	return l.carrier != nil && l.carrier.rung != WebSocket && !l.race.on && !l.upwardAt.IsZero()
}

// lost goes on after the carrier t ended: the same rung at once, later if it
// keeps breaking, and the ones below beside it.
func (l *ladder) lost(now time.Time, t *try, how ending) {
	l.carrier, l.checkBy = nil, time.Time{}
	if now.Sub(t.opened) >= settleTime {
		l.fails = 0
	}
	l.fails++
	if t.batches < 2 && how != asleep {
		l.countEarly(now, t.rung, how)
	}
	l.from = t.rung
	wait := backoff(l.fails, l.jitter)
	next := l.start()
	switch {
	case next != t.rung:
		l.fails, wait = 0, 0 // another rung starts with a clean slate
	case wait > stagger && next < ShortPoll:
		next, wait = next+1, stagger // the others need not wait as long as this one
	}
	if how == orderly && len(l.tries) > 0 {
		wait = max(wait, supersedeGrace)
	}
	l.startRace(now, race{next: next, floor: ShortPoll, at: now.Add(wait)})
}

// failed goes on after a try ended without a batch. One that the server ended in
// an orderly way was superseded by another link of ours, which says nothing
// about the rung: it is tried once more.
func (l *ladder) failed(now time.Time, t *try, how ending) {
	newest := l.race.on && l.race.newest == t.id
	if how == orderly && !t.again {
		second := l.open(now, t.rung, t.until.Sub(now))
		second.again = true
		if newest {
			l.race.newest = second.id
		}
	} else if newest {
		l.race.at = now // no need to wait for it
	}
}

// countEarly takes note of an end before the second batch. Some breaks within a
// minute mean that the rung does not work here; so does one silence, as a proxy
// that swallows a stream does it again, at the same slow pace. The last rung is
// never given up.
func (l *ladder) countEarly(now time.Time, r Rung, how ending) {
	recent := slices.DeleteFunc(l.early[r], func(at time.Time) bool { return now.Sub(at) >= breakWindow })
	l.early[r] = append(recent, now)
	if r != ShortPoll && (how == silent || len(l.early[r]) >= breakLimit) {
		l.useless[r] = true
	}
}

// deadline is when tick is due; the zero time when nothing is.
func (l *ladder) deadline() time.Time {
	var first time.Time
	due := func(at time.Time) {
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	if !l.running {
		return first
	}
	due(l.retryAt)
	due(l.checkBy)
	if l.wantsBetter() {
		due(l.upwardAt)
	}
	if l.race.on && (l.race.next <= l.race.floor || l.carrier == nil && l.someFailed()) {
		due(l.race.at)
	}
	for _, t := range l.tries {
		if t == l.carrier {
			due(t.last.Add(l.silence))
		} else {
			due(t.until)
		}
	}
	return first
}

// nextTry is when something is opened next, while nothing is; else zero.
func (l *ladder) nextTry() time.Time {
	if len(l.tries) > 0 {
		return time.Time{}
	}
	if l.race.on {
		return l.race.at
	}
	return l.retryAt
}
