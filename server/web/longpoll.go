package web

import (
	"errors"
	"net/http"
	"time"

	"parley/server/feed"
)

// longPoll answers as soon as there is an event, or with an empty batch when
// the wait is over or a newer connection of the session has taken over.
func (s *Server) longPoll(w *answer, r *http.Request, f *stream, wait time.Duration) error {
	b, err := f.next(r.Context(), 0)
	if err != nil {
		return feedProblem(err)
	}
	if len(b.Events) == 0 && !b.More && !b.Reset && b.ReconnectMS == 0 {
		empty := b
		b, err = f.next(r.Context(), min(wait, s.times.longPoll))
		if errors.Is(err, feed.ErrSuperseded) {
			b, err = empty, nil
		}
	}
	if err != nil {
		return feedProblem(err)
	}
	return f.writePoll(w, b)
}

// writePoll gives one batch as the whole answer.
func (f *stream) writePoll(w *answer, b feed.Batch) error {
	if err := writeBatch(w, b); err != nil {
		return err
	}
	f.conn.Established()
	return nil
}

func writeBatch(w *answer, b feed.Batch) error {
	setFeedHeaders(w.Header(), "application/json")
	_, err := w.Write(b.Bytes())
	return err
}
