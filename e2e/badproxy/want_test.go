package badproxy_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/e2e/badproxy"
)

func wantBody(t *testing.T, p *badproxy.Proxy, method, path, want string) {
	t.Helper()
	res, err := get(t, t.Context(), p, method, path, "")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || string(body) != want {
		t.Errorf("%s %s: %q, %v; want %q", method, path, body, err, want)
	}
}

func wantStatus(method, accept string, want int) func(*testing.T, *badproxy.Proxy) {
	return func(t *testing.T, p *badproxy.Proxy) {
		t.Helper()
		res, err := get(t, t.Context(), p, method, "/api/v1/events", accept)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != want {
			t.Errorf("status %d, want %d", res.StatusCode, want)
		}
	}
}

func wantEcho(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := dial(t, ctx, p)
	for _, want := range []string{"hello", "one", "two"} {
		_, got, err := c.Read(ctx)
		if err != nil || string(got) != want {
			t.Fatalf("read %q, %v; want %q", got, err, want)
		}
		if want == "two" {
			break
		}
		next := map[string]string{"hello": "one", "one": "two"}[want]
		if err := c.Write(ctx, websocket.MessageText, []byte(next)); err != nil {
			t.Fatal(err)
		}
	}
}

func wantTicks(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	res, err := get(t, ctx, p, "GET", "/api/v1/events", "text/event-stream")
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 3*len("data: tick\n\n"))
	if _, err := io.ReadFull(res.Body, buf); err != nil || !strings.Contains(string(buf), "tick") {
		t.Errorf("stream: %q, %v", buf, err)
	}
}

func wantRefused(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	_, res, err := websocket.Dial(t.Context(), p.URL()+"/api/v1/events", nil) //nolint:bodyclose // Dial's own
	if err == nil || res == nil || res.StatusCode != 403 {
		t.Errorf("upgrade: %v, %v; want 403", res, err)
	}
}

func wantNoUpgrade(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), moment)
	defer cancel()
	_, _, err := websocket.Dial(ctx, p.URL()+"/api/v1/events", nil) //nolint:bodyclose // Dial's own
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("upgrade: %v, want no answer", err)
	}
}

func wantMute(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), moment)
	defer cancel()
	c := dial(t, ctx, p)
	if err := c.Write(ctx, websocket.MessageText, []byte("anybody?")); err != nil {
		t.Errorf("write into the void: %v", err)
	}
	if _, got, err := c.Read(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("read %q, %v; want nothing", got, err)
	}
}

func wantCutSocket(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := dial(t, ctx, p)
	if _, got, err := c.Read(ctx); err != nil || string(got) != "hello" {
		t.Fatalf("read %q, %v; want the greeting", got, err)
	}
	if _, got, err := c.Read(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("read %q, %v; want a broken connection", got, err)
	}
}

func wantNoStream(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), moment)
	defer cancel()
	if _, err := get(t, ctx, p, "GET", "/api/v1/events", "text/event-stream"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stream: %v, want not even headers", err)
	}
}

func wantNoAnswer(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), moment)
	defer cancel()
	if _, err := get(t, ctx, p, "POST", "/api/v1/send", ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("command: %v, want no answer", err)
	}
}

func wantBroken(t *testing.T, p *badproxy.Proxy) {
	t.Helper()
	if _, err := get(t, t.Context(), p, "POST", "/api/v1/send", ""); err == nil {
		t.Error("a command was answered")
	}
}

func wantLate(d time.Duration) func(*testing.T, *badproxy.Proxy) {
	return func(t *testing.T, p *badproxy.Proxy) {
		t.Helper()
		began := time.Now()
		wantBody(t, p, "GET", "/api/v1/events", "batch")
		if took := time.Since(began); took < d {
			t.Errorf("answered after %v, want %v", took, d)
		}
	}
}
