package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"parley/server/feed"
)

// preamble starts a stream: how soon EventSource is to come back, and a
// comment that is long enough to push the first batch out of proxies that
// collect 2 KiB before they pass anything on.
var preamble = []byte("retry: 1000\n: " + strings.Repeat(".", 2<<10) + "\n\n")

// sse streams batches as Server-Sent Events (HTML, section 9.2), each with its
// cursor as id, so that an EventSource that reconnects by itself goes on where
// it was.
func (s *Server) sse(w *answer, r *http.Request, f *stream) error {
	boundKernelBuffer(connOf(r.Context()))
	b, err := f.next(r.Context(), 0)
	if err != nil {
		return feedProblem(err)
	}
	setFeedHeaders(w.Header(), "text/event-stream")
	if _, err := w.Write(preamble); err != nil {
		return err
	}
	for first := true; ; first = false {
		if err := writeSSE(w, b); err != nil {
			return err
		}
		if first {
			f.conn.Established()
		}
		if b, err = f.next(r.Context(), s.times.heartbeat); err != nil {
			return endOfStream(err)
		}
	}
}

// writeSSE writes a batch, whose JSON is one line.
func writeSSE(w *answer, b feed.Batch) error {
	if _, err := fmt.Fprintf(w, "id: %s\ndata: %s\n\n", b.Cursor, b.Bytes()); err != nil {
		return err
	}
	return w.flush()
}

// endOfStream is nil for the orderly ends of a stream that has begun; who it
// was for learns the reason by asking again.
func endOfStream(err error) error {
	for _, orderly := range []error{feed.ErrDraining, feed.ErrRevoked, feed.ErrSuperseded, feed.ErrReset} {
		if errors.Is(err, orderly) {
			return nil
		}
	}
	return err
}
