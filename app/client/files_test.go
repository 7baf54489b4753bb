package client

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/shared/wire"
)

// chunk is a piece of a file.
const chunk = wire.ChunkSize

// Files go on each rung, in the order of writing, whatever their size.
func TestPostFiles(t *testing.T) {
	for rung, bad := range lesser {
		t.Run(rung.String(), func(t *testing.T) {
			inWorld(t, 130, func(w *world) {
				w.starting(bad, rung)
				w.send("lobby", "before")
				_, blobs := w.post("", 0, 1, chunk, chunk+1, 3*chunk-1)
				w.send("lobby", "after")
				o := w.client.Timeline("lobby").Outgoing
				if len(o) != 3 || len(o[1].Files) != 5 || o[1].Files[4].Blob != Blob(blobs[4]) {
					t.Fatalf("outgoing %+v", o)
				}
				w.allSent(10 * time.Second)
				w.level(6 * time.Second)
				if got := w.texts("lobby"); !slices.Equal(got, []string{"before", "", "after"}) {
					t.Fatalf("said %q", got)
				}
				m := w.server.said("lobby")[1]
				w.whole(m, blobs)
				if f := m.Files[3]; f.Name != "3.png" || f.Type != "image/png" || f.Width != 3 || f.Height != 4 {
					t.Errorf("the file is %+v", f)
				}
				w.exact()
			})
		})
	}
}

// Exchanges break before and after they are done: everything is sent once, in
// order, and whole.
func TestPostFilesOverBadLines(t *testing.T) {
	for rung, bad := range lesser {
		t.Run(rung.String(), func(t *testing.T) {
			inWorld(t, 131, func(w *world) {
				w.starting(bad, rung)
				bad.http.lose = 0.4
				bad.ws.lose = 0.3
				w.net.set(bad)
				var want []string
				all := map[string][]*fakeBlob{}
				for i := range 10 {
					text := fmt.Sprint("message ", i)
					want = append(want, text)
					if i%2 == 0 {
						w.send("lobby", text)
					} else {
						_, all[text] = w.post(text, w.server.rand.IntN(6*chunk), w.server.rand.IntN(2*chunk))
					}
				}
				w.allSent(30 * time.Minute)
				if got := w.texts("lobby"); !slices.Equal(got, want) {
					t.Fatalf("said %q", got)
				}
				for _, m := range w.server.said("lobby") {
					w.whole(m, all[m.Text])
				}
			})
		})
	}
}
