package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/shared/wire"
)

// fault is what a network does to one kind of exchange.
type fault struct {
	refuse int           // answered by a proxy with this status
	hang   bool          // never answered
	mute   bool          // opened, after which nothing comes
	cut    time.Duration // broken off after this
	slow   time.Duration // more delay there
	late   time.Duration // more delay back, on streams
	lose   float64       // part of the exchanges or messages that break
}

// weather is the state of a network.
type weather struct {
	ws, sse, long, short, http fault
	down                       bool // nobody listens
	hole                       bool // packets vanish
}

// all is a weather with one fault for everything.
func all(f fault) weather { return weather{ws: f, sse: f, long: f, short: f, http: f} }

var errRefused = errors.New("connection refused")

// fakeNet is a network with weather between a client and a fakeServer.
type fakeNet struct {
	server *fakeServer
	delay  time.Duration // one way

	mu      sync.Mutex
	rand    *rand.Rand
	weather weather
	open    []*pipe
	work    sync.WaitGroup
	opened  []string // kinds of exchanges of the feed, as they began
	paths   []string // of requests

	puts, mostPuts int // pieces of files that are on their way, now and at most
}

func newFakeNet(s *fakeServer, seed uint64) *fakeNet {
	return &fakeNet{server: s, delay: 10 * time.Millisecond, rand: rand.New(rand.NewPCG(seed, 8))}
}

// set changes the weather. When everything goes down what is open breaks.
func (n *fakeNet) set(w weather) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.weather = w
	for _, p := range n.open {
		if w.down {
			p.reset(errKilled)
		}
		p.stall(w.hole)
	}
}

// freeze lets nothing through on what is open, for ever: a laptop that slept in
// another network.
func (n *fakeNet) freeze() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range n.open {
		p.stall(true)
	}
	n.open = nil
}

// chance is true in part of the cases.
func (n *fakeNet) chance(part float64) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return part > 0 && n.rand.Float64() < part
}

func (n *fakeNet) kind(r Request) string {
	switch {
	case !strings.HasPrefix(r.Path, base+"/events?"):
		return "http"
	case strings.Contains(r.Path, "&until="):
		return "http"
	case r.Accept == "text/event-stream":
		return "sse"
	case strings.HasSuffix(r.Path, "&wait=0"):
		return "short"
	}
	return "long"
}

// meet waits for the way there and gives what this exchange is going to meet.
func (n *fakeNet) meet(ctx context.Context, kind string) (fault, error) {
	n.mu.Lock()
	w := n.weather
	if kind != "http" {
		n.opened = append(n.opened, kind)
	}
	n.mu.Unlock()
	f := map[string]fault{"ws": w.ws, "sse": w.sse, "long": w.long, "short": w.short, "http": w.http}[kind]
	if w.hole || f.hang {
		<-ctx.Done()
		return f, ctx.Err()
	}
	if err := pause(ctx, n.delay+f.slow); err != nil {
		return f, err
	}
	if w.down || n.chance(f.lose) {
		return f, errRefused
	}
	return f, nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// isPiece tells whether a request sends a piece of a file.
func isPiece(r Request) bool { return strings.Contains(r.Path, "/files/") }

func (n *fakeNet) Do(ctx context.Context, r Request) (Response, error) {
	kind := n.kind(r)
	n.mu.Lock()
	n.paths = append(n.paths, r.Path)
	if isPiece(r) {
		n.puts++
		n.mostPuts = max(n.mostPuts, n.puts)
		defer func() {
			n.mu.Lock()
			n.puts--
			n.mu.Unlock()
		}()
	}
	n.mu.Unlock()
	f, err := n.meet(ctx, kind)
	if err != nil {
		return Response{}, err
	}
	if f.refuse != 0 {
		return answer(f.refuse, "text/html", []byte("<h1>Sorry</h1>")), pause(ctx, n.delay)
	}
	cut := context.Background()
	if f.cut > 0 {
		var cancel context.CancelFunc
		cut, cancel = context.WithTimeout(cut, f.cut)
		defer cancel()
	}
	both, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(cut, func() { cancel(errKilled) })()
	a, err := n.answer(both, kind, r)
	if err == nil {
		err = pause(both, n.delay)
	}
	if err == nil && (n.chance(f.lose) || n.isDown()) {
		err = errKilled // it was done, but nobody will know
	}
	if err != nil && cut.Err() != nil {
		err = errKilled
	}
	return a, err
}

func (n *fakeNet) isDown() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.weather.down || n.weather.hole
}

func answer(status int, media string, body []byte) Response {
	return Response{Status: status, Body: body, Header: func(name string) string {
		if name == "Content-Type" {
			return media
		}
		return ""
	}}
}

func jsonAnswer(v any, p *wire.Problem) Response {
	if p != nil {
		return answer(p.Status, wire.ProblemType, wire.Encode(p))
	}
	return answer(200, "application/json", wire.Encode(v))
}

// answer is the server's side of a request.
func (n *fakeNet) answer(ctx context.Context, kind string, r Request) (Response, error) {
	u, err := url.Parse(r.Path)
	if err != nil {
		return Response{}, err
	}
	path, q := strings.TrimPrefix(u.Path, base), u.Query()
	number := func(name string) uint64 {
		i, _ := strconv.ParseUint(q.Get(name), 10, 64)
		return i
	}
	s := n.server
	if !s.isMe(q.Get("user")) {
		return jsonAnswer(nil, wire.Errorf(wire.CodeUnauthenticated, "Somebody else has signed in.")), nil
	}
	switch {
	case q.Has("until"):
		return jsonAnswer(s.until(q.Get("cursor"), q.Get("until"))), nil
	case kind != "http":
		return n.poll(ctx, q.Get("cursor"), q.Get("session"), time.Duration(number("wait"))*time.Second)
	case isPiece(r):
		if r.Type != wire.OctetStream {
			return jsonAnswer(nil, wire.Errorf(wire.CodeUnsupportedMediaType, "Bytes, please.")), nil
		}
		v, p := s.putPiece(strings.TrimPrefix(path, "/files/"), int64(number("offset")), r.Body)
		return jsonAnswer(v, p), nil
	case r.Method == "POST":
		v, p := s.do(strings.TrimPrefix(path, "/"), r.Body)
		return jsonAnswer(v, p), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.signedOut:
		return jsonAnswer(nil, wire.Errorf(wire.CodeUnauthenticated, "Sign in.")), nil
	case path == "/sync":
		return jsonAnswer(s.sync(), nil), nil
	case strings.HasSuffix(path, "/messages"):
		room := strings.Split(path, "/")[2]
		list := s.history(room, number("before"), number("after"), int(number("limit")))
		if at := number("around"); at > 0 {
			all, limit := s.messages[room], number("limit")
			first := at - 1 - min(at-1, limit/2)
			list = all[first:min(uint64(len(all)), first+limit)]
		}
		return jsonAnswer(wire.MessageList{Messages: list}, nil), nil
	}
	return jsonAnswer(nil, wire.Errorf(wire.CodeNotFound, "There is nothing.")), nil
}

func (n *fakeNet) poll(ctx context.Context, cursor, session string, wait time.Duration) (Response, error) {
	conn, err := n.server.subscribe(cursor, session, false)
	if err != nil {
		var p *wire.Problem
		errors.As(err, &p)
		return jsonAnswer(nil, p), nil
	}
	defer conn.close()
	b, err := conn.next(ctx, 0)
	if err == nil && len(b.Events) == 0 && !b.Reset && b.ReconnectMS == 0 && wait > 0 {
		empty := b
		if b, err = conn.next(ctx, wait); errors.Is(err, errSuperseded) {
			return jsonAnswer(empty, nil), nil
		}
	}
	if err != nil {
		return Response{}, err
	}
	conn.established()
	return jsonAnswer(b, nil), nil
}

// feed opens the server's side of a stream and pumps its batches.
func (n *fakeNet) feed(path string, f fault, frame func(wire.Batch) []byte, end func(error) error) (*pipe, error) {
	u, err := url.Parse(path)
	if err != nil {
		return nil, err
	}
	if !n.server.isMe(u.Query().Get("user")) {
		return nil, wire.Errorf(wire.CodeUnauthenticated, "Somebody else has signed in.")
	}
	conn, err := n.server.subscribe(u.Query().Get("cursor"), u.Query().Get("session"), true)
	if err != nil {
		return nil, err
	}
	p := newPipe()
	p.stalled = f.mute
	n.mu.Lock()
	if !f.mute {
		n.open = append(n.open, p)
	}
	n.mu.Unlock()
	if f.cut > 0 {
		time.AfterFunc(f.cut, func() { p.reset(errKilled); conn.close() })
	}
	n.work.Go(func() {
		for first := true; ; first = false {
			b, err := conn.next(context.Background(), wire.Heartbeat)
			if err != nil {
				p.close(end(err))
				return
			}
			if n.chance(f.lose) {
				p.reset(errKilled)
				conn.close()
				return
			}
			p.push(frame(b), n.delay+f.late)
			if first {
				conn.established()
			}
		}
	})
	p.onClose = conn.close
	return p, nil
}

// began are the kinds of exchanges of the feed so far.
func (n *fakeNet) began() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.opened)
}

// asked tells whether a path was asked for.
func (n *fakeNet) asked(path string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.paths, func(p string) bool { return strings.HasPrefix(p, path) })
}

// lately are the last of them.
func (n *fakeNet) lately() []string {
	list := n.began()
	return list[max(0, len(list)-30):]
}

// count is how often a path was asked for.
func (n *fakeNet) count(path string) (times int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range n.paths {
		if strings.HasPrefix(p, path) {
			times++
		}
	}
	return times
}
