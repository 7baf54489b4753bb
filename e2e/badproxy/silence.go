package badproxy

import (
	"io"
	"net"
	"os"
	"time"
)

// Silence is a network that is gone without a word: nothing comes through any
// more on what is open, or on what is opened from now on, and nothing is reset
// or refused. What was open stays dead when the network is back (see
// [Proxy.Speak]): this is how wifi is left for a mobile network.
func (p *Proxy) Silence() { p.listener.silence(true) }

// Speak ends a [Proxy.Silence] for connections that are opened from now on.
func (p *Proxy) Speak() { p.listener.silence(false) }

func (l *listener) silence(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent = on
	for c := range l.open {
		if on {
			c.silence()
		}
	}
}

// silence takes the client out of the connection. Who reads or writes on this
// side meets nobody.
func (c *conn) silence() {
	c.once.Do(func() { close(c.silenced) })
	_ = c.Conn.SetReadDeadline(time.Unix(1, 0)) // ends a Read that waits
}

// Read gives what the client sends, nothing from a silence on.
func (c *conn) Read(p []byte) (int, error) {
	if !c.isSilent() {
		n, err := c.Conn.Read(p)
		if !c.isSilent() {
			return n, err
		}
	}
	<-c.closed
	return 0, io.EOF
}

// Write sends to the client; in a silence it loses what it is given.
func (c *conn) Write(p []byte) (int, error) {
	if c.isSilent() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func (c *conn) isSilent() bool {
	select {
	case <-c.silenced:
		return true
	default:
		return false
	}
}

// SetReadDeadline is that of the TCP connection. One that was silenced has its
// end set already.
func (c *conn) SetReadDeadline(t time.Time) error {
	if c.isSilent() {
		return os.ErrDeadlineExceeded
	}
	return c.Conn.SetReadDeadline(t)
}

var _ net.Conn = (*conn)(nil)
