package client

import (
	"context"
	"time"
)

// maxAsks is how often a leader is asked whether it is there, when the answer
// is looked for too late to be sure that there was none: this tab slept, and
// perhaps all of them did.
const maxAsks = 2

// maxProds is how often the leader is asked again after a Wake: a page that is
// hidden gets the time seldom, and each question lets it look whether what the
// Wake made it check is over.
const maxProds = 3

// follow is how a tab stands with the one that leads.
type follow struct {
	leader   string // "" while none is known
	status   Status // of its connection
	at       string // its cursor, as it last said
	heardAt  time.Time
	answerBy time.Time // it has to say that it is there by then; zero: nothing is asked
	asks     int
	askAt    time.Time // to be asked again then; zero: not planned
	prods    int       // how often yet

	joined  bool    // our cursor is its own, but for overlap
	overlap overlap // what it is going to repeat
	meeting meeting
}

// ask asks whoever leads to say that it is there. wake: and to look at its
// connection.
func (r *runner) ask(wake bool) {
	s := &r.share
	s.follow.answerBy = r.now().Add(wakeAnswer + r.client.jitter(wakeAnswer/2)) // not all tabs in the same moment
	s.follow.asks++
	s.follow.askAt = time.Time{}
	s.say(tabMessage{Term: s.term, Ask: true, Wake: wake, Sweep: wake && r.client.takeSweep()})
}

// takeSweep tells whether connections are to be swept: by the leader, as all tabs
// of a browser have the same.
func (c *Client) takeSweep() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	sweep := c.sweep
	c.sweep = false
	return sweep
}

// following tells whether another tab carries the feed.
func (r *runner) following() bool { return r.share.tabs != nil && !r.share.leads }

// followDeadline is when tickFollow is due; zero when nothing is.
func (r *runner) followDeadline() time.Time {
	f := &r.share.follow
	switch {
	case !r.following():
		return r.share.claimAt
	case !f.answerBy.IsZero():
		return earlier(f.answerBy, f.meeting.retryAt)
	default:
		return earlier(earlier(f.heardAt.Add(r.ladder.silence), f.askAt), f.meeting.retryAt)
	}
}

// tickFollow looks whether the leader is still there. One that says nothing is
// asked, as it may only be throttled; one that does not answer is replaced.
func (r *runner) tickFollow(ctx context.Context, now time.Time) {
	f := &r.share.follow
	if !r.following() {
		r.claim(now)
		return
	}
	if at := f.meeting.retryAt; !at.IsZero() && !now.Before(at) {
		r.meet()
	}
	switch {
	case f.answerBy.IsZero():
		if !now.Before(f.heardAt.Add(r.ladder.silence)) || !f.askAt.IsZero() && !now.Before(f.askAt) {
			f.asks = 0
			r.ask(false)
		}
	case now.Before(f.answerBy):
	case now.Sub(f.answerBy) > wakeAnswer && f.asks < maxAsks:
		r.ask(false)
	default:
		r.client.log("parley: the tab that leads does not answer; taking the lead")
		f.asks = 0
		f.answerBy = now.Add(answerTimeout) // for the lock
		r.standFor(ctx, true)
	}
}

// wakeFollow passes a Wake on to the leader.
func (r *runner) wakeFollow() {
	f := &r.share.follow
	f.asks, f.prods = 0, maxProds
	r.ask(true)
	if !f.joined && f.leader != "" {
		r.meet()
	}
}

// hearNews takes what the leader says. A leader of an older term has been
// replaced and does not know yet.
func (r *runner) hearNews(ctx context.Context, from string, term int64, n news) {
	s, f := &r.share, &r.share.follow
	if term < s.term {
		return
	}
	if term > s.term || f.leader != from {
		s.term, f.leader, f.joined, f.at = term, from, false, ""
		s.say(tabMessage{Term: term, Ask: true}) // so that it knows of us
	}
	f.heardAt, f.answerBy, f.asks = r.now(), time.Time{}, 0
	f.status = n.Status
	if n.Status.Live {
		s.rung, s.known = n.Status.Rung, true
	}
	if n.Told {
		r.client.setOnline(n.Online)
		if f.prods > 0 {
			f.prods--
			f.askAt = r.now().Add(wakeAnswer)
		}
	}
	if r.isSyncing() {
		f.at, f.joined = n.Cursor, false
		return // the meeting follows
	}
	next := n.Before != "" && n.Before == f.at
	same := n.Before == "" && n.Cursor == f.at
	f.at = n.Cursor
	switch {
	case f.joined && next:
		r.applyNews(n)
	case f.meeting.on() && next:
		r.keepNews(n)
	case !same:
		r.meet()
	}
}

// applyNews applies what the leader has applied.
func (r *runner) applyNews(n news) {
	f := &r.share.follow
	fresh, level, err := f.overlap.fresh(n.Events)
	if err != nil {
		r.client.log("parley: the tab that leads: %v", err)
		f.joined = false
		r.meet()
		return
	}
	if n.Anew {
		r.client.expectPresence()
	}
	if level {
		r.cursor = n.Cursor
	}
	r.client.apply(fresh, r.cursor, level && !n.More, r.now())
}

// followStatus is the state of the connection of a tab that follows: live is
// only who gets what the leader gets.
func (r *runner) followStatus(s *Status) {
	f := &r.share.follow
	synced, unkept := s.Synced, s.Unkept // our own
	*s = f.status
	s.Synced, s.Unkept = synced, unkept
	if s.Live && !f.joined {
		s.Live, s.Why, s.Retry = false, "", f.meeting.retryAt
		if r.why != nil {
			s.Why = inWords(r.why)
		}
	}
}
