package lab

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/app/client"
	"parley/shared/wire"
)

var errSilent = errors.New("nothing came")

// run opens the lane, and again when it breaks, until ctx ends or it is plain
// that it does not work.
func (n *lane) run(ctx context.Context) {
	after := 0
	for broke := 0; ctx.Err() == nil; {
		got, err := n.once(ctx, &after)
		if ctx.Err() != nil {
			break
		}
		if broke++; got {
			broke = 1
		}
		n.ended(err, broke >= breaks)
		if broke >= breaks || wire.CodeFrom(err) == wire.CodeConflict || !n.sleep(ctx, again) {
			break
		}
	}
	n.change(func(l *Lane) {
		if ctx.Err() != nil {
			n.note(Event{Kind: ClosedByUs})
		}
	})
}

// once opens the lane and follows it to its end. got tells whether anything came.
func (n *lane) once(ctx context.Context, after *int) (got bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer n.watchSilence(ctx, cancel)()
	switch n.out.Rung { // static
	case client.WebSocket:
		got, err = n.overSocket(ctx, after)
	case client.SSE:
		got, err = n.overSSE(ctx, after)
	case client.LongPoll:
		got, err = n.overPolls(ctx, after, 25)
	default:
		got, err = n.overPolls(ctx, after, 0)
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return got, err
}

// watchSilence ends a connection over which nothing comes any more: while it
// opens, and later than the server said it would be silent.
func (n *lane) watchSilence(ctx context.Context, cancel context.CancelCauseFunc) (stop func()) {
	n.mu.Lock()
	n.last, n.began, n.isOpen = n.now(), n.now(), false
	n.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n.sleep(ctx, time.Second) {
			n.mu.Lock()
			silent := n.now().Sub(n.last)
			n.mu.Unlock()
			if silent > n.expected()+quiet {
				cancel(errSilent)
				return
			}
		}
	}()
	return func() { cancel(nil); <-done }
}

// expected is how long it may be silent by now: as long as the server is, or as
// nobody asks.
func (n *lane) expected() time.Duration {
	if n.out.Rung == client.ShortPoll { // static
		return n.lab.poll()
	}
	age := n.lab.since() - wire.LabTicking
	silence := time.Duration(0)
	for i := 0; age > 0; i++ {
		silence = wire.LabSilence(i)
		age -= silence
	}
	return silence
}

func (n *lane) overSocket(ctx context.Context, after *int) (got bool, err error) {
	began := n.begin()
	dialing, cancel := context.WithTimeoutCause(ctx, openTime, errSilent)
	defer cancel()
	socket, err := n.lab.conf.Net.Dial(dialing, n.path(*after, ""))
	if err != nil {
		if cause := context.Cause(dialing); cause != nil {
			err = cause
		}
		return false, err
	}
	n.opened(began)
	n.mu.Lock()
	n.socket = socket
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		n.socket = nil
		n.mu.Unlock()
		_ = socket.Close()
	}()
	for {
		data, err := socket.Read(ctx)
		if err != nil {
			return got, err
		}
		if err := n.take(data, after, began, frameSize(len(data))); err != nil {
			return got, err
		}
		got = true
	}
}

// frameSize is how long an unmasked frame's head is (RFC 6455, section 5.2).
func frameSize(payload int) int {
	switch {
	case payload < 126:
		return 2
	case payload < 1<<16:
		return 4
	}
	return 10
}

func (n *lane) overSSE(ctx context.Context, after *int) (got bool, err error) {
	began := n.begin()
	events, err := client.OpenEvents(ctx, n.lab.conf.Net, n.path(*after, ""))
	if err != nil {
		return false, err
	}
	defer events.Close()
	n.opened(began)
	for {
		data, err := events.Next()
		if err != nil {
			return got, err
		}
		size := len("id: \ndata: \n\n") + len(strconv.Itoa(*after)) + len(data)
		framing := size - len(data) + len(strconv.FormatInt(int64(size), 16)) + len("\r\n\r\n") // its chunk (RFC 9112, section 7.1)
		if err := n.take(data, after, began, framing); err != nil {
			return got, err
		}
		got = true
	}
}

// overPolls asks again and again; wait is for how many seconds the server may
// hold the answer.
func (n *lane) overPolls(ctx context.Context, after *int, wait int) (got bool, err error) {
	for {
		began := n.begin()
		var raw json.RawMessage
		hold := strconv.Itoa(wait)
		if !got {
			hold = "0" // the first batch comes at once, as in the feed
		}
		err := client.Ask(ctx, n.lab.conf.Net, client.Request{Method: "GET", Path: n.path(*after, hold)}, &raw)
		if err != nil {
			return got, err
		}
		if !got {
			n.opened(began)
		}
		if err := n.take(raw, after, began, 0); err != nil {
			return got, err
		}
		got = true
		if wait == 0 && !n.pause(ctx) {
			return got, ctx.Err()
		}
	}
}

// begin counts a request.
func (n *lane) begin() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.out.Requests++
	return n.now()
}

func (n *lane) opened(began time.Time) {
	n.change(func(l *Lane) {
		if l.Connect == 0 {
			l.Connect = max(n.now().Sub(began), 1)
		}
		n.last, n.isOpen = n.now(), true
		n.note(Event{Kind: Connected})
	})
}

var errForeign = errors.New("the answer is not Parley's")

// take takes a batch. framing is what the transport added to it, in bytes.
func (n *lane) take(data []byte, after *int, began time.Time, framing int) error {
	var b wire.LabBatch
	if json.Unmarshal(data, &b) != nil || b.Events == nil {
		return errForeign
	}
	*after = b.Next
	now := n.now()
	n.change(func(l *Lane) {
		if l.First == 0 {
			l.First = max(now.Sub(began), 1)
			close(n.open)
		}
		l.State = Open
		l.Up += b.HeadUp
		l.Down += b.HeadDown + framing + len(data)
		if b.Proxies != nil {
			l.Proxies = b.Proxies
		}
		n.polled(l, len(b.Events))
		if since := n.silentSince(began); l.Rung != client.ShortPoll && len(b.Events) > 0 {
			l.Silence = max(l.Silence, now.Sub(since))
		}
		n.last = now
		for _, e := range b.Events {
			n.event(l, e, now)
		}
	})
	return nil
}

// polled counts a request that is answered, where this is a poll. mu is held.
func (n *lane) polled(l *Lane, messages int) {
	if l.Rung < client.LongPoll {
		return
	}
	if messages == 0 {
		n.mark(Poll)
	}
	if l.Rung == client.ShortPoll {
		l.Polls++
		l.Polled += messages
		if messages == 0 {
			l.Vain++
		}
	}
}

// silentSince is since when nothing came: on a stream since the last batch, on a
// long poll since it was asked. mu is held.
func (n *lane) silentSince(asked time.Time) time.Time {
	if n.out.Rung == client.LongPoll {
		return asked
	}
	return n.last
}

// event takes one message. mu is held.
func (n *lane) event(l *Lane, e wire.LabEvent, now time.Time) {
	l.Messages++
	l.Payload += len(wire.Encode(e))
	behind := now.Sub(e.At.Std())
	if !n.heard || behind < n.fast {
		n.fast, n.heard = behind, true
	}
	polled := l.Rung == client.ShortPoll             // comes late by its nature
	before := e.At.Std().Add(n.fast).Before(n.began) // is from before this connection
	if !polled && !before {
		l.Held = max(l.Held, behind-n.fast)
	}
	if e.Echo == "" {
		n.mark(Tick)
		return
	}
	n.mark(Echo)
	if at, ok := n.sent[e.Echo]; ok {
		delete(n.sent, e.Echo)
		l.Trips = append(l.Trips, now.Sub(at))
	}
}

// mark puts a mark on the time axis. mu is held.
func (n *lane) mark(kind MarkKind) {
	n.out.Marks = append(n.out.Marks, Mark{At: n.lab.since(), Kind: kind})
	if over := len(n.out.Marks) - maxMarks; over > 0 {
		n.out.Marks = n.out.Marks[over:]
	}
}

// ended notes why a connection ended.
func (n *lane) ended(err error, forGood bool) {
	n.change(func(l *Lane) {
		l.State = Broken
		if forGood {
			l.State = Failed
		}
		e := eventOf(err)
		if isSocket := l.Rung == client.WebSocket; isSocket && e.Kind == ClosedByThem && e.Code == 0 {
			e.Kind = Cut // a farewell has a code
		}
		if e.Kind == Cut && !n.isOpen {
			e.Kind = Unopened
		}
		n.note(e)
	})
}

// eventOf is an error as an event.
func eventOf(err error) Event {
	e := Event{Kind: Cut}
	if err != nil {
		e.Text = strings.TrimSpace(err.Error())
	}
	var closed client.CloseError
	e.Status, e.Foreign = client.StatusOf(err)
	switch {
	case errors.Is(err, errSilent), errors.Is(err, context.DeadlineExceeded):
		e.Kind = Silent
	case errors.Is(err, errForeign):
		e.Kind = ForeignAnswer
	case e.Status != 0:
		e.Kind = Refused
	case errors.As(err, &closed):
		e.Code = closed.Code
		if closed.Code != 1006 { // which no side sends: the browser's word for a cut
			e.Kind = ClosedByThem
		}
	case errors.Is(err, io.EOF):
		e.Kind = ClosedByThem
	case isNoRoute(err):
		e.Kind = NoRoute
	}
	return e
}

// isNoRoute tells errors from before there was a connection. A browser does not
// tell them apart; programs do.
func isNoRoute(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "connection refused") || strings.Contains(err.Error(), "no such host"))
}

// runEchoes posts numbers to the lane, once it is open.
func (n *lane) runEchoes(ctx context.Context) {
	select {
	case <-n.open:
	case <-ctx.Done():
		return
	}
	for i := range echoes {
		if !n.sleep(ctx, echoEvery) {
			return
		}
		n.post(ctx, strconv.Itoa(i+1))
	}
	if n.sleep(ctx, n.patience()) {
		n.sweep()
	}
}

// post sends a number, over the WebSocket when this is one, as the app does.
func (n *lane) post(ctx context.Context, number string) {
	n.sweep()
	body := wire.Encode(wire.LabEcho{Lane: n.name, Echo: number})
	n.mu.Lock()
	socket := n.socket
	isSocket := n.out.Rung == client.WebSocket
	if isSocket && socket == nil { // it is closed just now, and nothing can be lost on it
		n.mu.Unlock()
		return
	}
	n.sent[number] = n.now()
	if isSocket {
		n.out.Up += frameSize(len(body)) + 4 + len(body) // masked
	} else {
		n.out.Requests++
	}
	n.mu.Unlock()
	if isSocket {
		_ = socket.Write(ctx, body) // what is lost is counted
		return
	}
	ctx, cancel := context.WithTimeout(ctx, echoTime)
	defer cancel()
	var cost wire.LabCost
	err := client.Ask(ctx, n.lab.conf.Net, client.Request{Method: "POST", Path: path, Body: body}, &cost)
	status, foreign := client.StatusOf(err)
	n.change(func(l *Lane) {
		isPosted := func(e Event) bool { return e.Kind == Unposted }
		switch {
		case err == nil:
			l.Up += cost.HeadUp + len(body)
			l.Down += cost.HeadDown + len(wire.Encode(cost))
		case status != 0 && !slices.ContainsFunc(l.Events, isPosted):
			n.note(Event{Kind: Unposted, Status: status, Foreign: foreign})
		}
	})
}

// patience is after how long a number is thought lost.
func (n *lane) patience() time.Duration {
	if n.out.Rung == client.ShortPoll { // static
		return echoTime + n.lab.poll()
	}
	return echoTime
}

// sweep gives up on numbers that are too late.
func (n *lane) sweep() {
	now := n.now()
	n.mu.Lock()
	defer n.mu.Unlock()
	for number, at := range n.sent {
		if now.Sub(at) > n.patience() {
			delete(n.sent, number)
			n.out.Lost++
		}
	}
}
