package client

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"parley/shared/wire"
)

func events(r io.Reader) (list []string, err error) {
	p := newSSEParser(r)
	for {
		data, err := p.next()
		if err != nil {
			return list, err
		}
		list = append(list, string(data))
	}
}

func TestSSEParser(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"one", "data: a\n\n", "a"},
		{"no space", "data:a\n\n", "a"},
		{"one space only", "data:  a\n\n", " a"},
		{"more lines", "data: a\ndata: b\n\n", "a\nb"},
		{"CRLF", "data: a\r\ndata: b\r\n\r\n", "a\nb"},
		{"CR", "data: a\rdata: b\r\r", "a\nb"},
		{"mixed", "data: a\r\n\ndata: b\n\r\n", "a|b"},
		{"comments", ": hello\ndata: a\n: x\n\n", "a"},
		{"other fields", "id: 7\nevent: x\nretry: 10\ndata: a\nfoo\n\n", "a"},
		{"nothing to tell", "id: 7\n\n: x\n\ndata\n\ndata:\n\n", ""},
		{"cut", "data: a\n\ndata: b\n", "a"},
		{"byte order mark", "\xEF\xBB\xBFdata: a\n\n", "a"},
		{"a mark inside", "data: a\n\n\xEF\xBB\xBFdata: b\n\n", "a"},
		{"preamble", "retry: 1000\n: " + strings.Repeat(".", 2048) + "\n\nid: E-1\ndata: {}\n\n", "{}"},
	} {
		for name, r := range map[string]io.Reader{
			"whole": strings.NewReader(test.in), "byte by byte": iotest.OneByteReader(strings.NewReader(test.in)),
		} {
			got, err := events(r)
			if strings.Join(got, "|") != test.want || !errors.Is(err, io.EOF) {
				t.Errorf("%s, %s: %q, %v", test.name, name, got, err)
			}
		}
	}
}

// endless gives the same for ever.
type endless string

func (e endless) Read(p []byte) (int, error) { return copy(p, strings.Repeat(string(e), 100)), nil }

func TestSSEIsBounded(t *testing.T) {
	for _, e := range []endless{"x", "data: xxxxxxxxxxxxxxxxxxxx\n", "data:"} {
		if _, err := events(e); !errors.Is(err, errSSELine) {
			t.Errorf("%s: %v", e, err)
		}
	}
}

func FuzzSSEParser(f *testing.F) {
	f.Add([]byte("id: 1\ndata: {}\n\n"), 3)
	f.Add([]byte("data: a\r\rdata:b\r\n\r\n"), 1)
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		whole, _ := events(bytes.NewReader(in))
		parts, _ := events(iotest.OneByteReader(bytes.NewReader(in)))
		if strings.Join(whole, "\x00") != strings.Join(parts, "\x00") {
			t.Fatalf("%q is not %q", whole, parts)
		}
		if cut < 0 || cut > len(in) {
			return
		}
		head, _ := events(bytes.NewReader(in[:cut])) // what came before a cut is a beginning of it
		if len(head) > len(whole) {
			t.Fatalf("cut: %q, whole: %q", head, whole)
		}
		for i := range head {
			if head[i] != whole[i] && i != len(head)-1 {
				t.Fatalf("cut: %q, whole: %q", head, whole)
			}
		}
	})
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte(`{"cursor":"E-1","events":[{"message":{"room":"a","seq":1}}]}`))
	f.Add([]byte(`{"reply":7,"result":{}}`))
	f.Add([]byte(`{"reply":7,"error":{"code":"internal"}}`))
	f.Add([]byte(`{"cursor":"","reset":true}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, in []byte) {
		frame, err := decodeFrame(in)
		if err == nil && !frame.IsReply() && frame.Cursor == "" && !frame.Reset {
			t.Fatal("a batch without a cursor was let through")
		}
		batch, err2 := decodeBatch(in)
		if err2 == nil && batch.Cursor == "" && !batch.Reset {
			t.Fatal("a batch without a cursor was let through")
		}
		if err == nil && !frame.IsReply() {
			applyAnything(frame.Batch)
		}
	})
}

// applyAnything must survive whatever a batch says.
func applyAnything(b wire.Batch) {
	c := New(Config{})
	c.takeState(wire.Sync{Cursor: "E-0", Me: wire.User{ID: "me"}, Rooms: []wire.Room{{ID: "a"}, {ID: "b", Head: 3}}})
	c.state.rooms["a"].line.wanted = true
	c.state.rooms["b"].line = timeline{wanted: true, loaded: true, messages: []wire.Message{{Room: "b", Seq: 3}}}
	c.apply(b.Events, b.Cursor, !b.More, c.clock.Now())
	var o overlap
	o.applied(b.Events)
	_, _, _ = o.fresh(b.Events)
	c.Rooms()
	c.Users()
	c.Timeline("b")
}

// A reply that comes twice, or to nothing, finds nobody and stops nothing.
func TestRepliesTooMany(t *testing.T) {
	l := newWSLink(New(Config{}), "", nil)
	l.socket = &fakeSocket{}
	id, reply, _ := l.register()
	for range 3 {
		l.answered(wire.Frame{Reply: &id})
	}
	other := uint64(99)
	l.answered(wire.Frame{Reply: &other})
	if _, ok := <-reply; !ok || len(reply) != 0 {
		t.Error("the reply was not given once")
	}
}
