package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"parley/shared/wire"
)

// maxFrame bounds a message of the server's, in bytes: what is longer did not
// come from a Parley server, and would fill the memory of a phone.
const maxFrame = 4 * wire.MaxBatchBytes

// errLinkEnded is what calls get whose WebSocket ended before the reply.
var errLinkEnded = errors.New("the connection ended before the answer came")

// wsLink is the feed over a WebSocket, and commands with their replies.
type wsLink struct {
	client *Client
	path   string
	pong   func()

	// guarded by mu
	mu     sync.Mutex
	socket Socket // nil until it is open
	lastID uint64
	calls  map[uint64]chan wire.Frame // buffered; closed when the link ends
	ended  bool
}

func newWSLink(c *Client, path string, pong func()) *wsLink {
	return &wsLink{client: c, path: path, pong: pong, calls: map[uint64]chan wire.Frame{}}
}

func (l *wsLink) next(ctx context.Context) (wire.Batch, error) {
	socket, err := l.open(ctx)
	if err != nil {
		return wire.Batch{}, err
	}
	for {
		data, err := socket.Read(ctx)
		if err != nil {
			return wire.Batch{}, wsEnd(err)
		}
		frame, err := decodeFrame(data)
		if err != nil {
			return wire.Batch{}, err
		}
		if !frame.IsReply() {
			return frame.Batch, nil
		}
		l.answered(frame)
	}
}

// open gives the socket, dialing it first when there is none.
func (l *wsLink) open(ctx context.Context) (Socket, error) {
	l.mu.Lock()
	socket := l.socket
	l.mu.Unlock()
	if socket != nil {
		return socket, nil
	}
	socket, err := l.client.net.Dial(ctx, l.path)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.socket = socket
	return socket, nil
}

// wsEnd turns the close codes that say something about this client into Problems.
func wsEnd(err error) error {
	var closed CloseError
	if errors.As(err, &closed) {
		switch closed.Code {
		case wire.CloseUnauthorized:
			return wire.Errorf(wire.CodeUnauthenticated, "Your session has ended. Sign in again.")
		case wire.CloseBadRequest:
			return wire.Errorf(wire.CodeBadRequest, "The server did not understand: %s", closed.Reason)
		}
	}
	return err
}

// decodeFrame reads a message of the server's.
func decodeFrame(data []byte) (wire.Frame, error) {
	var f wire.Frame
	if len(data) > maxFrame {
		return f, fmt.Errorf("a frame of %d bytes", len(data))
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("a frame that is none: %w", err)
	}
	if !f.IsReply() && f.Cursor == "" && !f.Reset {
		return f, errors.New("a frame without a cursor")
	}
	return f, nil
}

// call runs a command and waits for its reply, the link's end, or that of ctx.
func (l *wsLink) call(ctx context.Context, cmd string, args json.RawMessage) (json.RawMessage, error) {
	id, reply, socket := l.register()
	if reply == nil {
		return nil, errLinkEnded
	}
	defer l.unregister(id)
	if err := socket.Write(ctx, wire.Encode(wire.Request{ID: id, Cmd: cmd, Args: args})); err != nil {
		return nil, err
	}
	select {
	case f, ok := <-reply:
		switch {
		case !ok:
			return nil, errLinkEnded
		case f.Error != nil:
			return nil, f.Error
		}
		return f.Result, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (l *wsLink) register() (uint64, chan wire.Frame, Socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended || l.socket == nil {
		return 0, nil, nil
	}
	l.lastID++
	reply := make(chan wire.Frame, 1)
	l.calls[l.lastID] = reply
	return l.lastID, reply, l.socket
}

func (l *wsLink) unregister(id uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.calls, id)
}

func (l *wsLink) answered(f wire.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if reply := l.calls[*f.Reply]; reply != nil {
		delete(l.calls, *f.Reply) // a second reply of that id finds nobody
		reply <- f
	}
}

// nudge pings.
func (l *wsLink) nudge() {
	l.client.spawn(func(ctx context.Context) {
		ctx, cancel := within(ctx, l.client.clock, wakeAnswer, errNoAnswer)
		defer cancel()
		if _, err := l.call(ctx, wire.CmdPing, json.RawMessage("{}")); err == nil || wire.CodeFrom(err) != "" {
			l.pong()
		}
	})
}

func (l *wsLink) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.socket != nil {
		_ = l.socket.Close()
	}
	for id, reply := range l.calls {
		delete(l.calls, id)
		close(reply)
	}
}
