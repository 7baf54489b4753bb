package web

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"

	"parley/shared/wire"
)

// told is how many connections over the limit an address is still given an
// answer on, so that a person can read why. Further ones are closed unheard:
// a flood must not cost a goroutine each.
const told = 16

// conns counts what each address has open. For a client that comes directly
// this is its connections, counted where they are accepted, before anything is
// read from them. A trusted proxy shares its connections between clients, so
// behind one it is requests, of which a feed is one that lasts.
type conns struct {
	limit   int
	proxies []netip.Prefix

	// guarded by mu
	mu      sync.Mutex
	open    map[netip.Prefix]int // never 0
	unheard map[*countedConn]struct{}
	closing bool
}

func newConns(limit int, proxies []netip.Prefix) *conns {
	return &conns{limit: limit, proxies: proxies, open: map[netip.Prefix]int{}, unheard: map[*countedConn]struct{}{}}
}

// enter counts one more for addr, if that stays within the limit and slack.
// over tells that it is over the limit. The caller must leave when it entered.
func (c *conns) enter(addr netip.Addr, slack int) (entered, over bool) {
	key := block(addr)
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.open[key] + 1
	if n > c.limit+slack {
		return false, true
	}
	c.open[key] = n
	return true, n > c.limit
}

func (c *conns) leave(addr netip.Addr) {
	key := block(addr)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[key]--; c.open[key] <= 0 {
		delete(c.open, key)
	}
}

func (c *conns) errTooMany() error {
	return wire.Errorf(wire.CodeRateLimited, "Your address has more than %d connections open.", c.limit).After(5)
}

// listen wraps l so that its connections are counted.
func (c *conns) listen(l net.Listener) net.Listener { return &countingListener{Listener: l, conns: c} }

// closeUnheard closes the connections that have not sent a byte, which
// browsers open in advance: draining has nothing to wait for there.
func (c *conns) closeUnheard() {
	c.mu.Lock()
	c.closing = true
	list := make([]*countedConn, 0, len(c.unheard))
	for conn := range c.unheard {
		list = append(list, conn)
	}
	c.mu.Unlock()
	for _, conn := range list {
		_ = conn.Close()
	}
}

// accepted notes a connection that has not said anything yet, or closes it
// when the server is going down.
func (c *conns) accepted(conn *countedConn) {
	c.mu.Lock()
	closing := c.closing
	if !closing {
		c.unheard[conn] = struct{}{}
	}
	c.mu.Unlock()
	if closing {
		_ = conn.Close()
	}
}

func (c *conns) heard(conn *countedConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.unheard, conn)
}

type countingListener struct {
	net.Listener
	conns *conns
}

// Accept gives the next connection whose address has room for it.
func (l *countingListener) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		limitUnacked(raw)
		conn := &countedConn{Conn: raw, conns: l.conns, addr: parseAddr(raw.RemoteAddr().String())}
		if contains(l.conns.proxies, conn.addr) {
			return raw, nil // counted by its requests
		}
		entered, over := l.conns.enter(conn.addr, told)
		if !entered {
			_ = raw.Close()
			continue
		}
		conn.over = over
		l.conns.accepted(conn)
		return conn, nil
	}
}

// countedConn is counted out when it is closed.
type countedConn struct {
	net.Conn
	conns *conns
	addr  netip.Addr
	over  bool // its address has too many: it is told so and closed

	spoke atomic.Bool
	once  sync.Once
}

// Read notes that the client has said something.
func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && !c.spoke.Swap(true) {
		c.conns.heard(c)
	}
	return n, err
}

// Close closes the connection and counts it out, once.
func (c *countedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.conns.heard(c)
		c.conns.leave(c.addr)
	})
	return err
}

type connKey struct{}

// withConn is for [http.Server.ConnContext].
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// connOf is the connection below a request that came through Serve.
func connOf(ctx context.Context) net.Conn {
	conn, _ := ctx.Value(connKey{}).(net.Conn)
	return conn
}

// isOver tells whether the request came on a connection over the limit.
func isOver(ctx context.Context) bool {
	counted, ok := connOf(ctx).(*countedConn)
	return ok && counted.over
}
