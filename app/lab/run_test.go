package lab

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/app/client"
	"parley/shared/texts"
	"parley/shared/wire"
)

// quietNet is a server of lanes over polls, without a network: what is posted comes
// back, and nothing else.
type quietNet struct {
	mu     sync.Mutex // guards what follows
	events []wire.LabEvent
	polls  []time.Time
}

func (q *quietNet) Do(_ context.Context, r client.Request) (client.Response, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if r.Method == "POST" {
		var e wire.LabEcho
		if err := wire.Decode(r.Body, &e); err != nil {
			return client.Response{}, err
		}
		q.events = append(q.events, wire.LabEvent{At: wire.TimeOf(time.Now()), Echo: e.Echo})
		return answer(wire.LabCost{HeadUp: 100, HeadDown: 50}), nil
	}
	q.polls = append(q.polls, time.Now())
	u, err := url.Parse(r.Path)
	if err != nil {
		return client.Response{}, err
	}
	after, err := strconv.Atoi(u.Query().Get("after"))
	return answer(wire.LabBatch{Next: len(q.events), Events: append([]wire.LabEvent{}, q.events[after:]...)}), err
}

func answer(v any) client.Response {
	return client.Response{Status: 200, Header: func(string) string { return "application/json" }, Body: wire.Encode(v)}
}

func (q *quietNet) Stream(context.Context, client.Request) (client.Stream, error) {
	return nil, errors.New("connection reset")
}

func (q *quietNet) Dial(context.Context, string) (client.Socket, error) {
	return nil, client.CloseError{Code: 1006}
}

// runFor runs a lab of some rungs for a time of the bubble's.
func runFor(t *testing.T, q *quietNet, poll, d time.Duration, meanwhile func(*Lab), rungs ...client.Rung) Report {
	t.Helper()
	l := New(Config{Net: q, Poll: poll, Rungs: rungs})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.Run(ctx)
	}()
	if meanwhile != nil {
		meanwhile(l)
	}
	time.Sleep(d)
	synctest.Wait()
	r := l.Report()
	cancel()
	<-done
	return r
}

// A short poll that is set to be rare is neither taken for dead nor for one that
// loses what is posted.
func TestRareShortPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := runFor(t, &quietNet{}, 30*time.Second, 2*time.Minute, nil, client.ShortPoll)
		l := r.Lanes[0]
		if l.State != Open || len(l.Events) != 1 || l.Lost != 0 || len(l.Trips) != echoes || l.Polls != 5 {
			t.Errorf("%+v", l)
		}
	})
}

// Another interval holds at once, and what polling costs is counted anew.
func TestSetPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &quietNet{}
		r := runFor(t, q, 30*time.Second, 10*time.Second, func(l *Lab) {
			time.Sleep(20 * time.Second)
			l.SetPoll(2 * time.Second)
		}, client.ShortPoll)
		if l := r.Lanes[0]; l.PollsSince != 20*time.Second || l.Polls < 5 || l.Polls > 6 || q.polls[1].Sub(q.polls[0]) > 21*time.Second {
			t.Errorf("%+v, asked at %v", l, q.polls)
		}
	})
}

// A lab ends before the server ends its lanes, which would look as if something
// had broken, and then nothing changes any more.
func TestLabEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Config{Net: &quietNet{}, Rungs: []client.Rung{client.ShortPoll}})
		l.Run(t.Context())
		r := l.Report()
		if r.Took >= wire.LabLife || r.Took < wire.LabLife/2 || r.Lanes[0].Finding().Kind != Fine {
			t.Errorf("%+v", r)
		}
		time.Sleep(time.Hour)
		if now := l.Report(); now.Took != r.Took {
			t.Errorf("it has run for %v, and then for %v", r.Took, now.Took)
		}
	})
}

// What never opened was not cut, whatever the browser calls it; and why, those
// beside it tell.
func TestUnopened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			rungs []client.Rung
			want  string
		}{
			{[]client.Rung{client.WebSocket}, "WebSocket cannot be opened. Parley cannot be used from here."},
			{[]client.Rung{client.WebSocket, client.SSE}, "WebSocket does not reach the server at all; SSE does not reach the server at all. Parley cannot be used from here."},
			{[]client.Rung{client.WebSocket, client.ShortPoll}, "WebSocket cannot be opened: something between you and the server stops it; Short poll works. Parley uses Short poll."},
		} {
			q := &quietNet{events: []wire.LabEvent{{At: wire.TimeOf(time.Now())}}}
			r := runFor(t, q, time.Second, 20*time.Second, nil, c.rungs...)
			if got := words.Verdict(r.Verdict()); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if l := r.Lanes[0]; l.Events[0].Kind != Unopened || l.Lost != 0 {
				t.Errorf("%+v", l)
			}
		}
	})
}

// The server's own no, such as the limit for an address, is not put down to
// something in between.
func TestServersNo(t *testing.T) {
	r := Report{Lanes: []Lane{
		{Rung: client.WebSocket, State: Failed, Events: []Event{{Kind: Unopened, Code: 1006}}},
		{Rung: client.SSE, State: Failed, Events: []Event{{Kind: Refused, Status: 429}}},
	}}
	v := r.Verdict()
	if got := words.Verdict(v); got != texts.English.Lab.Busy {
		t.Error(got)
	}
	r.Lanes[1].Events[0].Status = 401
	if got := words.Verdict(r.Verdict()); got != texts.English.Lab.SignIn {
		t.Error(got)
	}
	r.Lanes[1].Events[0].Status = 503
	if got, want := words.Verdict(r.Verdict()), "WebSocket is refused with 503 by the server; SSE is refused with 503 by the server. Parley cannot be used from here."; got != want {
		t.Error(got)
	}
	if a := v.Advice(); len(a) != 0 {
		t.Errorf("advice %v", a)
	}
}

// Where messages come and nothing can be sent, nobody is told that it works.
func TestOneWay(t *testing.T) {
	refused := []Event{{Kind: Connected}, {Kind: Unposted, Status: 403}}
	r := Report{Lanes: []Lane{
		{Rung: client.WebSocket, State: Failed, Events: []Event{{Kind: Refused, Status: 403}}},
		{Rung: client.SSE, State: Open, Messages: 9, Events: refused},
	}}
	v := r.Verdict()
	if got, want := words.Verdict(v), "WebSocket is refused with 403 by the server; SSE brings messages, but what is sent is refused with 403. Parley cannot be used from here."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if a := v.Advice(); len(a) != 1 || a[0] != PassHost {
		t.Errorf("advice %v", a)
	}
}

// A connection that is cut after a minute carries a conversation: it is opened
// again, as the app does. One that is cut when it is silent for seconds does not.
func TestCutAfter(t *testing.T) {
	cut := func(after, silence time.Duration) Report {
		at := time.Duration(0)
		l := Lane{Rung: client.WebSocket, State: Open, Messages: 9, Silence: silence}
		for range 3 {
			l.Events = append(l.Events, Event{At: at, Kind: Connected}, Event{At: at + after, Kind: Cut})
			at += after + again
		}
		return Report{Lanes: []Lane{l, {Rung: client.LongPoll, State: Open, Messages: 9}}}
	}
	if v := cut(time.Minute, 20*time.Second).Verdict(); v.Uses != client.WebSocket || v.Findings[0].Kind != Short {
		t.Errorf("%+v", v)
	}
	for _, silence := range []time.Duration{time.Second, 0} {
		if v := cut(time.Minute, silence).Verdict(); v.Uses != client.LongPoll { // it was busy all the time
			t.Errorf("%+v", v)
		}
	}
}
