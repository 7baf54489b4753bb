package web

import (
	"net/http"

	"parley/server/feed"
	"parley/shared/wire"
)

// shortPoll answers at once with what there is.
func (s *Server) shortPoll(w *answer, r *http.Request, f *stream) error {
	b, err := f.next(r.Context(), 0)
	if err != nil {
		return feedProblem(err)
	}
	return f.writePoll(w, b)
}

// pollUntil answers with what there is up to a place, and no further.
func (s *Server) pollUntil(w *answer, sub feed.Subscription, ask ask) error {
	if sub.Stream || ask.wait > 0 || ask.cursor == "" {
		return wire.Errorf(wire.CodeBadRequest, "until is for short polls with a cursor.")
	}
	b, err := s.conf.Feed.Until(sub, ask.until)
	if err != nil {
		return feedProblem(err)
	}
	return writeBatch(w, b)
}
