package web

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/server/lab"
	"parley/shared/wire"
)

// A stranger opens a lane, posts to it, and gets it back over every transport,
// with what the exchange cost.
func TestLab(t *testing.T) {
	c := newCommunity(t)
	stranger := c.stranger()
	t.Run("polls", func(t *testing.T) {
		var b wire.LabBatch
		stranger.get("/lab?lane=polls", &b)
		if b.HeadUp < 50 || b.HeadDown < 100 || b.Events == nil || len(b.Events) != 0 {
			t.Errorf("at first: %+v", b)
		}
		stranger.ask("POST", "/lab", wire.LabEcho{Lane: "polls", Echo: "7"}).into(t, nil)
		stranger.get("/lab?lane=polls&wait=20", &b)
		if len(b.Events) == 0 || b.Events[len(b.Events)-1].Echo != "7" {
			t.Errorf("%+v", b)
		}
		var tick wire.LabBatch
		stranger.get(fmt.Sprint("/lab?lane=polls&wait=20&after=", b.Next), &tick)
		if len(tick.Events) == 0 || tick.Events[0].Echo != "" {
			t.Errorf("no tick: %+v", tick)
		}
	})
	t.Run("SSE", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), patient)
		defer cancel()
		r := stranger.request("GET", "/lab?lane=sse", nil).WithContext(ctx)
		r.Header.Set("Accept", "text/event-stream")
		a, err := c.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Body.Close()
		lines := bufio.NewScanner(a.Body)
		waitLine(t, lines, `data: {"next":0`)
		stranger.ask("POST", "/lab", wire.LabEcho{Lane: "sse", Echo: "8"}).into(t, nil)
		waitLine(t, lines, `"echo":"8"`)
	})
	t.Run("WebSocket", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), patient)
		defer cancel()
		ws, _, err := websocket.Dial(ctx, c.url+"/api/v1/lab?lane=ws", &websocket.DialOptions{Subprotocols: []string{wire.Subprotocol}}) //nolint:bodyclose // it says: you never need to
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = ws.CloseNow() }()
		if err := ws.Write(ctx, websocket.MessageText, wire.Encode(wire.LabEcho{Echo: "9"})); err != nil {
			t.Fatal(err)
		}
		for {
			_, data, err := ws.Read(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(data), `"echo":"9"`) {
				break
			}
		}
		if err := ws.Write(ctx, websocket.MessageText, []byte("nonsense")); err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, _, err = ws.Read(ctx)
		}
		if ctx.Err() != nil {
			t.Error("nonsense does not end the socket")
		}
	})
}

func waitLine(t *testing.T, lines *bufio.Scanner, part string) {
	t.Helper()
	for lines.Scan() {
		if strings.Contains(lines.Text(), part) {
			return
		}
	}
	t.Fatalf("the stream ends without %q: %v", part, lines.Err())
}

func TestLabBadInput(t *testing.T) {
	c := newCommunity(t)
	stranger := c.stranger()
	stranger.get("/lab?lane=a", nil)
	for _, try := range []struct {
		method, path string
		body         any
		want         wire.Code
	}{
		{"GET", "/lab", nil, wire.CodeBadRequest},
		{"GET", "/lab?lane=" + strings.Repeat("x", maxLane+1), nil, wire.CodeBadRequest},
		{"GET", "/lab?lane=a&after=x", nil, wire.CodeBadRequest},
		{"GET", "/lab?lane=a&after=-1", nil, wire.CodeBadRequest},
		{"GET", "/lab?lane=a&wait=61", nil, wire.CodeBadRequest},
		{"GET", "/lab?lane=%zz", nil, wire.CodeBadRequest},
		{"POST", "/lab", wire.LabEcho{Lane: "a"}, wire.CodeBadRequest},
		{"POST", "/lab", wire.LabEcho{Lane: "a", Echo: strings.Repeat("1", wire.MaxLabEcho+1)}, wire.CodeBadRequest},
		{"POST", "/lab", wire.LabEcho{Lane: "nobody's", Echo: "1"}, wire.CodeNotFound},
		{"POST", "/lab", "{", wire.CodeBadRequest},
		{"PUT", "/lab", "{}", wire.CodeMethodNotAllowed},
	} {
		if a := stranger.ask(try.method, try.path, try.body); a.status != try.want.Status() {
			t.Errorf("%s %.40s: %d %s", try.method, try.path, a.status, a.body)
		}
	}
}

// An operator can keep the lab for members, and a flood is slowed down.
func TestLabLimits(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) { conf.LabForMembers = true })
	c.stranger().ask("GET", "/lab?lane=a", nil).wants(t, wire.CodeUnauthenticated)
	c.stranger().ask("POST", "/lab", wire.LabEcho{Lane: "a", Echo: "1"}).wants(t, wire.CodeUnauthenticated)
	for i := range lab.MaxLanesOf {
		c.owner.get(fmt.Sprint("/lab?lane=", i), nil)
	}
	c.owner.ask("GET", "/lab?lane=more", nil).wants(t, wire.CodeRateLimited)
	for range labBurst {
		if a := c.owner.ask("GET", "/lab?lane=0&after=9", nil); a.status != http.StatusOK {
			return
		}
	}
	t.Errorf("%d requests were answered", labBurst+lab.MaxLanesOf)
}

// Echoes over a socket count as requests do.
func TestLabSocketLimit(t *testing.T) {
	c := newCommunity(t)
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, c.url+"/api/v1/lab?lane=ws", &websocket.DialOptions{Subprotocols: []string{wire.Subprotocol}}) //nolint:bodyclose // it says: you never need to
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	go func() { // far more than labBurst
		for range maxLabEchoes - 1 {
			if ws.Write(ctx, websocket.MessageText, wire.Encode(wire.LabEcho{Echo: "9"})) != nil {
				return
			}
		}
	}()
	for err == nil {
		_, _, err = ws.Read(ctx)
	}
	if ctx.Err() != nil {
		t.Errorf("%d echoes at once do not end the socket", maxLabEchoes-1)
	}
}

// The lab's WebSocket is refused as the feed's would be, so that it does not say
// that what does not work for the app works.
func TestLabSocketOfAnotherPage(t *testing.T) {
	c := newCommunity(t)
	for origin, ok := range map[string]bool{c.url: true, "https://elsewhere.example": false, "": true} {
		h := http.Header{}
		if origin != "" {
			h.Set("Origin", origin)
		}
		ws, a, err := websocket.Dial(t.Context(), c.url+"/api/v1/lab?lane=ws", &websocket.DialOptions{Subprotocols: []string{wire.Subprotocol}, HTTPHeader: h}) //nolint:bodyclose // it says: you never need to
		if (err == nil) != ok || !ok && a.StatusCode != http.StatusForbidden {
			t.Errorf("%q: %v", origin, err)
		}
		if err == nil {
			_ = ws.CloseNow()
		}
	}
}

// A server that goes down waits for no lane.
func TestLabDrains(t *testing.T) {
	c := newCommunity(t)
	stranger := c.stranger()
	stranger.get("/lab?lane=a", nil)
	waiting := make(chan struct{})
	c.ahead.Store(int64(20 * time.Second)) // silence: nothing answers by itself
	stranger.get("/lab?lane=a", nil)
	r := stranger.request("GET", "/lab?lane=a&wait=25&after=1000", nil)
	go func() {
		defer close(waiting)
		if a, err := c.client.Do(r); err == nil {
			_ = a.Body.Close()
		}
	}()
	ws, _, err := websocket.Dial(t.Context(), c.url+"/api/v1/lab?lane=b", &websocket.DialOptions{Subprotocols: []string{wire.Subprotocol}}) //nolint:bodyclose // it says: you never need to
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ws.CloseNow() }()
	ws.CloseRead(t.Context()) // as a browser, it answers the close
	began := time.Now()
	if err := c.end(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 4*time.Second {
		t.Errorf("took %v", took)
	}
	<-waiting
}
