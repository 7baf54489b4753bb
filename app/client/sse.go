package client

import (
	"context"
	"errors"
	"io"

	"parley/shared/wire"
)

// sseLink is the feed over Server-Sent Events.
type sseLink struct {
	net    Net
	path   string
	stream Stream
	parser *sseParser
}

func (l *sseLink) next(ctx context.Context) (wire.Batch, error) {
	if l.stream == nil {
		if err := l.open(ctx); err != nil {
			return wire.Batch{}, err
		}
	}
	for {
		data, err := l.parser.next()
		if err != nil {
			return wire.Batch{}, err
		}
		f, err := decodeFrame(data)
		if err != nil {
			return wire.Batch{}, err
		}
		if !f.IsReply() {
			return f.Batch, nil
		}
	}
}

func (l *sseLink) open(ctx context.Context) error {
	s, err := l.net.Stream(ctx, Request{Method: "GET", Path: l.path, Accept: "text/event-stream"})
	if err != nil {
		return err
	}
	l.stream, l.parser = s, newSSEParser(s)
	if s.Status() != 200 {
		body, err := io.ReadAll(io.LimitReader(s, maxProblem))
		if err != nil {
			return foreignError{s.Status()}
		}
		return problemOf(s.Status(), s.Header("Content-Type"), body)
	}
	if !isMedia(s.Header("Content-Type"), "text/event-stream") {
		return errors.New("the answer is no event stream")
	}
	return nil
}

// maxProblem bounds, in bytes, what is read of an answer that is no stream: a
// proxy's page of apology may be long.
const maxProblem = 64 << 10

func (l *sseLink) nudge() {}

func (l *sseLink) close() {
	if l.stream != nil {
		_ = l.stream.Close()
	}
}
