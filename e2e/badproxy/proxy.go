package badproxy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Fault is one way to misbehave: what it does with an exchange, and whether
// next, which is nearer to the server, ever hears of it. It runs concurrently.
type Fault func(next http.Handler) http.Handler

// Proxy is a running proxy. All methods may be called from any goroutine.
type Proxy struct {
	// static after Start
	server   *http.Server
	listener *listener
	forward  http.Handler
	end      context.CancelFunc // ends every exchange

	handler  atomic.Pointer[http.Handler] // forward behind the faults of the moment
	seen     [kinds]atomic.Int64
	open     [kinds]atomic.Int64
	serving  sync.WaitGroup // the accept loop
	handlers sync.WaitGroup // exchanges under way
}

// Start listens on a free port of 127.0.0.1 and passes what comes there on to
// upstream ("host:port"), through faults. The caller must Close the proxy.
func Start(upstream string, faults ...Fault) (*Proxy, error) {
	var config net.ListenConfig
	tcp, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start a bad proxy: %w", err)
	}
	ctx, end := context.WithCancel(context.Background())
	p := &Proxy{listener: newListener(tcp), forward: forwardTo(upstream), end: end}
	p.Set(faults...)
	p.server = &http.Server{
		Handler:           http.HandlerFunc(p.serve),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          quiet,
		ReadHeaderTimeout: time.Minute, // a test that forgot a connection
	}
	p.serving.Go(func() {
		if err := p.server.Serve(p.listener); !errors.Is(err, http.ErrServerClosed) {
			panic(fmt.Sprintf("badproxy: serve: %v", err))
		}
	})
	return p, nil
}

// Addr is where the proxy listens, as "127.0.0.1:port".
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// URL is the origin that clients are to use. It names localhost, which
// browsers take for a secure context.
func (p *Proxy) URL() string {
	_, port, _ := net.SplitHostPort(p.Addr())
	return "http://localhost:" + port
}

// Set puts faults in the place of those before, for requests that come from
// now on; none means healed. What is open stays as it is: see [Proxy.Cut].
func (p *Proxy) Set(faults ...Fault) {
	h := p.forward
	for i := len(faults) - 1; i >= 0; i-- {
		h = faults[i](h)
	}
	p.handler.Store(&h)
}

// Cut resets every connection that clients have open.
func (p *Proxy) Cut() { p.listener.cut() }

// Seen is how many requests of a kind have come so far.
func (p *Proxy) Seen(k Kind) int64 { return p.seen[k].Load() }

// Open is how many exchanges of a kind are under way.
func (p *Proxy) Open(k Kind) int64 { return p.open[k].Load() }

// Close ends every exchange and waits for all that the proxy started.
func (p *Proxy) Close() error {
	p.end()
	err := p.server.Close()
	p.Cut()
	p.serving.Wait()
	p.handlers.Wait()
	return err
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	p.handlers.Add(1)
	defer p.handlers.Done()
	kind := KindOf(r)
	p.seen[kind].Add(1)
	p.open[kind].Add(1)
	defer p.open[kind].Add(-1)
	(*p.handler.Load()).ServeHTTP(w, r)
}
