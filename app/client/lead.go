package client

import (
	"context"
	"time"

	"parley/shared/wire"
)

// A tab that has gone may be one that is being loaded again, which takes up its
// letters itself. Other orphans are looked for now and then: a tab that crashed
// says no goodbye.
const (
	orphanPause = 5 * time.Second
	orphanEvery = time.Minute
)

// lead carries the feed for all tabs, from the held cursor. It begins on the
// rung of the one before: what got through a moment ago gets through now. It
// is a new session, to which the server says who is online; the one before
// lives on for its grace, so that nobody is seen leaving.
func (r *runner) lead() {
	c, s := r.client, &r.share
	r.endMeeting()
	s.follow = follow{meeting: meeting{id: s.follow.meeting.id}}
	r.setLeads(true)
	s.anew = false
	s.term = max(s.term+1, r.now().UnixMilli())
	c.renewSession()
	r.lostAt, r.newSession = time.Time{}, true
	r.claimSoon()
	r.goOn()
	r.tell()
	r.post(news{})
}

// lostLead is for a tab that was too slow to say that it is there: another one
// leads.
func (r *runner) lostLead(ctx context.Context) {
	s := &r.share
	r.client.log("parley: another tab has taken the lead")
	r.setLeads(false)
	s.lost, s.claimAt = nil, time.Time{}
	r.ladder.halt()
	r.standFor(ctx, false)
	r.ask(false)
}

// publish tells the other tabs what was applied, and that the cursor was at
// before; not as long as none has said a word: whoever comes asks who leads, and
// whoever hears of a new leader asks, too.
func (r *runner) publish(before string, events []wire.Event, more bool) {
	s := &r.share
	if s.tabs == nil {
		return
	}
	if s.others {
		r.post(news{Before: before, Events: events, More: more, Anew: s.anew})
	}
	s.anew = false
}

// claimSoon looks for orphans in a while.
func (r *runner) claimSoon() {
	if r.share.tabs != nil {
		r.share.claimAt = r.now().Add(orphanPause)
	}
}

// claim looks for orphans, if it is time to.
func (r *runner) claim(now time.Time) {
	s := &r.share
	if s.leads && !s.claimAt.IsZero() && !now.Before(s.claimAt) {
		s.claimAt = now.Add(orphanEvery)
		r.client.spawn(r.client.restoreOutbox)
	}
}

// Leads tells whether this tab carries the feed, for itself or for all: what is
// to be done once in a browser is for it to do.
func (c *Client) Leads() bool { return !c.follows() }
