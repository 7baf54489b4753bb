package web

import "net/http"

// shortPoll answers at once with what there is.
func (s *Server) shortPoll(w *answer, r *http.Request, f *stream) error {
	b, err := f.next(r.Context(), 0)
	if err != nil {
		return feedProblem(err)
	}
	return f.writePoll(w, b)
}
