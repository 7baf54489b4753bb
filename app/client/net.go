package client

import "context"

// Net reaches the server. The browser has one over fetch and WebSocket,
// programs have [Native], tests one that misbehaves. Paths are below the origin
// ("/api/v1/sync"). All methods may be called concurrently, and return at once
// when ctx ends: whatever they had open is abandoned.
type Net interface {
	// Do gives the whole answer, whatever its status.
	Do(ctx context.Context, r Request) (Response, error)
	// Stream returns as soon as the answer's headers are there. The stream ends
	// with ctx.
	Stream(ctx context.Context, r Request) (Stream, error)
	// Dial opens a WebSocket with the subprotocol wire.Subprotocol and returns
	// when it is open. ctx is for the handshake only.
	Dial(ctx context.Context, path string) (Socket, error)
}

// Sweeper is a [Net] that keeps connections for later requests, as browsers do.
// Those of before an outage may be dead without having been told so.
type Sweeper interface {
	// Sweep drops the connections that do not answer. It takes less than a second.
	Sweep(ctx context.Context)
}

// Request is what an HTTP request says beyond who asks.
type Request struct {
	Method, Path string
	Accept       string
	Type         string // of the Body; empty: JSON
	Body         []byte // nil for GET
}

// Response is an answer that is all there.
type Response struct {
	Status int
	Header func(string) string
	Body   []byte
}

// Stream is an answer that is still coming. Read is for one goroutine; Close
// may be called from any, and ends a Read.
type Stream interface {
	Status() int
	Header(string) string
	Read([]byte) (int, error)
	Close() error
}

// Socket is an open WebSocket. Read is for one goroutine at a time; Write and
// Close may be called from any.
type Socket interface {
	// Read gives the next text message; a [CloseError] when the other side closed.
	// When ctx ends the socket is of no further use.
	Read(ctx context.Context) ([]byte, error)
	// Write sends a text message, or queues it to be sent.
	Write(ctx context.Context, data []byte) error
	// Close ends the connection. It never blocks.
	Close() error
}

// CloseError is the end of a WebSocket as the other side told it (RFC 6455,
// section 7.4).
type CloseError struct {
	Code   int
	Reason string
}

// Error is the reason that was given.
func (e CloseError) Error() string { return e.Reason }
