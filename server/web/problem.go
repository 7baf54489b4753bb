package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"

	"parley/shared/wire"
)

// handler answers a request, or says with an error why not. The error is
// written by fail and nowhere else.
type handler func(w *answer, r *http.Request) error

// fail answers r with err, unless an answer is on its way already.
func (s *Server) fail(w *answer, r *http.Request, err error) {
	if w.gone || r.Context().Err() != nil && errors.Is(err, r.Context().Err()) {
		return // nobody is there any more
	}
	p := s.problem(err, slog.String("method", r.Method), slog.String("route", r.Pattern))
	switch {
	case w.started:
		panic(http.ErrAbortHandler) // so that half an answer is not taken for a whole one
	case strings.HasPrefix(r.URL.Path, "/api/") || !accepts(r.Header, "text/html"):
		s.writeProblem(w, p)
	default:
		s.pages.problem(w, r, p)
	}
}

// problem is err as the other end may read it. What is not a Problem went
// wrong inside: it is logged here, once, and told without detail.
func (s *Server) problem(err error, where ...any) *wire.Problem {
	var p *wire.Problem
	if errors.As(err, &p) {
		return p
	}
	var crash *panicError
	if errors.As(err, &crash) {
		where = append(where, slog.String("stack", string(crash.stack)))
	}
	if !errors.Is(err, context.Canceled) {
		s.log.Error("request failed", append(where, slog.Any("error", err))...)
	}
	return wire.Errorf(wire.CodeInternal, "Something went wrong on the server. It has been noted.")
}

func (s *Server) writeProblem(w *answer, p *wire.Problem) {
	h := w.Header()
	h.Set("Content-Type", wire.ProblemType)
	h.Set("Cache-Control", "no-store")
	setProblemHeaders(h, p)
	w.WriteHeader(p.Status)
	_, _ = w.Write(wire.Encode(p))
}

// setProblemHeaders sets what a problem says in headers too.
func setProblemHeaders(h http.Header, p *wire.Problem) {
	if p.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	if p.Code == wire.CodeUnauthenticated {
		h.Set("WWW-Authenticate", `Bearer realm="parley"`)
	}
}

// panicError is a panic that was caught.
type panicError struct {
	value any
	stack []byte
}

// Error is the value of the panic.
func (e *panicError) Error() string { return fmt.Sprint("panic: ", e.value) }

// guard runs fn and gives its panic as an error: one request or connection
// ends, not the server.
func guard(fn func() error) (err error) {
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			panic(v) // meant for net/http
		default:
			err = &panicError{value: v, stack: debug.Stack()}
		}
	}()
	return fn()
}
