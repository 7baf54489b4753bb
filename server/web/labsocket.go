package web

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"parley/server/lab"
	"parley/shared/wire"
)

// labSocket is a lane over a WebSocket. Like that of the feed it outlives its
// request; its two sides live and die together.
func (s *Server) labSocket(w *answer, r *http.Request, t *labTurn) error {
	leave, ok := s.sockets.enter()
	if !ok {
		return errRestarting()
	}
	ws, conn, err := upgrade(w, r)
	if err != nil {
		leave()
		return err
	}
	boundKernelBuffer(connOf(r.Context()))
	w.kept = true
	if w.proxied {
		counted := leave
		leave = func() { s.conns.leave(w.addr); counted() }
	}
	k := &laneSocket{ws: ws, conn: conn, turn: t, write: s.times.write}
	t.socket = true
	k.mayPost = func() bool {
		_, ok := s.labs.take(block(w.addr), s.conf.Env.Now())
		return ok
	}
	first := t.encode(w, wire.LabBatch{Next: t.after, Events: []wire.LabEvent{}})
	go func() {
		defer leave()
		k.run(s.lifetime, first)
	}()
	return nil
}

// laneSocket is a WebSocket of the lab.
type laneSocket struct {
	// static after construction
	ws    *websocket.Conn
	conn  net.Conn
	write time.Duration

	mayPost func() bool // one more echo, within what the address may ask of the lab

	turn *labTurn // the writer's, but for its lane
}

// run sends the lane and takes echoes until either side ends.
func (k *laneSocket) run(ctx context.Context, first []byte) {
	ctx, cancel := context.WithTimeout(ctx, lab.LaneLife)
	defer cancel()
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer cancel()
		k.readEchoes(ctx)
	}()
	err := k.writeLane(ctx, first)
	if errors.Is(err, lab.ErrOver) {
		_ = k.ws.Close(websocket.StatusNormalClosure, "The lane is over.")
	} else {
		_ = k.ws.CloseNow()
	}
	cancel()
	<-read
}

func (k *laneSocket) writeLane(ctx context.Context, first []byte) error {
	for data := first; ; {
		_ = k.conn.SetWriteDeadline(time.Now().Add(k.write))
		if err := k.ws.Write(ctx, websocket.MessageText, data); err != nil {
			return err
		}
		_ = k.conn.SetWriteDeadline(time.Time{})
		b, err := k.turn.next(ctx, labSilent)
		if err != nil {
			return err
		}
		data = wire.Encode(b)
	}
}

// maxLabEchoes bounds what one socket may post.
const maxLabEchoes = 1000

// readEchoes posts what comes. What is none of ours ends the socket, as do more
// than the address may ask: each one wakes every reader of the lane.
func (k *laneSocket) readEchoes(ctx context.Context) {
	for range maxLabEchoes {
		_, data, err := k.ws.Read(ctx)
		var e wire.LabEcho
		if err != nil || json.Unmarshal(data, &e) != nil || e.Echo == "" || len(e.Echo) > wire.MaxLabEcho || !k.mayPost() {
			return
		}
		k.turn.lane.Post(e.Echo)
	}
}
