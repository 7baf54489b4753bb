package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"parley/server/lab"
	"parley/server/tasks"
)

// maxHeader bounds a request's header: what a stranger makes the server hold
// before anything is known of it.
const maxHeader = 16 << 10

// Server answers HTTP. It may be used concurrently.
type Server struct {
	// static after construction
	conf  Config
	times times
	log   *slog.Logger
	mux   *http.ServeMux
	csrf  *http.CrossOriginProtection
	pages *pages

	// each guards itself
	conns   *conns
	logins  *throttle
	setups  *buckets[netip.Prefix]
	signups *buckets[netip.Prefix]
	sends   *buckets[string] // by user, as the next three
	others  *buckets[string]
	makes   *buckets[string]
	typings *buckets[string]
	pieces  *buckets[string]
	labs    *buckets[netip.Prefix]
	lanes   *lab.Lab
	tasks   *tasks.Tasks

	searches  *buckets[string] // by user, as the next
	passwords *buckets[string]

	requests *gate // handlers that run
	sockets  *gate // WebSockets, which have left theirs

	lifetime context.Context // of WebSockets; they outlive their requests
	end      context.CancelFunc

	imports    context.Context // of long work, which a drain ends first
	endImports context.CancelFunc
}

// maxImports bounds the imports that run at a time: each wants the disk for
// itself.
const maxImports = 1

// New makes a Server. It fails without files for the page.
func New(c Config) (*Server, error) { return newServer(c, defaultTimes()) }

func newServer(c Config, t times) (*Server, error) {
	c.Limits = c.Limits.withDefaults()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Static == nil {
		return nil, errors.New("web: no files for the page")
	}
	if !c.Static.Built {
		c.Log.Warn("this program was built without its app; run `make build`")
	}
	p, err := newPages(c.Static, c.Queries.About)
	if err != nil {
		return nil, err
	}
	rate, burst := c.Limits.SendRate, float64(c.Limits.SendBurst)
	s := &Server{
		conf:    c,
		times:   t,
		log:     c.Log,
		csrf:    http.NewCrossOriginProtection(),
		pages:   p,
		conns:   newConns(c.Limits.Conns, c.Proxies),
		logins:  newThrottle(),
		setups:  newBuckets[netip.Prefix](setupRate, setupBurst),
		signups: newBuckets[netip.Prefix](signupRate, signupBurst),
		sends:   newBuckets[string](rate, burst),
		others:  newBuckets[string](rate, burst),
		makes:   newBuckets[string](rate/makesPer, burst),
		typings: newBuckets[string](typingRate, typingBurst),
		pieces:  newBuckets[string](pieceRate, pieceBurst),
		labs:    newBuckets[netip.Prefix](labRate, labBurst),
		lanes:   lab.New(c.Env.Now),
		tasks:   tasks.New(tasks.Limits{taskImport: maxImports, taskExport: maxExports}),

		searches:  newBuckets[string](searchRate, searchBurst),
		passwords: newBuckets[string](addrRate, nameBurst),

		requests: newGate(),
		sockets:  newGate(),
	}
	s.lifetime, s.end = context.WithCancel(context.Background())
	s.imports, s.endImports = context.WithCancel(s.lifetime)
	s.csrf.AddInsecureBypassPattern(http.MethodPost + " " + sharePath) // other programs send it; it changes nothing
	s.mux = s.routes()
	return s, nil
}

// Handler is all routes.
func (s *Server) Handler() http.Handler { return s }

// Serve accepts connections from l until ctx ends, then drains: it stops
// accepting, gives every feed its last batch, closes WebSockets with 1012 and
// returns nil when everything has ended. What has not after Limits.Drain is cut
// off. It closes l. Call it once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.times.header,
		IdleTimeout:       s.times.idle,
		MaxHeaderBytes:    maxHeader,
		ConnContext:       withConn,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug), // what clients get wrong
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(s.conns.listen(l)) }()
	select {
	case err := <-served:
		s.end()
		return fmt.Errorf("serve http: %w", err)
	case <-ctx.Done():
	}
	s.drain(srv)
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve http: %w", err)
	}
	return nil
}

// drain ends everything in an orderly way, as far as that goes in time.
func (s *Server) drain(srv *http.Server) {
	defer s.end()
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), s.conf.Limits.Drain*9/10)
	defer cancel()
	s.requests.close()
	s.sockets.close()
	shut := make(chan error, 1)
	go func() { shut <- srv.Shutdown(ctx) }()
	s.conns.closeUnheard()
	s.lanes.Close()
	s.endImports()
	s.tasks.Wait() // each ends with its chunk
	err := s.conf.Feed.Drain(ctx)
	err = errors.Join(err, s.requests.wait(ctx), s.sockets.wait(ctx), <-shut)
	if err == nil {
		s.log.Info("all connections ended", slog.Duration("after", time.Since(start)))
		return
	}
	s.log.Warn("cutting off connections that did not end", slog.Any("error", err))
	s.cut(srv)
}

// cut ends what is left. When it returns, nothing of the server's uses the
// journal or the store any more, unless that itself stands still.
func (s *Server) cut(srv *http.Server) {
	s.end()
	_ = srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), s.conf.Limits.Drain/10)
	defer cancel()
	if err := errors.Join(s.requests.wait(ctx), s.sockets.wait(ctx)); err != nil {
		s.log.Error("some requests have not ended", slog.Any("error", err))
	}
}
