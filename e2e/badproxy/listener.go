package badproxy

import (
	"net"
	"sync"
)

// listener knows the connections that clients have open.
type listener struct {
	net.Listener

	mu     sync.Mutex
	open   map[*conn]struct{} // guarded by mu
	silent bool               // guarded by mu: what is accepted is silenced
}

func newListener(l net.Listener) *listener {
	return &listener{Listener: l, open: map[*conn]struct{}{}}
}

// Accept waits for a client.
func (l *listener) Accept() (net.Conn, error) {
	tcp, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: tcp, listener: l, silenced: make(chan struct{}), closed: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[c] = struct{}{}
	if l.silent {
		c.silence()
	}
	return c, nil
}

// cut resets every open connection.
func (l *listener) cut() {
	l.mu.Lock()
	var open []*conn
	for c := range l.open {
		open = append(open, c)
	}
	l.mu.Unlock() // Close takes it
	for _, c := range open {
		reset(c)
	}
}

// conn is a client's connection.
type conn struct {
	net.Conn
	listener *listener
	silenced chan struct{} // closed when the client is gone, see Proxy.Silence
	once     sync.Once     // for silenced
	closed   chan struct{}
	end      sync.Once // for closed
}

// Close closes the connection; it may be called more than once.
func (c *conn) Close() error {
	c.listener.mu.Lock()
	delete(c.listener.open, c)
	c.listener.mu.Unlock()
	c.end.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// SetLinger is that of the TCP connection.
func (c *conn) SetLinger(sec int) error { return c.Conn.(*net.TCPConn).SetLinger(sec) }

// reset closes a connection in the rude way, with RST in the place of FIN.
func reset(c net.Conn) {
	if l, ok := c.(interface{ SetLinger(int) error }); ok {
		_ = l.SetLinger(0) // then it is closed politely, which must do
	}
	_ = c.Close() // nobody is left to be told
}
