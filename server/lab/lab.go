// Package lab is the server's side of the Connection Lab: lanes, each a small
// stream of ticks with what its owner posts to it in between. A lane is read over
// any of the feed's transports, and shows what the network does to them. Nobody
// has to be signed in, so everything here is bounded, and nothing of the community
// can be reached.
//
// A lane has no goroutine: who reads it makes its ticks, by the clock.
package lab

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"time"

	"parley/shared/wire"
)

const (
	// MaxLanes bounds the lanes of the server: strangers can open them.
	MaxLanes = 400

	// MaxLanesOf bounds the lanes of one address: a classroom behind one, each
	// with a lab of four lanes, gets in; a flood does not.
	MaxLanesOf = 80

	// LaneLife is how long a lane may be read.
	LaneLife = wire.LabLife

	// laneIdle is after how long a lane that nobody reads makes room.
	laneIdle = 90 * time.Second

	// maxEvents bounds what a lane keeps for a reader that is away.
	maxEvents = 256
)

// Errors of lanes.
var (
	ErrFull = errors.New("the lab has too many lanes open")
	ErrOver = errors.New("the lane is over")
)

// Lab keeps lanes. It may be used concurrently.
type Lab struct {
	now func() time.Time

	// guarded by mu
	mu     sync.Mutex
	lanes  map[string]*Lane
	closed chan struct{}
}

// New makes a Lab.
func New(now func() time.Time) *Lab {
	return &Lab{now: now, lanes: map[string]*Lane{}, closed: make(chan struct{})}
}

// Close ends all reading. Call it once.
func (l *Lab) Close() { close(l.closed) }

// Open gives the lane of that name, new if need be. addr is who asks. The error
// is ErrFull, or ErrOver for a lane that has lived its time.
func (l *Lab) Open(name string, addr netip.Prefix) (*Lane, error) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if lane := l.lanes[name]; lane != nil && lane.addr == addr {
		if now.Sub(lane.born) > LaneLife {
			return nil, ErrOver
		}
		return lane, nil
	} else if lane != nil { // somebody else's: names are random, so this is no accident
		return nil, ErrFull
	}
	if !l.hasRoom(addr, now) {
		return nil, ErrFull
	}
	lane := &Lane{lab: l, addr: addr, born: now, used: now, due: now.Add(wire.LabTick), news: make(chan struct{})}
	l.lanes[name] = lane
	return lane, nil
}

// Find gives a lane that is open; nil when there is none.
func (l *Lab) Find(name string, addr netip.Prefix) *Lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	if lane := l.lanes[name]; lane != nil && lane.addr == addr {
		return lane
	}
	return nil
}

// hasRoom sweeps lanes that are over. The caller holds mu.
func (l *Lab) hasRoom(addr netip.Prefix, now time.Time) bool {
	same := 0
	for name, lane := range l.lanes {
		if lane.isOver(now) {
			delete(l.lanes, name)
		} else if lane.addr == addr {
			same++
		}
	}
	return len(l.lanes) < MaxLanes && same < MaxLanesOf
}

// Lane is one stream. It may be used concurrently.
type Lane struct {
	lab  *Lab
	addr netip.Prefix
	born time.Time

	// guarded by mu
	mu       sync.Mutex
	used     time.Time
	due      time.Time // of the next tick
	silences int       // that have been
	first    int       // place of events[0], counted from 0
	events   []wire.LabEvent
	news     chan struct{} // closed and replaced when something is posted
}

func (l *Lane) isOver(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return now.Sub(l.born) > LaneLife || now.Sub(l.used) > laneIdle
}

// Post puts an echo into the stream.
func (l *Lane) Post(echo string) {
	now := l.lab.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tick(now)
	l.add(wire.LabEvent{At: wire.TimeOf(now), Echo: echo})
	close(l.news)
	l.news = make(chan struct{})
}

// Next gives what came after a place. When nothing has, it waits, at most so
// long, and then gives nothing. The error is ErrOver, or that of ctx.
func (l *Lane) Next(ctx context.Context, after int, wait time.Duration) (wire.LabBatch, error) {
	until := l.lab.now().Add(wait)
	for {
		now := l.lab.now()
		if now.Sub(l.born) > LaneLife {
			return wire.LabBatch{}, ErrOver
		}
		b, due, news := l.read(now, after)
		if len(b.Events) > 0 || !now.Before(until) {
			return b, nil
		}
		if until.Before(due) {
			due = until
		}
		timer := time.NewTimer(due.Sub(now))
		select {
		case <-timer.C:
		case <-news:
		case <-l.lab.closed:
			timer.Stop()
			return wire.LabBatch{}, ErrOver
		case <-ctx.Done():
			timer.Stop()
			return wire.LabBatch{}, ctx.Err()
		}
		timer.Stop()
	}
}

// read gives what there is after a place, when the next tick is due, and what is
// closed when something is posted before.
func (l *Lane) read(now time.Time, after int) (b wire.LabBatch, due time.Time, news chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.used = now
	l.tick(now)
	end := l.first + len(l.events)
	from := min(max(after, l.first), end)
	b = wire.LabBatch{Next: end, Events: append([]wire.LabEvent{}, l.events[from-l.first:]...)}
	return b, l.due, l.news
}

// tick makes the ticks that are due. Each has the time that it was due at.
func (l *Lane) tick(now time.Time) {
	for !now.Before(l.due) {
		l.add(wire.LabEvent{At: wire.TimeOf(l.due)})
		if l.due.Sub(l.born) < wire.LabTicking {
			l.due = l.due.Add(wire.LabTick)
			continue
		}
		l.due = l.due.Add(wire.LabSilence(l.silences))
		l.silences++
	}
}

func (l *Lane) add(e wire.LabEvent) {
	l.events = append(l.events, e)
	if over := len(l.events) - maxEvents; over > 0 {
		l.events = l.events[over:]
		l.first += over
	}
}
