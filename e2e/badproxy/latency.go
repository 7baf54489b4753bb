package badproxy

import (
	"net/http"
	"time"
)

// Latency holds every request back for d. What flows in an open stream is not
// delayed.
func Latency(d time.Duration) Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(d):
				next.ServeHTTP(w, r)
			case <-r.Context().Done():
				abort()
			}
		})
	}
}
