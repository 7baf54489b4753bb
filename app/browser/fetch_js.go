package browser

import (
	"context"
	"fmt"
	"io"
	"sync"
	"syscall/js"
	"time"

	"parley/app/client"
)

// maxAnswer bounds in bytes an answer that is read as a whole. The largest
// regular one, a sync of a big community, is far below; beyond it somebody in
// between is answering in the server's place.
const maxAnswer = 16 << 20

// Net reaches the page's own origin. All methods may be called concurrently.
type Net struct{}

// NewNet gives the browser's network.
func NewNet() client.Net { return Net{} }

// Do makes a request and reads the whole answer.
func (n Net) Do(ctx context.Context, r client.Request) (client.Response, error) {
	s, err := fetch(ctx, r)
	if err != nil {
		return client.Response{}, err
	}
	defer s.Close()
	body, err := io.ReadAll(io.LimitReader(s, maxAnswer+1))
	if err != nil {
		return client.Response{}, err
	}
	if len(body) > maxAnswer {
		return client.Response{}, fmt.Errorf("the answer to %s is longer than %d bytes", r.Path, maxAnswer)
	}
	return client.Response{Status: s.Status(), Header: s.Header, Body: body}, nil
}

// A browser opens this many connections to a server over HTTP/1.1, and a living
// one answers within sweepPatience, or is opened anew for little.
const (
	poolSize      = 6
	sweepPatience = 400 * time.Millisecond
)

// Sweep makes as many requests as the browser may keep connections for. Each
// takes one; those that do not answer are abandoned, with their connections.
// Nothing else makes a browser drop what an outage has left, but for a change of
// its own address, and a request on a dead connection hangs for minutes.
func (n Net) Sweep(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, sweepPatience)
	defer cancel()
	var work sync.WaitGroup
	for range poolSize {
		work.Go(func() { _, _ = n.Do(ctx, client.Request{Method: "GET", Path: "/api/v1/about"}) })
	}
	work.Wait()
}

// Stream makes a request and returns with the headers. ctx governs the reading too.
func (n Net) Stream(ctx context.Context, r client.Request) (client.Stream, error) {
	return fetch(ctx, r)
}

// stream is an answer that is being read (Fetch, section 5.6; Streams, 4.2).
type stream struct {
	ctx      context.Context // of the request; ends the reading
	response js.Value
	abort    js.Value // an AbortController
	stop     func() bool

	reader js.Value // of the body; undefined until the first Read
	rest   []byte   // read and not yet asked for
	err    error    // that ended it
}

func fetch(ctx context.Context, r client.Request) (*stream, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &stream{ctx: ctx, abort: js.Global().Get("AbortController").New()}
	s.stop = context.AfterFunc(ctx, func() { s.abort.Call("abort") })
	var err error
	s.response, err = await(ctx, js.Global().Call("fetch", r.Path, s.options(r)))
	if err != nil {
		s.Close()
		return nil, s.failure(err)
	}
	return s, nil
}

func (s *stream) options(r client.Request) map[string]any {
	headers := map[string]any{}
	if r.Accept != "" {
		headers["Accept"] = r.Accept
	}
	options := map[string]any{
		"method":      r.Method,
		"headers":     headers,
		"signal":      s.abort.Get("signal"),
		"cache":       "no-store",
		"credentials": "same-origin",
		"redirect":    "error", // the API has none: who redirects is a hotspot that wants a sign-in
	}
	if r.Body != nil {
		if r.Type == "" {
			headers["Content-Type"] = "application/json"
			options["body"] = string(r.Body)
		} else {
			headers["Content-Type"] = r.Type
			body := js.Global().Get("Uint8Array").New(len(r.Body))
			js.CopyBytesToJS(body, r.Body)
			options["body"] = body
		}
	}
	return options
}

// Status is the HTTP status.
func (s *stream) Status() int { return s.response.Get("status").Int() }

// Header is a header of the answer, "" when it is absent.
func (s *stream) Header(name string) string {
	v := s.response.Get("headers").Call("get", name)
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// Read gives what has arrived, io.EOF at the end. One reader at a time.
func (s *stream) Read(p []byte) (int, error) {
	for len(s.rest) == 0 && s.err == nil {
		s.rest, s.err = s.chunk()
	}
	if len(s.rest) == 0 {
		return 0, s.err
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

func (s *stream) chunk() ([]byte, error) {
	if s.reader.IsUndefined() {
		body := s.response.Get("body")
		if body.IsNull() {
			return nil, io.EOF // 204
		}
		s.reader = body.Call("getReader")
	}
	result, err := await(s.ctx, s.reader.Call("read"))
	if err != nil {
		return nil, s.failure(err)
	}
	if result.Get("done").Bool() {
		return nil, io.EOF
	}
	value := result.Get("value")
	data := make([]byte, value.Get("length").Int())
	js.CopyBytesToGo(data, value)
	return data, nil
}

// Close abandons what has not been read. It never blocks.
func (s *stream) Close() error {
	if s.stop() {
		s.abort.Call("abort")
	}
	return nil
}

// failure prefers the reason one knows to the one the browser gives for it.
func (s *stream) failure(err error) error {
	if cause := s.ctx.Err(); cause != nil {
		return cause
	}
	return err
}
