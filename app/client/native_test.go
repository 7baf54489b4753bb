//go:build !js

package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

// native runs a handler and gives a Net that reaches it. Goroutines that are
// left over fail the test.
func native(t *testing.T, token string, h http.HandlerFunc) *Native {
	t.Helper()
	before := runtime.NumGoroutine()
	s := httptest.NewServer(h)
	n, err := NewNative(s.URL, token)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		n.Close()
		s.Close()
		for range 500 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(10 * time.Millisecond) // they end by themselves, a moment later
		}
		buf := make([]byte, 1<<16)
		t.Errorf("goroutines are left over:\n%s", buf[:runtime.Stack(buf, true)])
	})
	return n
}

func TestNativeRequests(t *testing.T) {
	n := native(t, "", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		cookie, _ := r.Cookie("session")
		switch {
		case r.URL.Path == base+"/login" && string(body) == `{"name":"ada","password":"x"}` &&
			r.Header.Get("Content-Type") == "application/json" && r.Header.Get("Origin") == "http://"+r.Host:
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "secret", Path: "/", HttpOnly: true})
			_, _ = w.Write([]byte(`{"id":"u1","name":"ada","role":"owner"}`))
		case cookie != nil && cookie.Value == "secret" && r.URL.Path == base+"/about":
			_, _ = w.Write([]byte(`{"name":"here"}`))
		default:
			w.Header().Set("Content-Type", wire.ProblemType)
			w.WriteHeader(403)
			_, _ = w.Write(wire.Encode(wire.Errorf(wire.CodeForbidden, "No.")))
		}
	})
	door := Door{Net: n}
	if _, err := door.About(t.Context()); wire.CodeFrom(err) != wire.CodeForbidden {
		t.Errorf("without a cookie: %v", err)
	}
	u, err := door.Login(t.Context(), wire.Login{Name: "ada", Password: "x"})
	if err != nil || u.ID != "u1" {
		t.Errorf("login: %+v, %v", u, err)
	}
	if a, err := door.About(t.Context()); err != nil || a.Name != "here" {
		t.Errorf("with a cookie: %+v, %v", a, err)
	}
}

func TestNativeToken(t *testing.T) {
	n := native(t, "parley_x", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(`"` + r.Header.Get("Authorization") + `"`))
	})
	a, err := n.Do(t.Context(), Request{Method: "GET", Path: "/"})
	if err != nil || string(a.Body) != `"Bearer parley_x"` {
		t.Errorf("%s, %v", a.Body, err)
	}
}

// What hangs is abandoned at once.
func TestNativeIsAbandoned(t *testing.T) {
	n := native(t, "", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stream" {
			w.WriteHeader(200)
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
	})
	abandon := func(what string, do func(ctx context.Context) error) {
		ctx, cancel := context.WithCancel(t.Context())
		timer := time.AfterFunc(50*time.Millisecond, cancel)
		defer timer.Stop()
		begin := time.Now()
		if err := do(ctx); err == nil {
			t.Errorf("%s: no error", what)
		}
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("%s was abandoned after %v", what, took)
		}
	}
	abandon("a request", func(ctx context.Context) error {
		_, err := n.Do(ctx, Request{Method: "GET", Path: "/"})
		return err
	})
	abandon("a handshake", func(ctx context.Context) error {
		_, err := n.Dial(ctx, "/")
		return err
	})
	abandon("a stream", func(ctx context.Context) error {
		s, err := n.Stream(ctx, Request{Method: "GET", Path: "/stream", Accept: "text/event-stream"})
		if err != nil {
			t.Error(err)
			return err
		}
		defer s.Close()
		_, err = io.ReadAll(struct{ io.Reader }{s})
		return err
	})
}

func TestNativeSocket(t *testing.T) {
	n := native(t, "parley_x", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer parley_x" {
			w.WriteHeader(401)
			return
		}
		ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{wire.Subprotocol}})
		if err != nil {
			t.Error(err)
			return
		}
		ws.SetReadLimit(-1)
		_, data, err := ws.Read(r.Context())
		if err != nil {
			t.Error(err)
		}
		_ = ws.Write(r.Context(), websocket.MessageText, append([]byte("you said "), data...))
		_ = ws.Close(wire.CloseUnauthorized, "out")
	})
	s, err := n.Dial(t.Context(), "/feed")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	long := strings.Repeat("x", 100<<10) // beyond the library's own limit
	if err := s.Write(t.Context(), []byte(long)); err != nil {
		t.Fatal(err)
	}
	if data, err := s.Read(t.Context()); err != nil || string(data) != "you said "+long {
		t.Errorf("read %d bytes, %v", len(data), err)
	}
	var closed CloseError
	if _, err = s.Read(t.Context()); !errors.As(err, &closed) || closed.Code != wire.CloseUnauthorized || closed.Reason != "out" {
		t.Errorf("closed by %v", err)
	}
}

// Answers to a handshake that are not a WebSocket.
func TestNativeHandshakeRefused(t *testing.T) {
	n := native(t, "", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/problem" {
			w.Header().Set("Content-Type", wire.ProblemType)
			w.WriteHeader(401)
			_, _ = w.Write(wire.Encode(wire.Errorf(wire.CodeUnauthenticated, "Sign in.")))
			return
		}
		if r.URL.Path == "/other" {
			if ws, err := websocket.Accept(w, r, nil); err == nil {
				_, _, _ = ws.Read(r.Context())
			}
			return
		}
		w.WriteHeader(502)
	})
	if _, err := n.Dial(t.Context(), "/problem"); wire.CodeFrom(err) != wire.CodeUnauthenticated {
		t.Errorf("a problem: %v", err)
	}
	if _, err := n.Dial(t.Context(), "/proxy"); !errors.As(err, new(foreignError)) {
		t.Errorf("a proxy: %v", err)
	}
	if _, err := n.Dial(t.Context(), "/other"); err == nil {
		t.Error("a WebSocket without the subprotocol was accepted")
	}
}

func TestNativeAddress(t *testing.T) {
	for _, bad := range []string{"", "localhost:8080", "ftp://x", "http://", "http://a b"} {
		if _, err := NewNative(bad, ""); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
