package badproxy_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/e2e/badproxy"
)

// patience is how long a test waits for what must come, and a moment how long
// it looks on at what must not.
const (
	patience = 10 * time.Second
	moment   = 150 * time.Millisecond
)

func TestMain(m *testing.M) {
	code := m.Run()
	for range 100 {
		if runtime.NumGoroutine() <= 2 {
			os.Exit(code)
		}
		time.Sleep(20 * time.Millisecond) // connections that were closed a moment ago
	}
	buf := make([]byte, 1<<20)
	fmt.Fprintf(os.Stderr, "leaked goroutines:\n%s\n", buf[:runtime.Stack(buf, true)])
	os.Exit(1)
}

// upstream is a server as simple as can be: a WebSocket that greets and
// echoes, a stream that ticks, a page, and a command that counts.
type upstream struct {
	*httptest.Server
	commands atomic.Int64
}

func startUpstream(t *testing.T) *upstream {
	u := &upstream{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/v1/events", u.events)
	mux.HandleFunc("POST /api/v1/send", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, u.commands.Add(1))
	})
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s|%s", r.Host, r.Header.Get("X-Forwarded-For"))
	})
	u.Server = httptest.NewServer(mux)
	t.Cleanup(u.Close)
	return u
}

func (u *upstream) events(w http.ResponseWriter, r *http.Request) {
	switch badproxy.KindOf(r) {
	case badproxy.WebSocket:
		echo(w, r)
	case badproxy.SSE:
		tick(w, r)
	case badproxy.LongPoll:
		<-r.Context().Done()
	default:
		fmt.Fprint(w, "batch")
	}
}

func echo(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer func() { _ = c.CloseNow() }()
	message := []byte("hello")
	for err == nil {
		if err = c.Write(r.Context(), websocket.MessageText, message); err == nil {
			_, message, err = c.Read(r.Context())
		}
	}
}

func tick(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for r.Context().Err() == nil {
		if _, err := fmt.Fprint(w, "data: tick\n\n"); err != nil {
			return
		}
		if err := http.NewResponseController(w).Flush(); err != nil {
			return
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-r.Context().Done():
		}
	}
}

func start(t *testing.T, u *upstream, faults ...badproxy.Fault) *badproxy.Proxy {
	t.Helper()
	p, err := badproxy.Start(strings.TrimPrefix(u.URL, "http://"), faults...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// get asks once, on a connection of its own.
func get(t *testing.T, ctx context.Context, p *badproxy.Proxy, method, path, accept string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, p.URL()+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err == nil {
		t.Cleanup(func() { _ = res.Body.Close() })
	}
	return res, err
}
