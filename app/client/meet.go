package client

import (
	"context"
	"net/url"
	"time"

	"parley/shared/wire"
)

// meeting is how a tab gets to where the leader is, so that what the leader
// says next joins on: by short polls that end at the leader's cursor. Should
// the tab be ahead of the leader, it learns what the leader is going to repeat.
// What the leader says meanwhile waits.
type meeting struct {
	id      int // of the newest; what came of older ones does not count
	stop    context.CancelFunc
	goal    string
	from    string  // ahead: how far the overlap reaches
	ahead   bool    // our cursor lies after goal
	overlap overlap // ahead: what lies between
	waiting []news
	events  int // in waiting
	fails   int
	retryAt time.Time // zero: none is planned
}

// met is what a poll of a meeting brought.
type met struct {
	id    int
	batch wire.Batch
	err   error
}

func (m *meeting) on() bool { return m.stop != nil || !m.retryAt.IsZero() }

// meet begins anew to get to where the leader is now.
func (r *runner) meet() {
	f := &r.share.follow
	f.joined = false
	r.endMeeting()
	f.meeting.goal, f.meeting.from = f.at, f.at
	f.meeting.ahead, f.meeting.overlap = false, overlap{}
	f.meeting.waiting, f.meeting.events = nil, 0
	if r.cursor == f.at {
		r.meetLeader()
		return
	}
	r.pollMeeting()
}

// endMeeting gives up what is under way.
func (r *runner) endMeeting() {
	m := &r.share.follow.meeting
	m.retryAt = time.Time{}
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
}

// untilPath is a query for what lies between two cursors.
func untilPath(cursor, until string) string {
	return "/events?cursor=" + url.QueryEscape(cursor) + "&until=" + url.QueryEscape(until)
}

// pollMeeting asks for the next part of what lies between.
func (r *runner) pollMeeting() {
	c, s := r.client, &r.share
	m := &s.follow.meeting
	path := untilPath(r.cursor, m.goal)
	if m.ahead {
		path = untilPath(m.from, r.cursor)
	}
	m.id++
	id := m.id
	c.mu.Lock()
	ctx, stop := context.WithCancel(c.ctx)
	c.mu.Unlock()
	m.stop = stop
	c.spawn(func(context.Context) {
		defer stop()
		got := met{id: id}
		got.err = c.Get(ctx, path, &got.batch)
		if got.err == nil && got.batch.Cursor == "" {
			got.err = foreignError{200}
		}
		select {
		case s.met <- got:
		case <-ctx.Done():
		}
	})
}

// takeMet goes on with a meeting.
func (r *runner) takeMet(ctx context.Context, got met) {
	f := &r.share.follow
	m := &f.meeting
	if got.id != m.id || m.stop == nil {
		return
	}
	m.stop = nil
	b := got.batch
	switch {
	case got.err != nil:
		r.meetLater(got.err)
	case b.Reset && m.ahead:
		r.meetLater(errDiverged) // the leader's cursor is of no use: it will find out
	case b.Reset:
		r.planSync(ctx)
	case m.ahead:
		r.takeAhead(b)
	default:
		m.fails = 0
		r.cursor = b.Cursor
		r.client.apply(b.Events, r.cursor, false, r.now())
		switch {
		case r.cursor == m.goal:
			r.meetLeader()
		case !b.More:
			m.ahead = true
			r.pollMeeting()
		default:
			r.pollMeeting()
		}
	}
}

// takeAhead notes what the leader is going to repeat.
func (r *runner) takeAhead(b wire.Batch) {
	m := &r.share.follow.meeting
	m.overlap.applied(b.Events)
	stuck := b.Cursor == m.from
	m.from = b.Cursor
	switch {
	case m.from == r.cursor:
		r.meetLeader()
	case stuck:
		r.meetLater(errDiverged)
	default:
		r.pollMeeting()
	}
}

// meetLater tries again after a failure.
func (r *runner) meetLater(err error) {
	m := &r.share.follow.meeting
	r.why = err
	m.fails++
	m.retryAt = r.now().Add(max(backoff(m.fails+1, r.client.jitter), retryPause, retryAfter(err)))
}

// meetLeader is being where the leader was, and takes what it said since.
func (r *runner) meetLeader() {
	f := &r.share.follow
	f.joined, f.overlap = true, f.meeting.overlap
	waiting := f.meeting.waiting
	f.meeting = meeting{id: f.meeting.id}
	for i := 0; i < len(waiting) && f.joined; i++ {
		r.applyNews(waiting[i])
	}
	if f.joined {
		r.client.hurry()
	}
}

// keepNews puts aside what the leader says during a meeting. When that is too
// much, the meeting is moved to where the leader is now.
func (r *runner) keepNews(n news) {
	m := &r.share.follow.meeting
	m.waiting = append(m.waiting, n)
	if m.events += len(n.Events); m.events > maxOverlap {
		r.meet()
	}
}
