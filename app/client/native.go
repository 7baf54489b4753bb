//go:build !js

package client

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

// maxAnswer bounds, in bytes, an answer that is read as a whole: the sync of a
// big community is far below it, and nothing else is nearly as long.
const maxAnswer = 16 << 20

// Native is a Net for programs, over net/http. It keeps cookies, so a [Door]
// signs it in; or it has a token. All methods may be called concurrently.
type Native struct {
	origin string // "https://chat.example"
	token  string
	http   *http.Client
}

// NewNative makes a Net for a server's origin, such as "https://chat.example".
// token is a bot's; empty for who signs in through a Door.
func NewNative(origin, token string) (*Native, error) {
	u, err := url.Parse(origin)
	if err != nil {
		return nil, fmt.Errorf("the server's address: %w", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("the server's address %q must be as in https://chat.example", origin)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 4
	return &Native{
		origin: u.Scheme + "://" + u.Host,
		token:  token,
		http: &http.Client{
			Transport: transport,
			Jar:       jar,
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse // the API has none; a redirect leads to a hotspot's page
			},
		},
	}, nil
}

// Close gives up idle connections.
func (n *Native) Close() { n.http.CloseIdleConnections() }

// Do makes a request and reads the whole answer.
func (n *Native) Do(ctx context.Context, r Request) (Response, error) {
	a, err := n.send(ctx, r)
	if err != nil {
		return Response{}, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(io.LimitReader(a.Body, maxAnswer+1))
	if err != nil {
		return Response{}, fmt.Errorf("read the answer to %s: %w", r.Path, err)
	}
	if len(body) > maxAnswer {
		return Response{}, fmt.Errorf("the answer to %s is longer than %d bytes", r.Path, maxAnswer)
	}
	return Response{Status: a.StatusCode, Header: a.Header.Get, Body: body}, nil
}

// Stream makes a request and returns with the headers.
func (n *Native) Stream(ctx context.Context, r Request) (Stream, error) {
	a, err := n.send(ctx, r) //nolint:bodyclose // the stream's Close does
	if err != nil {
		return nil, err
	}
	return nativeStream{a}, nil
}

func (n *Native) send(ctx context.Context, r Request) (*http.Response, error) {
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	q, err := http.NewRequestWithContext(ctx, r.Method, n.origin+r.Path, body)
	if err != nil {
		return nil, err
	}
	q.Header = n.header()
	if r.Accept != "" {
		q.Header.Set("Accept", r.Accept)
	}
	if r.Body != nil {
		q.Header.Set("Content-Type", cmp.Or(r.Type, "application/json"))
	}
	return n.http.Do(q)
}

// header is what every request says: who asks, and that it comes from the
// server's own origin, as that of a page would.
func (n *Native) header() http.Header {
	h := http.Header{"Origin": {n.origin}}
	if n.token != "" {
		h.Set("Authorization", "Bearer "+n.token)
	}
	return h
}

// dialTimeout bounds the tail of a handshake that was refused, which the
// library reads before it returns.
const dialTimeout = 30 * time.Second

// Dial opens a WebSocket. What the server answered instead is a *wire.Problem.
func (n *Native) Dial(ctx context.Context, path string) (Socket, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	ws, a, err := websocket.Dial(ctx, n.origin+path, &websocket.DialOptions{ //nolint:bodyclose // it says: you never need to
		HTTPClient:   n.http,
		HTTPHeader:   n.header(),
		Subprotocols: []string{wire.Subprotocol},
	})
	if err != nil {
		if a != nil && a.StatusCode != http.StatusSwitchingProtocols {
			return nil, refusal(a)
		}
		return nil, err
	}
	if ws.Subprotocol() != wire.Subprotocol {
		_ = ws.CloseNow()
		return nil, errors.New("the WebSocket does not speak " + wire.Subprotocol)
	}
	ws.SetReadLimit(maxFrame)
	return nativeSocket{ws}, nil
}

// refusal is why a handshake failed. The library keeps the first KiB of the body.
func refusal(a *http.Response) error {
	body, err := io.ReadAll(a.Body)
	if err != nil {
		return foreignError{a.StatusCode}
	}
	return problemOf(a.StatusCode, a.Header.Get("Content-Type"), body)
}

type nativeStream struct{ answer *http.Response }

func (s nativeStream) Status() int                { return s.answer.StatusCode }
func (s nativeStream) Header(name string) string  { return s.answer.Header.Get(name) }
func (s nativeStream) Read(p []byte) (int, error) { return s.answer.Body.Read(p) }
func (s nativeStream) Close() error               { return s.answer.Body.Close() }

type nativeSocket struct{ ws *websocket.Conn }

// Read gives the next text message.
func (s nativeSocket) Read(ctx context.Context) ([]byte, error) {
	kind, data, err := s.ws.Read(ctx)
	var closed websocket.CloseError
	switch {
	case errors.As(err, &closed):
		return nil, CloseError{Code: int(closed.Code), Reason: closed.Reason}
	case err != nil:
		return nil, err
	case kind != websocket.MessageText:
		return nil, errors.New("a message that is not text")
	}
	return data, nil
}

// Write sends a text message.
func (s nativeSocket) Write(ctx context.Context, data []byte) error {
	return s.ws.Write(ctx, websocket.MessageText, data)
}

// Close ends the connection without a farewell, which could block.
func (s nativeSocket) Close() error { return s.ws.CloseNow() }
