package badproxy

import (
	"bufio"
	"net"
	"net/http"
)

// hijacked gives the next handler, when it takes over the client's connection
// for an upgrade, a connection that misbehaves.
type hijacked struct {
	http.ResponseWriter
	wrap func(net.Conn) net.Conn
}

// Hijack takes the connection over, wrapped.
func (h hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	c = h.wrap(buffered{Conn: c, r: rw.Reader})
	return c, bufio.NewReadWriter(bufio.NewReader(c), bufio.NewWriter(c)), nil
}

// Unwrap lets http.ResponseController find what is not here.
func (h hijacked) Unwrap() http.ResponseWriter { return h.ResponseWriter }

// buffered is a connection of which some has been read already.
type buffered struct {
	net.Conn
	r *bufio.Reader
}

// Read reads on.
func (b buffered) Read(p []byte) (int, error) { return b.r.Read(p) }

// SetLinger is that of the connection.
func (b buffered) SetLinger(sec int) error {
	if l, ok := b.Conn.(interface{ SetLinger(int) error }); ok {
		return l.SetLinger(sec)
	}
	return nil
}
