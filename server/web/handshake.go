package web

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

func isUpgrade(r *http.Request) bool { return hasToken(r.Header["Upgrade"], "websocket") }

// checkHandshake checks what the library would answer without a problem
// document (RFC 6455, section 4.2.1), and that our subprotocol is asked for.
func checkHandshake(w *answer, r *http.Request) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(r.Header.Get("Sec-WebSocket-Key")))
	switch {
	case r.ProtoMajor != 1 || !r.ProtoAtLeast(1, 1) || !hasToken(r.Header["Connection"], "upgrade"):
		return wire.Errorf(wire.CodeBadRequest, "This is not the handshake of a WebSocket.")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		w.Header().Set("Sec-WebSocket-Version", "13")
		return wire.Errorf(wire.CodeBadRequest, "The WebSocket's version must be 13.")
	case err != nil || len(key) != 16 || len(r.Header["Sec-Websocket-Key"]) != 1:
		return wire.Errorf(wire.CodeBadRequest, "The WebSocket's key is not one.")
	case !hasToken(r.Header["Sec-Websocket-Protocol"], wire.Subprotocol):
		return wire.Errorf(wire.CodeBadRequest, "The WebSocket must ask for the subprotocol %s.", wire.Subprotocol)
	}
	return nil
}

// checkOrigin refuses upgrades that a page of another site has asked its
// visitor's browser for: it would send the cookie along, and no other rule of
// browsers guards a WebSocket. Every browser names the origin (RFC 6455, 4.1);
// programs that do not must show a token, which no browser sends by itself.
func checkOrigin(w *answer, r *http.Request, id identity) error {
	values := r.Header["Origin"]
	if len(values) == 0 && !id.cookie {
		return nil
	}
	if len(values) == 1 && strings.ToLower(values[0]) == w.origin() {
		return nil
	}
	return wire.Errorf(wire.CodeForbidden, "A WebSocket must be opened by a page of %s.", w.origin())
}

func hasToken(values []string, token string) bool {
	for _, item := range strings.Split(strings.Join(values, ","), ",") {
		if strings.EqualFold(strings.TrimSpace(item), token) {
			return true
		}
	}
	return false
}

// upgrade turns the request into a WebSocket and the connection below it. What
// it needs was checked; the error has been answered.
func upgrade(w *answer, r *http.Request) (*websocket.Conn, net.Conn, error) {
	h := &slimHijacker{answer: w}
	w.started = true
	ws, err := websocket.Accept(h, r, &websocket.AcceptOptions{
		Subprotocols:       []string{wire.Subprotocol},
		InsecureSkipVerify: true, // checkOrigin is exacter: the library compares hosts only
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("accept websocket: %w", err)
	}
	ws.SetReadLimit(wire.MaxBody)
	return ws, h.conn, nil
}

// slimBuffer is what a WebSocket buffers each way: most batches and commands.
// The two of 4 KB that net/http leaves behind would be a third of an idle
// connection's memory. Longer writes pass by the buffer.
const slimBuffer = 1 << 10

// slimHijacker gives the library its connection with small buffers.
type slimHijacker struct {
	*answer
	conn net.Conn
}

// Hijack is [http.Hijacker].
func (h *slimHijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := h.rc.Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.conn = conn
	r := rw.Reader // holds what the client sent along with its handshake, seldom anything
	if r.Buffered() == 0 {
		r = bufio.NewReaderSize(conn, slimBuffer)
	}
	return conn, bufio.NewReadWriter(r, bufio.NewWriterSize(conn, slimBuffer)), nil
}

// kernelBuffer bounds what the kernel keeps for one feed: by itself it lets it
// grow to megabytes for a reader that takes nothing.
const kernelBuffer = 128 << 10

func boundKernelBuffer(conn net.Conn) {
	if counted, ok := conn.(*countedConn); ok {
		conn = counted.Conn
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(kernelBuffer) // a hint; nothing depends on it
	}
}
