package badproxy_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/e2e/badproxy"
)

func TestNoFaultPassesEverything(t *testing.T) {
	p := start(t, startUpstream(t))
	wantBody(t, p, "GET", "/page", p.URL()[len("http://"):]+"|") // Host kept, nothing forwarded added
	wantBody(t, p, "POST", "/api/v1/send", "1")
	wantBody(t, p, "GET", "/api/v1/events", "batch")
	wantTicks(t, p)
	wantEcho(t, p)
	for kind, want := range map[badproxy.Kind]int64{
		badproxy.Other: 1, badproxy.Command: 1, badproxy.ShortPoll: 1, badproxy.SSE: 1, badproxy.WebSocket: 1, badproxy.LongPoll: 0,
	} {
		if got := p.Seen(kind); got != want {
			t.Errorf("seen %d of kind %d, want %d", got, kind, want)
		}
	}
}

// TestFaultAndHealing says for each fault what it breaks, that it leaves the
// rest alone, and that all is well when it is gone.
func TestFaultAndHealing(t *testing.T) {
	faults := map[string]struct {
		fault  badproxy.Fault
		broken func(*testing.T, *badproxy.Proxy)
		ws     bool // WebSockets still work
		sse    bool
		page   bool
	}{
		"ws refused":   {badproxy.WSRefuse(), wantRefused, false, true, true},
		"ws hangs":     {badproxy.WSHang(), wantNoUpgrade, false, true, true},
		"ws mute":      {badproxy.WSMute(), wantMute, false, true, true},
		"ws cut":       {badproxy.WSCut(50 * time.Millisecond), wantCutSocket, false, true, true},
		"sse buffered": {badproxy.SSEBuffer(), wantNoStream, true, false, true},
		"sse 502":      {badproxy.SSEFail(502), wantStatus("GET", "text/event-stream", 502), true, false, true},
		"refused":      {badproxy.Refuse(), wantBroken, false, false, false},
		"hangs":        {badproxy.Hang(), wantNoAnswer, false, false, false},
		"all dropped":  {badproxy.Drop(1, 1), wantBroken, false, false, false},
		"cut":          {badproxy.CutAnswers(50 * time.Millisecond), wantCutSocket, false, false, true},
		"late":         {badproxy.Latency(200 * time.Millisecond), wantLate(200 * time.Millisecond), true, true, true},
		"api only":     {badproxy.OnAPI(badproxy.Refuse()), wantBroken, false, false, true},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, startUpstream(t), f.fault)
			f.broken(t, p)
			if f.ws {
				wantEcho(t, p)
			}
			if f.sse {
				wantTicks(t, p)
			}
			if f.page {
				wantBody(t, p, "GET", "/page", p.URL()[len("http://"):]+"|")
			}
			p.Set()
			wantEcho(t, p)
			wantTicks(t, p)
			wantBody(t, p, "GET", "/api/v1/events", "batch")
		})
	}
}

func TestCutBreaksWhatIsOpen(t *testing.T) {
	p := start(t, startUpstream(t))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := dial(t, ctx, p)
	if _, _, err := c.Read(ctx); err != nil {
		t.Fatal(err)
	}
	res, err := get(t, ctx, p, "GET", "/api/v1/events", "text/event-stream")
	if err != nil {
		t.Fatal(err)
	}
	p.Cut()
	if _, _, err := c.Read(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("the WebSocket ended with %v, want a reset", err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err == nil || ctx.Err() != nil {
		t.Errorf("the stream ended with %v, want a reset", err)
	}
}

func TestFaultsCompose(t *testing.T) {
	p := start(t, startUpstream(t), badproxy.Latency(100*time.Millisecond), badproxy.WSRefuse(), badproxy.SSEFail(503))
	began := time.Now()
	wantRefused(t, p)
	if d := time.Since(began); d < 100*time.Millisecond {
		t.Errorf("refused after %v, want 100ms of latency first", d)
	}
	wantStatus("GET", "text/event-stream", 503)(t, p)
}

// TestDropLosesHalfBeforeAndHalfAfter holds Drop to its promise that an answer
// can be lost when the command was done, which is what nonces are for.
func TestDropLosesHalfBeforeAndHalfAfter(t *testing.T) {
	u := startUpstream(t)
	p := start(t, u, badproxy.Drop(0.5, 7))
	const tries = 80
	answered := 0
	for range tries {
		if res, err := get(t, t.Context(), p, "POST", "/api/v1/send", ""); err == nil {
			answered++
			_ = res.Body.Close()
		}
	}
	done := int(u.commands.Load())
	if answered == 0 || done <= answered || done >= tries {
		t.Errorf("%d tries, %d done, %d answered; want tries > done > answered > 0", tries, done, answered)
	}
}

func TestServerGoneIs502(t *testing.T) {
	u := startUpstream(t)
	p := start(t, u)
	u.Close()
	wantStatus("GET", "", http.StatusBadGateway)(t, p)
}

// TestCloseWaits ends a proxy that has one exchange of every kind hanging.
func TestCloseWaits(t *testing.T) {
	u := startUpstream(t)
	p := start(t, u, badproxy.WSMute())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := dial(t, ctx, p)
	if _, err := get(t, ctx, p, "GET", "/api/v1/events", "text/event-stream"); err != nil {
		t.Fatal(err)
	}
	poll := make(chan error, 1)
	go func() {
		_, err := get(t, ctx, p, "GET", "/api/v1/events?wait=20", "")
		poll <- err
	}()
	for p.Seen(badproxy.LongPoll) == 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-poll; err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the poll ended with %v, want a broken connection", err)
	}
	if _, _, err := c.Read(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("the WebSocket ended with %v, want a broken connection", err)
	}
}

func dial(t *testing.T, ctx context.Context, p *badproxy.Proxy) *websocket.Conn {
	t.Helper()
	c, _, err := websocket.Dial(ctx, p.URL()+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CloseNow() })
	return c
}

// TestSilence: what is open, and what is opened meanwhile, hears nothing any
// more, nor an end; what is opened afterwards works.
func TestSilence(t *testing.T) {
	t.Parallel()
	p := start(t, startUpstream(t))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	before, _, err := websocket.Dial(ctx, p.URL()+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = before.CloseNow() }()
	if n := p.Open(badproxy.WebSocket); n != 1 {
		t.Errorf("%d WebSockets are open", n)
	}
	if _, _, err := before.Read(ctx); err != nil { // the greeting
		t.Fatal(err)
	}
	p.Silence()
	_ = before.Write(ctx, websocket.MessageText, []byte("hello?"))
	short, end := context.WithTimeout(ctx, 300*time.Millisecond)
	defer end()
	if _, data, err := before.Read(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("heard %q, %v", data, err)
	}
	wantNoAnswer(t, p)
	p.Speak()
	wantBody(t, p, "GET", "/api/v1/events", "batch")
	wantEcho(t, p)
}
