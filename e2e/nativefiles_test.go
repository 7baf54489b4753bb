package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"parley/app/client"
	"parley/e2e/badproxy"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// memory is a file that is all there.
type memory []byte

// Size is how many bytes it has.
func (m memory) Size() int64 { return int64(len(m)) }

// Read gives some of them.
func (m memory) Read(_ context.Context, from, to int64) ([]byte, error) { return m[from:to], nil }

// randomFile has so many bytes, which no other has.
func randomFile(seed byte, size int) memory {
	data := make(memory, size)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(data)
	return data
}

// TestNativeFiles sends files with the client of the page to the real server, which
// is killed in the middle: messages come once, in order, and their files whole, also
// to somebody else.
func TestNativeFiles(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]badproxy.Fault{
		"straight":  nil,
		"long poll": {badproxy.WSRefuse(), badproxy.SSEBuffer()},
	} {
		t.Run(name, func(t *testing.T) {
			s := parley.Start(t)
			owner := s.Setup("Olga")
			ben := s.Member(owner, "Ben")
			proxy := through(t, s, faults...)
			c := runNative(t, proxy.URL(), "Olga")
			await(t, "live", c, func() bool { return c.Status().Live })
			must(t, c.LoadNewest(t.Context(), wire.Lobby))
			moved := make(chan struct{}, 1)
			c.Watch(func(change client.Change) {
				if change.Kind == client.ChangeUpload {
					select {
					case moved <- struct{}{}:
					default:
					}
				}
			})
			files := []memory{randomFile(1, 4<<20), nil, randomFile(2, wire.ChunkSize), randomFile(3, 5)}
			draft := client.Draft{Text: "with files"}
			for i, f := range files {
				draft.Files = append(draft.Files, client.Attachment{Name: fmt.Sprint("file ", i), Blob: f})
			}
			_, err := c.Post(wire.Lobby, draft)
			must(t, err)
			_, err = c.Send(wire.Lobby, "after")
			must(t, err)
			<-moved
			s.Kill()
			s.Again()
			await(t, "both messages", c, func() bool {
				line := c.Timeline(wire.Lobby)
				return len(line.Messages) == 2 && len(line.Outgoing) == 0
			})
			list := historyOf(t, t.Context(), ben, wire.Lobby)
			if len(list) != 2 || list[0].Text != "with files" || len(list[0].Files) != len(files) {
				t.Fatalf("said %+v", list)
			}
			for i, f := range list[0].Files {
				got, err := ben.Fetch(t.Context(), f.Path())
				if err != nil || !bytes.Equal(got, files[i]) || f.Name != fmt.Sprint("file ", i) {
					t.Errorf("%+v: %d bytes of %d, %v", f, len(got), len(files[i]), err)
				}
			}
			if own := c.Timeline(wire.Lobby).Messages[0]; !slices.Equal(own.Files, list[0].Files) {
				t.Errorf("the sender has %+v", own.Files)
			}
		})
	}
}
