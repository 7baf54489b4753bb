package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"parley/server/lab"
	"parley/shared/wire"
)

const (
	// labRate and labBurst bound what an address asks of the lab, in requests a
	// second: four lanes that post twice a second, of which one polls each second,
	// for the people behind one address.
	labRate, labBurst = 40, 400

	// maxLane bounds a lane's name.
	maxLane = 64
)

// lab is the Connection Lab's stream: like the feed one resource in four
// representations, but of nothing that is anybody's, so that who cannot sign in
// can see why.
func (s *Server) lab(w *answer, r *http.Request) error {
	upgrade := isUpgrade(r)
	if upgrade {
		if err := checkHandshake(w, r); err != nil {
			return err
		}
	}
	if err := s.mayUseLab(w, r); err != nil {
		return err
	}
	if upgrade { // as the feed would, so that the lab does not say that it works
		if err := checkOrigin(w, r, identity{}); err != nil {
			return err
		}
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errBadQuery()
	}
	t, err := s.labTurn(w, r, q)
	if err != nil {
		return err
	}
	switch {
	case upgrade:
		return s.labSocket(w, r, t)
	case acceptsStream(r.Header):
		return s.labSSE(w, r, t)
	}
	b, err := t.next(r.Context(), min(t.wait, s.times.longPoll))
	if err != nil {
		return labProblem(err)
	}
	setFeedHeaders(w.Header(), "application/json")
	_, err = w.Write(t.encode(w, b))
	return err
}

// labEcho puts what is posted into a lane.
func (s *Server) labEcho(w *answer, r *http.Request) error {
	if err := s.mayUseLab(w, r); err != nil {
		return err
	}
	var e wire.LabEcho
	if err := s.read(w, r, &e); err != nil {
		return err
	}
	if len(e.Echo) == 0 || len(e.Echo) > wire.MaxLabEcho {
		return wire.Errorf(wire.CodeBadRequest, "An echo has 1 to %d bytes.", wire.MaxLabEcho)
	}
	lane := s.lanes.Find(e.Lane, block(w.addr))
	if lane == nil {
		return wire.Errorf(wire.CodeNotFound, "There is no such lane.")
	}
	lane.Post(e.Echo)
	setFeedHeaders(w.Header(), "application/json")
	_, err := w.Write(wire.Encode(wire.LabCost{
		HeadUp:   headSize(r.Method, r.URL.RequestURI(), "HTTP/1.1", r.Header) + len("Host: \r\n") + len(r.Host),
		HeadDown: headSize("HTTP/1.1", "200", "OK", w.Header()) + len(dateAndLength),
	}))
	return err
}

// mayUseLab asks for a login where the operator wants one, and slows floods.
func (s *Server) mayUseLab(w *answer, r *http.Request) error {
	if s.conf.LabForMembers {
		if _, err := s.identify(w, r); err != nil {
			return err
		}
	}
	if wait, ok := s.labs.take(block(w.addr), s.conf.Env.Now()); !ok {
		return errTooOften(wait)
	}
	return nil
}

// labTurn is one exchange with a lane: a stream, a socket or a poll.
type labTurn struct {
	lane    *lab.Lane
	after   int
	wait    time.Duration
	headUp  int // of the request, in bytes; 0 once it was told
	before  int // what came after the head and before the first batch, in bytes
	socket  bool
	proxies []string
}

func (s *Server) labTurn(w *answer, r *http.Request, q url.Values) (*labTurn, error) {
	name := q.Get("lane")
	if name == "" || len(name) > maxLane {
		return nil, wire.Errorf(wire.CodeBadRequest, "A lane has a name of 1 to %d characters.", maxLane)
	}
	t := &labTurn{
		headUp:  headSize(r.Method, r.URL.RequestURI(), "HTTP/1.1", r.Header) + len("Host: \r\n") + len(r.Host),
		proxies: proxiesOf(r),
	}
	for param, field := range map[string]*int{"after": &t.after, "wait": nil} {
		if !q.Has(param) {
			continue
		}
		n, err := strconv.Atoi(q.Get(param))
		if err != nil || n < 0 || param == "wait" && n > 60 {
			return nil, wire.Errorf(wire.CodeBadRequest, "%q must be a whole number from 0.", param)
		}
		if field != nil {
			*field = n
		} else {
			t.wait = time.Duration(n) * time.Second
		}
	}
	lane, err := s.lanes.Open(name, block(w.addr))
	if err != nil {
		return nil, labProblem(err)
	}
	t.lane = lane
	return t, nil
}

func labProblem(err error) error {
	switch {
	case errors.Is(err, lab.ErrFull):
		return wire.Errorf(wire.CodeRateLimited, "Too many people are in the lab. Try again in a minute.").After(60)
	case errors.Is(err, lab.ErrOver):
		return wire.Errorf(wire.CodeConflict, "This lane has lived its %v.", lab.LaneLife)
	}
	return err
}

func (t *labTurn) next(ctx context.Context, wait time.Duration) (wire.LabBatch, error) {
	b, err := t.lane.Next(ctx, t.after, wait)
	t.after = b.Next
	return b, err
}

// encode adds to the first batch what the exchange cost and who was in between.
func (t *labTurn) encode(w *answer, b wire.LabBatch) []byte {
	if t.headUp > 0 {
		down := headSize("HTTP/1.1", "200", "OK", w.Header()) + len(dateAndLength) + t.before
		if t.socket {
			down = headSize("HTTP/1.1", "101", "Switching Protocols", w.Header())
		}
		b.HeadUp, b.HeadDown, b.Proxies = t.headUp, down, t.proxies
		t.headUp = 0
	}
	return wire.Encode(b)
}

// dateAndLength are the headers that net/http adds.
const dateAndLength = "Date: Mon, 02 Jan 2006 15:04:05 GMT\r\nContent-Length: 100\r\n"

// headSize is how long the head of a request or an answer is as text of HTTP/1.1
// (RFC 9112, section 2.1).
func headSize(first, second, third string, h http.Header) int {
	n := len(first) + len(second) + len(third) + len("  \r\n\r\n")
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(": \r\n") + len(value)
		}
	}
	return n
}

// proxiesOf are the headers by which proxies make themselves known.
func proxiesOf(r *http.Request) []string {
	var list []string
	for _, name := range forwarding {
		for _, value := range r.Header[name] {
			list = append(list, name+": "+value)
		}
	}
	return list[:min(len(list), 16)]
}

// labSilent is how long a stream of the lab waits for a tick: longer than any
// silence of a lane.
const labSilent = time.Minute

// labSSE streams a lane.
func (s *Server) labSSE(w *answer, r *http.Request, t *labTurn) error {
	setFeedHeaders(w.Header(), "text/event-stream")
	if _, err := w.Write(preamble); err != nil {
		return err
	}
	t.before = len(preamble)
	for wait := time.Duration(0); ; wait = labSilent {
		b, err := t.next(r.Context(), wait)
		if errors.Is(err, lab.ErrOver) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "id: %d\ndata: %s\n\n", b.Next, t.encode(w, b)); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
}
