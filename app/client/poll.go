package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"parley/shared/wire"
)

// How often a short poll asks: soon while people talk, so that it feels like
// talking; seldom while nothing happens, as each one is a whole request for
// the server and wakes a phone's radio.
const (
	shortPollMin  = 1 * time.Second
	shortPollMax  = 5 * time.Second
	shortPollStep = 500 * time.Millisecond // later after each that brought nothing
)

// emptyPause follows a held poll that was answered at once with nothing. The
// server does so when another connection of the session takes over, which then
// needs a moment to be heard; and a proxy that answers everything from its
// cache must not be asked in a loop.
const emptyPause = 500 * time.Millisecond

// pollTimeout is how long after its wait a poll may still be answered.
const pollTimeout = 10 * time.Second

// proofWait is how long the first of long polls is held that are tried beside
// short ones. That a poll gets through is known then; it is to be seen whether
// one that is held does. It ends within the patience for a first batch.
const proofWait = 8 * time.Second

// pollLink is the feed by polls, long or short. Its first poll does not wait:
// the first batch comes at once on every rung. Only where long polls have to
// prove themselves beside short ones it does.
//
// Each poll is a new connection of the session, which ends the older ones. So
// while another link is being tried, polls go outside the session, whose grace
// lasts as long as a try.
type pollLink struct {
	client *Client
	rung   Rung
	cursor string
	pause  time.Duration // before the next poll; 0: none
	quiet  time.Duration // the pause that follows a short poll without events
	asked  int
	proof  bool // the first poll is to be held

	crowded atomic.Bool // other links are open

	// guarded by mu
	mu      sync.Mutex
	abandon context.CancelFunc // of a poll that is held by the server
	poked   bool
	poke    chan struct{} // ends a pause
}

func newPollLink(c *Client, r Rung, cursor string, doubt bool) *pollLink {
	return &pollLink{
		client: c, rung: r, cursor: cursor, quiet: shortPollMin,
		proof: doubt && r == LongPoll, poke: make(chan struct{}, 1),
	}
}

func (l *pollLink) next(ctx context.Context) (wire.Batch, error) {
	if l.pause > 0 && !sleep(ctx, l.client.clock, l.pause, l.poke) {
		return wire.Batch{}, ctx.Err()
	}
	for {
		began := l.client.clock.Now()
		wait := l.wait()
		b, err := l.poll(ctx, wait)
		if err != nil {
			if l.takePoke() && ctx.Err() == nil {
				continue // abandoned to ask again at once
			}
			return b, err
		}
		if b.Cursor != "" {
			l.cursor = b.Cursor
		}
		l.asked++
		l.plan(b, wait, l.client.clock.Now().Sub(began))
		if !l.cutShort(b, wait) {
			return b, nil
		}
		if !sleep(ctx, l.client.clock, emptyPause, l.poke) {
			return wire.Batch{}, ctx.Err()
		}
	}
}

// cutShort tells a held poll that was answered only because another link of the
// session took over. It says nothing about whether held polls get through.
func (l *pollLink) cutShort(b wire.Batch, wait time.Duration) bool {
	return wait > 0 && l.crowded.Load() && len(b.Events) == 0 && !b.More && !b.Reset && b.ReconnectMS == 0
}

// wait is how long the server is to hold the next poll. Twice the heartbeat
// without a batch is death, so it stays below.
func (l *pollLink) wait() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.asked == 0 && l.proof:
		return proofWait
	case l.rung == ShortPoll || l.asked == 0 || l.poked:
		l.poked = false
		return 0
	}
	l.client.mu.Lock()
	defer l.client.mu.Unlock()
	return min(max(l.client.state.heartbeat*3/2, time.Second), wire.MaxWait)
}

func (l *pollLink) poll(ctx context.Context, wait time.Duration) (wire.Batch, error) {
	ctx, cancel := within(ctx, l.client.clock, wait+pollTimeout, errNoAnswer)
	defer cancel()
	l.mu.Lock()
	if wait > 0 {
		l.abandon = cancel
	}
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.abandon = nil
		l.mu.Unlock()
	}()
	path := l.client.feedPath(l.cursor, !l.crowded.Load()) + "&wait=" + strconv.Itoa(int(wait/time.Second))
	a, err := l.client.net.Do(ctx, Request{Method: "GET", Path: path, Accept: "application/json"})
	if err != nil {
		return wire.Batch{}, err
	}
	if a.Status != 200 {
		return wire.Batch{}, problemOf(a.Status, a.Header("Content-Type"), a.Body)
	}
	return decodeBatch(a.Body)
}

// plan chooses the pause after a batch.
func (l *pollLink) plan(b wire.Batch, wait, took time.Duration) {
	empty := len(b.Events) == 0
	switch {
	case b.More:
		l.pause = 0
	case l.rung == ShortPoll && empty:
		l.pause = l.quiet
		l.quiet = min(l.quiet+shortPollStep, shortPollMax)
	case l.rung == ShortPoll:
		l.pause, l.quiet = shortPollMin, shortPollMin
	case empty && wait > 0 && took < time.Second:
		l.pause = emptyPause
	default:
		l.pause = 0
	}
}

// nudge polls at once, giving up a poll that is held.
func (l *pollLink) nudge() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.poke <- struct{}{}:
	default:
	}
	l.poked = true
	if l.abandon != nil {
		l.abandon()
	}
}

func (l *pollLink) takePoke() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.poked
}

func (l *pollLink) close() {}

// decodeBatch reads a batch that is a whole answer.
func decodeBatch(data []byte) (wire.Batch, error) {
	var b wire.Batch
	if err := json.Unmarshal(data, &b); err != nil {
		return b, fmt.Errorf("the answer is no batch: %w", err)
	}
	if b.Cursor == "" && !b.Reset {
		return b, errors.New("a batch without a cursor")
	}
	return b, nil
}
