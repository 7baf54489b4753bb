package browser

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall/js"

	"parley/app/client"
	"parley/shared/wire"
)

// maxUnsent bounds in bytes what was written and has not left. The browser
// takes any amount and never blocks: over a dead connection a page would keep
// in memory whatever it sends.
const maxUnsent = 1 << 20

// States of a WebSocket (HTML, section 9.3, "readyState").
const stateOpen = 1

var errClosedHere = errors.New("the WebSocket was closed on this side")

// socket is a browser's WebSocket.
type socket struct {
	ws     js.Value
	in     *queue
	opened chan struct{}
	ended  chan struct{}
	funcs  []js.Func
	over   bool // the callbacks are gone; touched by callbacks and Close, which do not overlap: one thread, no waiting
}

// Dial opens a WebSocket to a path of our own origin. It returns when the
// handshake is done; when ctx ends before, the handshake is abandoned at once,
// however the network hangs.
func (n Net) Dial(ctx context.Context, path string) (client.Socket, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &socket{in: newQueue(), opened: make(chan struct{}), ended: make(chan struct{})}
	err := try(func() {
		s.ws = js.Global().Get("WebSocket").New(socketURL(path), []any{wire.Subprotocol})
	})
	if err != nil {
		return nil, fmt.Errorf("open a WebSocket: %w", err)
	}
	s.listen()
	select {
	case <-s.opened:
		return s, nil
	case <-s.ended:
		_, err := s.in.take()
		return nil, err
	case <-ctx.Done():
		_ = s.Close()
		return nil, ctx.Err()
	}
}

func socketURL(path string) string {
	origin := js.Global().Get("location").Get("origin").String()
	return "ws" + strings.TrimPrefix(origin, "http") + path
}

func (s *socket) listen() {
	s.on("onopen", func(js.Value) { close(s.opened) })
	s.on("onmessage", func(event js.Value) {
		data := event.Get("data")
		if data.Type() != js.TypeString {
			s.fail(errors.New("the server sent a binary message"))
		} else if !s.in.push([]byte(data.String())) {
			s.fail(errOverflow)
		}
	})
	s.on("onclose", func(event js.Value) {
		s.end(client.CloseError{Code: event.Get("code").Int(), Reason: closeReason(event)})
	})
}

// closeReason says in words why a WebSocket ended. Browsers tell pages nothing
// about why one failed: 1006 stands for all of it.
func closeReason(event js.Value) string {
	if reason := event.Get("reason").String(); reason != "" {
		return reason
	}
	return fmt.Sprintf("the WebSocket ended (%d)", event.Get("code").Int())
}

func (s *socket) on(name string, fn func(event js.Value)) {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		fn(first(args))
		return nil
	})
	s.funcs = append(s.funcs, f)
	s.ws.Set(name, f)
}

// end stops listening and tells the reader why. Messages that came before are
// still read.
func (s *socket) end(reason error) {
	if s.over {
		return
	}
	s.over = true
	for _, name := range []string{"onopen", "onmessage", "onclose"} {
		s.ws.Set(name, js.Null())
	}
	for _, f := range s.funcs {
		f.Release()
	}
	s.in.close(reason)
	close(s.ended)
}

func (s *socket) fail(reason error) {
	s.end(reason)
	_ = try(func() { s.ws.Call("close", 1000) })
}

// Read gives the next message; a client.CloseError once the other side has
// closed and everything before that was read. One reader at a time.
func (s *socket) Read(ctx context.Context) ([]byte, error) { return s.in.pop(ctx) }

// Write sends a text message. It does not wait for the network: what is
// refused is refused because too much is waiting already.
func (s *socket) Write(_ context.Context, data []byte) error {
	if s.over || s.ws.Get("readyState").Int() != stateOpen {
		return errors.New("the WebSocket is not open")
	}
	if s.ws.Get("bufferedAmount").Int()+len(data) > maxUnsent {
		return errors.New("too much is waiting to be sent over the WebSocket")
	}
	return try(func() { s.ws.Call("send", string(data)) })
}

// Close ends the connection, or abandons the handshake. It never blocks.
func (s *socket) Close() error {
	s.fail(errClosedHere)
	return nil
}
