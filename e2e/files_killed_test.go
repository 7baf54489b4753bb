package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parley/app/client"
	"parley/e2e/badproxy"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// bytesBlob is a file in memory.
type bytesBlob []byte

func (b bytesBlob) Size() int64 { return int64(len(b)) }

func (b bytesBlob) Read(_ context.Context, from, to int64) ([]byte, error) { return b[from:to], nil }

// TestFilesSurvive sends files through a proxy that loses requests and answers and
// breaks connections, to a server that is killed again and again: each message is
// there once, in the order of writing, and every file is what was sent.
func TestFilesSurvive(t *testing.T) {
	t.Parallel()
	const messages = 12
	s := parley.Start(t)
	owner := s.Setup("Olga")
	proxy := through(t, s, badproxy.Drop(0.15, 7), badproxy.CutAnswers(2*time.Second))
	c := newClient(t, t.Context(), s.URL(), owner, 1)
	bad := newClient(t, t.Context(), proxy.URL(), owner, 2)
	run := func(c *client.Client) {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = c.Run(ctx)
		}()
		t.Cleanup(func() {
			cancel()
			<-done
		})
		await(t, "the first sync", c, func() bool { return c.Status().Synced })
	}
	run(c)
	run(bad)

	r := rand.NewChaCha8([32]byte{3})
	sent := map[string][]byte{}
	for i := range messages {
		d := client.Draft{Files: make([]client.Attachment, 1+i%2)}
		if i%3 == 0 {
			d.Text = fmt.Sprint("look, ", i)
		}
		for n := range d.Files {
			data := make([]byte, i*n*1000+wire.ChunkSize*(i%5))
			_, _ = r.Read(data)
			name := fmt.Sprintf("图 %d-%d.png", i, n)
			sent[name] = data
			d.Files[n] = client.Attachment{Name: name, Type: "image/png", Blob: bytesBlob(data)}
		}
		_, err := bad.Post(wire.Lobby, d)
		must(t, err)
	}
	head := func() uint64 {
		var state wire.Sync
		must(t, owner.Get(t.Context(), "/sync", &state))
		return state.Rooms[0].Head
	}
	for at := head(); at < messages; {
		await(t, "another message", c, func() bool {
			now := at
			if room, ok := c.Room(wire.Lobby); ok {
				now = room.Head
			}
			return now > at || now == messages
		})
		s.Kill()
		s.Again()
		proxy.Cut()
		at = head()
	}
	proxy.Set()
	bad.Wake("the test heals the network")
	await(t, "the outbox to be empty", bad, func() bool { return len(bad.Timeline(wire.Lobby).Outgoing) == 0 })

	history := historyOf(t, t.Context(), owner, wire.Lobby)
	if len(history) != messages {
		t.Fatalf("%d messages, want %d", len(history), messages)
	}
	for i, m := range history {
		for n, f := range m.Files {
			name := fmt.Sprintf("图 %d-%d.png", i, n)
			got, err := owner.Fetch(t.Context(), f.Path())
			if err != nil || f.Name != name || !bytes.Equal(got, sent[name]) {
				t.Errorf("%s: %q, %d bytes of %d, %v", name, f.Name, len(got), len(sent[name]), err)
			}
			delete(sent, name)
		}
	}
	if len(sent) > 0 {
		t.Errorf("%d files are missing", len(sent))
	}
	s.Kill()
	must(t, s.Check())
}
