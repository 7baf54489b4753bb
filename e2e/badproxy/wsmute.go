package badproxy

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"sync"
)

// WSMute passes the upgrade and its 101, and not one byte after that, in
// neither direction: the WebSocket looks open to both ends.
func WSMute() Fault {
	return On(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(hijacked{w, func(c net.Conn) net.Conn { return &muteConn{Conn: c} }}, r)
		})
	}, WebSocket)
}

type muteConn struct {
	net.Conn

	mu   sync.Mutex
	head []byte // of the answer, until its end was seen; guarded by mu
	mute bool   // guarded by mu
}

// Write passes the head of the answer on and drops what follows.
func (c *muteConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mute {
		return len(p), nil
	}
	c.head = append(c.head, p...)
	end := bytes.Index(c.head, []byte("\r\n\r\n"))
	if end < 0 {
		return len(p), nil
	}
	c.mute = true
	if _, err := c.Conn.Write(c.head[:end+4]); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Read gives nothing until the client goes away.
func (c *muteConn) Read([]byte) (int, error) {
	_, err := io.Copy(io.Discard, c.Conn)
	if err == nil {
		err = io.EOF
	}
	return 0, err
}
