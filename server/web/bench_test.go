package web

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/shared/wire"
)

// crowd is how many WebSockets the benchmarks open: users times sessions, as a
// user has at most 32.
const crowdUsers, crowdSessions = 32, 32

// BenchmarkFanOut sends one message to 1,024 WebSockets and waits until each
// has it: from the send to the last reader, over loopback TCP.
func BenchmarkFanOut(b *testing.B) {
	c := benchCommunity(b)
	readers := c.crowd()
	var delivered atomic.Int64
	for _, r := range readers {
		go r.count(&delivered)
	}
	owner := identity{cookie: true, token: strings.TrimPrefix(c.owner.cookie, "session=")}
	if err := c.server.refresh(&owner); err != nil {
		b.Fatal(err)
	}
	send := func() {
		args := wire.Encode(wire.Send{Room: wire.Lobby, Text: "a message as people write them, of some length", Nonce: newNonce()})
		before := delivered.Load()
		if _, err := c.server.do(context.Background(), owner, "", wire.CmdSend, args); err != nil {
			b.Fatal(err)
		}
		for delivered.Load() < before+int64(len(readers)) {
			time.Sleep(20 * time.Microsecond)
		}
	}
	send()
	var start, end runtime.MemStats
	encoded := c.feed.Stats().Encoded
	runtime.ReadMemStats(&start)
	for b.Loop() {
		send()
	}
	runtime.ReadMemStats(&end)
	deliveries := float64(b.N * len(readers))
	b.ReportMetric(float64(c.feed.Stats().Encoded-encoded)/float64(b.N), "encodings/message")
	b.ReportMetric(float64(end.Mallocs-start.Mallocs)/deliveries, "allocs/delivery")
	b.ReportMetric(float64(end.TotalAlloc-start.TotalAlloc)/deliveries, "B/delivery")
	b.ReportMetric(deliveries/b.Elapsed().Seconds(), "deliveries/s")
}

// BenchmarkIdleWebSocket tells what an idle WebSocket costs the server beyond a
// bare connection with a goroutine that waits on it, measured in the same run.
func BenchmarkIdleWebSocket(b *testing.B) {
	bare := idleBare(b)
	whole := idleSockets(b)
	for b.Loop() { // measured once, it is the same each time
	}
	b.ReportMetric(bare, "B/bare-conn")
	b.ReportMetric(whole-bare, "B/websocket-beyond-it")
	b.ReportMetric(0, "ns/op")
}

// idleBare is the memory of a connection's two ends and a goroutine.
func idleBare(b *testing.B) float64 {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // ends with the benchmark
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	const n = crowdUsers * crowdSessions
	conns := make([]net.Conn, 0, 2*n)
	before := heap()
	for range n {
		client, err := net.Dial("tcp", l.Addr().String()) //nolint:noctx // ends with the benchmark
		if err != nil {
			b.Fatal(err)
		}
		server, err := l.Accept()
		if err != nil {
			b.Fatal(err)
		}
		go func() { _, _ = server.Read(make([]byte, 1)) }()
		conns = append(conns, client, server)
	}
	used := heap() - before
	for _, conn := range conns {
		conn.Close()
	}
	return float64(used) / n
}

// idleSockets is the same for WebSockets of the feed, whose clients are bare.
func idleSockets(b *testing.B) float64 {
	c := benchCommunity(b)
	people := c.people()
	before := heap()
	readers := c.connect(people)
	c.client.CloseIdleConnections()
	used := heap() - before
	for _, r := range readers {
		r.conn.Close()
	}
	c.awaitSockets(0)
	return float64(used) / float64(len(readers))
}

func benchCommunity(b *testing.B) *community {
	return newCommunity(b, func(conf *Config, t *times) {
		conf.Limits.Conns = 10_000
		t.heartbeat = time.Hour
	})
}

func (c *community) crowd() []*rawReader { return c.connect(c.people()) }

func (c *community) people() []*person {
	people := make([]*person, crowdUsers)
	for i := range people {
		people[i] = c.guest(fmt.Sprint("user ", i), "")
	}
	return people
}

// connect opens WebSockets and reads what each begins with: first one of each
// user, after which nobody comes online any more.
func (c *community) connect(people []*person) []*rawReader {
	var readers []*rawReader
	for i := range crowdSessions {
		for _, p := range people {
			r := c.rawSocket(p, fmt.Sprint("page", i))
			r.frame()
			readers = append(readers, r)
		}
		if i == 0 {
			for _, r := range readers {
				r.settle()
			}
		}
	}
	return readers
}

// rawReader is a WebSocket without a library: what it costs must not count.
type rawReader struct {
	conn net.Conn
	buf  [1 << 10]byte
}

func (c *community) rawSocket(p *person, session string) *rawReader {
	r := &rawReader{conn: c.dial()}
	fmt.Fprintf(r.conn, "GET /api/v1/events?session=%s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nCookie: %s\r\nConnection: Upgrade\r\n"+
		"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Protocol: %s\r\n"+
		"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"+
		"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\nCache-Control: no-cache\r\nPragma: no-cache\r\n\r\n",
		session, c.addr, c.url, p.cookie, wire.Subprotocol)
	for head := ""; !strings.HasSuffix(head, "\r\n\r\n"); {
		if _, err := r.conn.Read(r.buf[:1]); err != nil {
			c.Fatal(err)
		}
		if head += string(r.buf[:1]); strings.HasPrefix(head, "HTTP/1.1 4") {
			c.Fatal(head)
		}
	}
	return r
}

// frame reads one frame and gives its length, 0 at the end.
func (r *rawReader) frame() int {
	if _, err := io.ReadFull(r.conn, r.buf[:2]); err != nil {
		return 0
	}
	n := int(r.buf[1])
	if n == 126 {
		_, _ = io.ReadFull(r.conn, r.buf[:2])
		n = int(binary.BigEndian.Uint16(r.buf[:2]))
	}
	for rest := n; rest > 0; {
		k, err := r.conn.Read(r.buf[:min(rest, len(r.buf))])
		if err != nil {
			return 0
		}
		rest -= k
	}
	return n
}

// settle reads what is still on its way: who has come online.
func (r *rawReader) settle() {
	for {
		_ = r.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if r.frame() == 0 {
			break
		}
	}
	_ = r.conn.SetReadDeadline(time.Time{})
}

// count counts frames until the end.
func (r *rawReader) count(n *atomic.Int64) {
	for r.frame() > 0 {
		n.Add(1)
	}
}
