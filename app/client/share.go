package client

import (
	"context"
	"encoding/json"
	"time"

	"parley/shared/wire"
)

// share is how the runner stands with the other tabs of its browser. Without
// any that it could share with, tabs is nil, and it always leads.
type share struct {
	tabs    Tabs
	heard   chan tabMessage
	elected chan election
	met     chan met

	others bool // have been heard: nothing is said into an empty room
	leads  bool
	lost   <-chan struct{}    // closed when the lead is taken away
	stand  context.CancelFunc // withdraws from the election, or gives the lead up
	round  int                // the newest election
	term   int64              // of the newest leader that was heard of
	rung   Rung               // to start on when leading
	known  bool               // it works here

	claimAt time.Time // leading: when to look for letters that nobody has
	anew    bool      // leading: what is said next begins to say anew who is online

	follow follow
}

// election is how an election ended for this tab.
type election struct {
	id   int // of the newest; what came of older ones does not count
	lost <-chan struct{}
	err  error
}

// join meets the other tabs, if this browser can tell of them, and follows the
// one that leads until this one does. Without them it leads at once.
func (r *runner) join(ctx context.Context, first Rung, known bool) {
	c, s := r.client, &r.share
	s.rung, s.known = first, known
	if c.tabs != nil {
		s.tabs = c.tabs(c.Me().ID)
	}
	if s.tabs == nil {
		r.leadAlone()
		return
	}
	c.mu.Lock()
	c.tab = s.tabs
	c.mu.Unlock()
	tabs := s.tabs
	s.heard, s.elected, s.met = make(chan tabMessage), make(chan election), make(chan met)
	c.spawn(func(context.Context) {
		for {
			data, err := tabs.Next(ctx)
			if err != nil {
				return
			}
			var m tabMessage
			if json.Unmarshal(data, &m) != nil || m.From == tabs.ID() {
				continue
			}
			select {
			case s.heard <- m:
			case <-ctx.Done():
				return
			}
		}
	})
	r.standFor(ctx, false)
	r.ask(false)
}

// setLeads says whether this tab carries the feed.
func (r *runner) setLeads(leads bool) {
	r.share.leads = leads
	r.client.mu.Lock()
	defer r.client.mu.Unlock()
	r.client.leads = leads
	r.client.cache.hurry() // a leader does not wait as long as a follower
}

// follows tells whether another tab carries the feed.
func (c *Client) follows() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tab != nil && !c.leads
}

// leadAlone is what a tab does where nothing can be shared.
func (r *runner) leadAlone() {
	r.setLeads(true)
	r.ladder.begin(r.now(), r.share.rung, r.share.known)
}

// standFor waits for the lead beside everything else; with force it takes it.
func (r *runner) standFor(ctx context.Context, force bool) {
	s := &r.share
	if s.stand != nil {
		s.stand()
	}
	ctx, s.stand = context.WithCancel(ctx)
	s.round++
	tabs, round := s.tabs, s.round
	r.client.spawn(func(context.Context) {
		e := election{id: round}
		e.lost, e.err = tabs.Lead(ctx, force)
		select {
		case s.elected <- e:
		case <-ctx.Done():
		}
	})
}

// takeElection leads from now on.
func (r *runner) takeElection(ctx context.Context, e election) {
	s := &r.share
	if e.id != s.round {
		return
	}
	if e.err == nil {
		s.lost = e.lost
		r.lead()
		return
	}
	if ctx.Err() == nil {
		r.client.log("parley: this browser's tabs cannot share: %v", e.err)
		r.leaveTabs()
		r.setLeads(true)
		r.goOn()
	}
}

// goOn begins the feed, unless the state has to be read first.
func (r *runner) goOn() {
	if !r.isSyncing() {
		r.ladder.begin(r.now(), r.share.rung, r.share.known)
	}
}

// hearTab takes what another tab says.
func (r *runner) hearTab(ctx context.Context, m tabMessage) {
	s := &r.share
	s.others = true
	switch {
	case m.Bye:
		r.checkLogin()
		if s.leads {
			r.claimSoon()
		}
	case m.Ask && s.leads:
		if m.Term > s.term { // it has heard of a leader with a clock ahead of ours
			s.term = m.Term + 1
		}
		r.tick(ctx) // our own timers may be throttled
		r.post(news{Online: r.client.whoIsOnline(), Told: true})
		if m.Wake {
			r.client.mu.Lock()
			r.client.sweep = r.client.sweep || m.Sweep
			r.client.mu.Unlock()
			r.wake(ctx)
		}
	case m.News != nil && !s.leads:
		r.hearNews(ctx, m.From, m.Term, *m.News)
	}
}

// checkLogin asks for nothing, as somebody who is signed in: who is not any
// more is told so.
func (r *runner) checkLogin() {
	path := untilPath(r.cursor, r.cursor)
	r.client.spawn(func(ctx context.Context) { _ = r.client.Get(ctx, path, nil) })
}

// tellPlace tells the other tabs where this one stands, if it leads any.
func (r *runner) tellPlace() {
	if r.share.tabs != nil && r.share.others {
		r.post(news{})
	}
}

// post tells the other tabs where this one stands, which leads.
func (r *runner) post(n news) {
	s := &r.share
	n.Status, n.Cursor = r.client.Status(), r.cursor
	s.say(tabMessage{Term: s.term, News: &n})
}

// leaveTabs ends the sharing.
func (r *runner) leaveTabs() {
	s := &r.share
	if s.tabs == nil {
		return
	}
	s.say(tabMessage{Bye: true})
	s.stand()
	s.tabs.Close()
	r.endMeeting()
	s.tabs, s.lost = nil, nil
	r.client.mu.Lock()
	r.client.tab = nil
	r.client.mu.Unlock()
}

func (s *share) say(m tabMessage) {
	m.From = s.tabs.ID()
	s.tabs.Post(wire.Encode(m))
}
