package web

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

// patient is how long a test waits for what must happen.
const patient = 30 * time.Second

// follower reads a feed over one of the transports.
type follower interface {
	// next is the next batch.
	next() wire.Batch
	close()
}

// The transports by name.
var transports = []string{"WebSocket", "SSE", "Long poll", "Short poll"}

// follow opens the feed by a transport.
func (p *person) follow(transport, cursor, session string) follower {
	p.c.Helper()
	q := url.Values{}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	if session != "" {
		q.Set("session", session)
	}
	switch transport {
	case "WebSocket":
		return p.socket(q)
	case "SSE":
		return p.stream(q)
	case "Long poll":
		q.Set("wait", "20")
	}
	return &poller{p: p, q: q}
}

// --- WebSocket

type socketFollower struct {
	testing.TB
	ws      *websocket.Conn
	replies map[uint64]wire.Frame
	batches []wire.Batch
	id      uint64
}

// dialSocket tries to open a WebSocket, which ends with the test at the latest.
// When it is refused it gives the answer.
func (p *person) dialSocket(q url.Values, change ...func(http.Header)) (*websocket.Conn, reply) {
	h := http.Header{"Origin": {p.c.url}}
	if p.cookie != "" {
		h.Set("Cookie", p.cookie)
	}
	if p.token != "" {
		h.Set("Authorization", "Bearer "+p.token)
	}
	for _, fn := range change {
		fn(h)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ws, resp, err := websocket.Dial(ctx, p.c.url+"/api/v1/events?"+q.Encode(), &websocket.DialOptions{
		HTTPClient: p.c.client, HTTPHeader: h, Subprotocols: []string{wire.Subprotocol},
	})
	switch {
	case err == nil:
		ws.SetReadLimit(-1)
		p.c.Cleanup(func() { _ = ws.CloseNow() })
		return ws, reply{}
	case resp == nil:
		p.c.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body) // the library keeps its first 1,024 bytes
	return nil, reply{resp.StatusCode, resp.Header, body}
}

func (p *person) socket(q url.Values) *socketFollower {
	p.c.Helper()
	ws, refused := p.dialSocket(q)
	if ws == nil {
		p.c.Fatalf("refused: %d %s", refused.status, refused.body)
	}
	return &socketFollower{TB: p.c, ws: ws, replies: map[uint64]wire.Frame{}}
}

// frame reads one frame.
func (f *socketFollower) frame() (wire.Frame, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	_, data, err := f.ws.Read(ctx)
	if err != nil {
		return wire.Frame{}, err
	}
	var frame wire.Frame
	return frame, json.Unmarshal(data, &frame)
}

// read takes one frame to where it belongs.
func (f *socketFollower) read() {
	f.Helper()
	frame, err := f.frame()
	switch {
	case err != nil:
		f.Fatal(err)
	case frame.IsReply():
		f.replies[*frame.Reply] = frame
	default:
		f.batches = append(f.batches, frame.Batch)
	}
}

func (f *socketFollower) next() wire.Batch {
	f.Helper()
	for len(f.batches) == 0 {
		f.read()
	}
	b := f.batches[0]
	f.batches = f.batches[1:]
	return b
}

// write sends a frame as it is.
func (f *socketFollower) write(data string) {
	f.Helper()
	if err := f.ws.Write(context.Background(), websocket.MessageText, []byte(data)); err != nil {
		f.Fatal(err)
	}
}

// start sends a command and gives its id.
func (f *socketFollower) start(cmd string, args any) uint64 {
	f.Helper()
	f.id++
	q := wire.Request{ID: f.id, Cmd: cmd}
	if args != nil {
		q.Args = wire.Encode(args)
	}
	f.write(string(wire.Encode(q)))
	return f.id
}

// reply waits for the reply to a command.
func (f *socketFollower) reply(id uint64) wire.Frame {
	f.Helper()
	for {
		if frame, ok := f.replies[id]; ok {
			delete(f.replies, id)
			return frame
		}
		f.read()
	}
}

// closed reads until the end and gives its code.
func (f *socketFollower) closed() int {
	f.Helper()
	for deadline := time.Now().Add(patient); ; {
		if time.Now().After(deadline) {
			f.Fatal("the WebSocket goes on")
		}
		frame, err := f.frame()
		var end websocket.CloseError
		switch {
		case errors.As(err, &end):
			return int(end.Code)
		case err != nil:
			f.Logf("ended with %v", err)
			return -1
		case !frame.IsReply():
			f.batches = append(f.batches, frame.Batch)
		}
	}
}

func (f *socketFollower) close() { _ = f.ws.Close(websocket.StatusNormalClosure, "") }

// --- SSE

type streamFollower struct {
	testing.TB
	resp   *http.Response
	lines  *bufio.Reader
	lastID string
}

func (p *person) stream(q url.Values, change ...func(http.Header)) *streamFollower {
	p.c.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	p.c.Cleanup(cancel) // a stream that goes on when it should not is not waited for either
	r := p.request("GET", "/events?"+q.Encode(), nil).WithContext(ctx)
	r.Header.Set("Accept", "text/event-stream")
	for _, fn := range change {
		fn(r.Header)
	}
	resp, err := p.c.client.Do(r)
	if err != nil {
		p.c.Fatal(err)
	}
	p.c.Cleanup(func() { resp.Body.Close() })
	if resp.StatusCode != 200 {
		data, _ := io.ReadAll(resp.Body)
		p.c.Fatalf("stream: %d %s", resp.StatusCode, data)
	}
	return &streamFollower{TB: p.c, resp: resp, lines: bufio.NewReader(resp.Body)}
}

// event is the data of the next event; an error at the end.
func (f *streamFollower) event() (string, error) {
	var data string
	for {
		line, err := f.lines.ReadString('\n')
		if errors.Is(err, context.DeadlineExceeded) {
			f.Fatal("the stream goes on")
		}
		if err != nil {
			return "", err
		}
		line = strings.TrimSuffix(line, "\n")
		switch field, value, _ := strings.Cut(line, ": "); {
		case line == "" && data != "":
			return data, nil
		case field == "id":
			f.lastID = value
		case field == "data":
			data = value
		}
	}
}

func (f *streamFollower) next() wire.Batch {
	f.Helper()
	data, err := f.event()
	if err != nil {
		f.Fatal(err)
	}
	var b wire.Batch
	if err := json.Unmarshal([]byte(data), &b); err != nil {
		f.Fatal(err)
	}
	if b.Cursor != f.lastID {
		f.Errorf("id %q, cursor %q", f.lastID, b.Cursor)
	}
	return b
}

func (f *streamFollower) close() { f.resp.Body.Close() }

// --- polls

type poller struct {
	p *person
	q url.Values
}

func (f *poller) next() wire.Batch {
	f.p.c.Helper()
	var b wire.Batch
	f.p.get("/events?"+f.q.Encode(), &b)
	f.q.Set("cursor", b.Cursor)
	return b
}

func (f *poller) close() {}

// textsOf reads messages until there are n, and gives their texts. It checks
// that their seqs have no hole.
func textsOf(t testing.TB, f follower, n int) []string {
	t.Helper()
	var list []string
	seqs := map[string]uint64{}
	for len(list) < n {
		for _, e := range f.next().Events {
			if m := e.Message; m != nil {
				if last := seqs[m.Room]; last != 0 && m.Seq != last+1 {
					t.Fatalf("seq %d after %d", m.Seq, last)
				}
				seqs[m.Room] = m.Seq
				list = append(list, m.Text)
			}
		}
	}
	return list
}
