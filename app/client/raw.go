package client

import (
	"context"
	"errors"

	"parley/shared/wire"
)

// Ask makes one request that is nobody's in particular, and reads the JSON of a
// good answer into result, unless that is nil. The error is a *wire.Problem, or
// says how the network failed; see [StatusOf].
func Ask(ctx context.Context, net Net, r Request, result any) error { return ask(ctx, net, r, result) }

// Events is an open stream of Server-Sent Events. It is for one goroutine, Close
// excepted.
type Events struct{ link sseLink }

// OpenEvents opens a stream that is nobody's in particular. It ends with ctx.
func OpenEvents(ctx context.Context, net Net, path string) (*Events, error) {
	e := &Events{link: sseLink{net: net, path: path}}
	if err := e.link.open(ctx); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Next gives the data of the next event; io.EOF at the stream's end.
func (e *Events) Next() ([]byte, error) { return e.link.parser.next() }

// Close ends the stream, and a Next that waits.
func (e *Events) Close() { e.link.close() }

// StatusOf is the HTTP status that an error came with: the server's, or that of
// something in between, which foreign tells. It is 0 when there was no answer.
func StatusOf(err error) (status int, foreign bool) {
	var p *wire.Problem
	var f foreignError
	switch {
	case errors.As(err, &p):
		return p.Status, false
	case errors.As(err, &f):
		return f.status, true
	}
	return 0, false
}
