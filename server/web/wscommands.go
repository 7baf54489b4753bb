package web

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

// readCommands reads frames and has each command run beside the others. The
// error says why it ended.
func (k *socket) readCommands(ctx context.Context) error {
	for {
		kind, data, err := k.ws.Read(ctx)
		if err != nil {
			return clientGone{err}
		}
		var q wire.Request
		if kind != websocket.MessageText || wire.Decode(data, &q) != nil || q.Cmd == "" {
			return errProtocol
		}
		select {
		case k.slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		k.start(ctx, q)
	}
}

// start runs a command. Replies may overtake each other, but the sends of one
// connection reach the log in the order in which they were written.
func (k *socket) start(ctx context.Context, q wire.Request) {
	var before, done chan struct{}
	if q.Cmd == wire.CmdSend {
		before, done = k.lastSend, make(chan struct{})
		k.lastSend = done
	}
	go func() {
		defer func() { <-k.slots }()
		if done != nil {
			defer close(done)
		}
		if before != nil {
			<-before
		}
		if err := k.send(wire.Encode(k.reply(ctx, q))); err != nil {
			k.close(ctx, err)
		}
	}()
}

// reply runs a command with the same checks as over HTTP: who is signed in is
// looked up anew.
func (k *socket) reply(ctx context.Context, q wire.Request) wire.Reply {
	reply := wire.Reply{Reply: q.ID}
	err := guard(func() error {
		id := k.id
		if err := k.server.refresh(&id); err != nil {
			return err
		}
		result, err := k.server.do(ctx, id, k.origin, q.Cmd, q.Args)
		if err == nil {
			reply.Result = wire.Encode(result)
		}
		return err
	})
	if err != nil {
		reply.Error = k.server.problem(err, slog.String("command", q.Cmd))
	}
	return reply
}

// clientGone is the end of a connection from the client's side.
type clientGone struct{ err error }

// Error says how it ended.
func (e clientGone) Error() string { return fmt.Sprint("client gone: ", e.err) }

// Unwrap is the library's error.
func (e clientGone) Unwrap() error { return e.err }
