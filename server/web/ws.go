package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/coder/websocket"

	"parley/server/feed"
	"parley/shared/wire"
)

// atOnce is how many commands of one WebSocket run at the same time. Further
// ones wait unread, so a client that asks without listening fills its own pipe.
const atOnce = 8

var (
	errSlow     = errors.New("a write passed its deadline")
	errProtocol = errors.New("the client broke the protocol")
)

// socket is a WebSocket of the feed. Its two sides, batches down and commands
// up, live and die together.
type socket struct {
	// static after construction
	server *Server
	stream *stream // the writer's
	id     identity
	ws     *websocket.Conn
	conn   net.Conn // below ws, for its deadlines
	origin string
	addr   netip.Addr
	leave  func() // counts the connection out

	write sync.Mutex    // makes a write and its deadline one step
	slots chan struct{} // one value for each command that runs

	// owned by run
	closedSlots int // those that finishCommands has taken for good

	// owned by the reader
	lastSend chan struct{} // closed when the newest send is done
}

// webSocket hands the connection over to a socket. It returns at once, so that
// what net/http keeps for a request is free again.
func (s *Server) webSocket(w *answer, r *http.Request, f *stream) error {
	leave, ok := s.sockets.enter()
	if !ok {
		f.conn.Close()
		return errRestarting()
	}
	ws, conn, err := upgrade(w, r)
	if err != nil {
		f.conn.Close()
		leave()
		return err
	}
	boundKernelBuffer(connOf(r.Context()))
	w.kept = true
	k := &socket{
		server: s, stream: f, id: f.id, ws: ws, conn: conn, origin: w.origin(), addr: w.addr, leave: leave,
		slots: make(chan struct{}, atOnce),
	}
	if w.proxied {
		k.leave = func() { s.conns.leave(k.addr); leave() }
	}
	go k.run(s.lifetime)
	return nil
}

// run is the whole life of the socket.
func (k *socket) run(ctx context.Context) {
	defer k.leave()
	defer k.stream.conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	read := make(chan error, 1)
	go func() {
		err := guard(func() error { return k.readCommands(ctx) })
		if errors.Is(err, errProtocol) {
			_ = k.ws.Close(wire.CloseBadRequest, "The frame is not a command.")
		} else {
			_ = k.ws.CloseNow() // also wakes a writer that waits for a dead client
		}
		cancel()
		read <- err
	}()
	err := guard(func() error { return k.writeBatches(ctx) })
	k.close(ctx, err)
	cancel()
	k.report(err)
	k.report(<-read)
	k.finishCommands(nil)
}

// writeBatches sends the feed until it or the connection ends. The error says why.
func (k *socket) writeBatches(ctx context.Context) error {
	for first := true; ; first = false {
		b, err := k.stream.next(ctx, k.server.times.heartbeat)
		if err != nil {
			return err
		}
		if err := k.send(b.Bytes()); err != nil {
			return err
		}
		if first {
			k.stream.conn.Established()
		}
	}
}

// send writes one text message. It may be called from any goroutine. A write
// that is late but gets through gives errSlow: then the client can still be
// told. One that does not get through has cut a frame in two, after which
// nothing can be told.
func (k *socket) send(p []byte) error {
	k.write.Lock()
	defer k.write.Unlock()
	t := k.server.times
	start := time.Now()
	_ = k.conn.SetWriteDeadline(start.Add(t.write + t.grace))
	err := k.ws.Write(context.Background(), websocket.MessageText, p)
	_ = k.conn.SetWriteDeadline(time.Time{}) // pongs and the close frame have their own
	switch {
	case err != nil:
		return clientGone{err}
	case time.Since(start) > t.write:
		return errSlow
	}
	return nil
}

// close ends the connection in the way that err, from next or send, asks for.
func (k *socket) close(ctx context.Context, err error) {
	switch {
	case errors.Is(err, feed.ErrDraining):
		ctx, cancel := context.WithTimeout(ctx, k.server.times.closing)
		defer cancel()
		k.finishCommands(ctx.Done()) // their answers first
		_ = k.ws.Close(wire.CloseRestart, "The server is restarting.")
	case errors.Is(err, feed.ErrRevoked):
		_ = k.ws.Close(wire.CloseUnauthorized, "The session has ended.")
	case errors.Is(err, feed.ErrSuperseded):
		_ = k.ws.Close(wire.CloseSuperseded, "A newer connection of the session took over.")
	case errors.Is(err, feed.ErrReset):
		_ = k.ws.Close(websocket.StatusNormalClosure, "Read /sync, and come back with its cursor.")
	case errors.Is(err, errSlow):
		_ = k.ws.Close(wire.CloseSlow, "The connection is too slow.")
	case ctx.Err() != nil:
		// The reader ended first and has closed it, or is closing it.
	case isOrdinary(err):
		_ = k.ws.CloseNow()
	default:
		_ = k.ws.Close(websocket.StatusInternalError, "Something went wrong on the server.")
	}
}

// finishCommands waits until no command runs and lets none begin, or until stop.
func (k *socket) finishCommands(stop <-chan struct{}) {
	for k.closedSlots < cap(k.slots) {
		select {
		case k.slots <- struct{}{}:
			k.closedSlots++
		case <-stop:
			return
		}
	}
}

// report logs what went wrong inside; that clients come and go is no news.
func (k *socket) report(err error) {
	if err != nil && !isOrdinary(err) {
		_ = k.server.problem(err, slog.String("route", "websocket"))
	}
}

// isOrdinary tells whether a connection may end so without a fault of the server.
func isOrdinary(err error) bool {
	for _, ordinary := range []error{
		feed.ErrDraining, feed.ErrRevoked, feed.ErrSuperseded, feed.ErrReset, errSlow, errProtocol, context.Canceled,
	} {
		if errors.Is(err, ordinary) {
			return true
		}
	}
	var gone clientGone
	return errors.As(err, &gone)
}
