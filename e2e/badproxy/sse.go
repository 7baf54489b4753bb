package badproxy

import (
	"io"
	"net/http"
)

// SSEBuffer holds every stream of events back, headers and body, waiting for
// an end that never comes, as proxies and virus scanners do that look at an
// answer as a whole.
func SSEBuffer() Fault {
	return On(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(&swallower{header: http.Header{}}, r)
			abort() // the client never saw a status
		})
	}, SSE)
}

// SSEFail answers requests for a stream with a status (502, say).
func SSEFail(status int) Fault {
	return On(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // what was broken is the answer
			w.WriteHeader(status)
		})
	}, SSE)
}

// swallower is a ResponseWriter from which nothing reaches the client.
type swallower struct{ header http.Header }

func (s *swallower) Header() http.Header         { return s.header }
func (s *swallower) WriteHeader(int)             {}
func (s *swallower) Write(p []byte) (int, error) { return len(p), nil }
func (s *swallower) Flush()                      {}
