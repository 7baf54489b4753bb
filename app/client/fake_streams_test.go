package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"parley/shared/wire"
)

func (n *fakeNet) Stream(ctx context.Context, r Request) (Stream, error) {
	f, err := n.meet(ctx, "sse")
	if err != nil {
		return nil, err
	}
	if f.refuse != 0 {
		return &fakeStream{ctx: ctx, status: f.refuse, media: "text/html", rest: []byte("<h1>Sorry</h1>"), err: io.EOF}, nil
	}
	p, err := n.feed(r.Path, f, func(b wire.Batch) []byte {
		return []byte("id: " + b.Cursor + "\ndata: " + string(wire.Encode(b)) + "\n\n")
	}, func(err error) error {
		if errors.Is(err, errKilled) {
			return err
		}
		return io.EOF
	})
	var problem *wire.Problem
	if errors.As(err, &problem) {
		return &fakeStream{ctx: ctx, status: problem.Status, media: wire.ProblemType, rest: wire.Encode(problem), err: io.EOF}, nil
	}
	s := &fakeStream{ctx: ctx, status: 200, media: "text/event-stream", pipe: p}
	context.AfterFunc(ctx, func() { p.onClose() })
	return s, pause(ctx, n.delay)
}

type fakeStream struct {
	ctx    context.Context
	status int
	media  string
	pipe   *pipe
	rest   []byte
	err    error
}

func (s *fakeStream) Status() int          { return s.status }
func (s *fakeStream) Header(string) string { return s.media }

func (s *fakeStream) Read(p []byte) (int, error) {
	if len(s.rest) == 0 && s.pipe != nil {
		s.rest, s.err = s.pipe.pop(s.ctx)
	}
	if len(s.rest) == 0 {
		return 0, s.err
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *fakeStream) Close() error {
	if s.pipe != nil {
		s.pipe.onClose()
		s.pipe.reset(io.ErrClosedPipe)
	}
	return nil
}

func (n *fakeNet) Dial(ctx context.Context, path string) (Socket, error) {
	f, err := n.meet(ctx, "ws")
	if err != nil {
		return nil, err
	}
	if f.refuse != 0 {
		return nil, foreignError{f.refuse}
	}
	p, err := n.feed(path, f, func(b wire.Batch) []byte { return wire.Encode(b) }, func(err error) error {
		switch {
		case errors.Is(err, errSuperseded):
			return CloseError{Code: wire.CloseSuperseded}
		case errors.Is(err, errDraining):
			return CloseError{Code: wire.CloseRestart}
		}
		return err
	})
	if err != nil {
		return nil, errors.New("the handshake failed") // a browser does not say why
	}
	s := &fakeSocket{net: n, pipe: p, fault: f}
	if err := pause(ctx, n.delay); err != nil {
		_ = s.Close() // abandoned in the handshake
		return nil, err
	}
	return s, nil
}

type fakeSocket struct {
	net   *fakeNet
	pipe  *pipe
	fault fault
}

func (s *fakeSocket) Read(ctx context.Context) ([]byte, error) { return s.pipe.pop(ctx) }

func (s *fakeSocket) Write(_ context.Context, data []byte) error {
	var q wire.Request
	if err := json.Unmarshal(data, &q); err != nil {
		return err
	}
	if s.net.isDown() || s.fault.mute {
		return nil // it lies in a buffer
	}
	if s.net.chance(s.fault.lose) {
		s.pipe.reset(errKilled)
		return nil
	}
	v, p := s.net.server.do(q.Cmd, q.Args)
	reply := wire.Reply{Reply: q.ID, Error: p}
	if p == nil {
		reply.Result = wire.Encode(v)
	}
	if s.net.chance(s.fault.lose) {
		s.pipe.reset(errKilled) // it was done, but nobody will know
		return nil
	}
	s.pipe.push(wire.Encode(reply), 2*s.net.delay)
	return nil
}

func (s *fakeSocket) Close() error {
	s.pipe.onClose()
	s.pipe.reset(io.ErrClosedPipe)
	return nil
}
