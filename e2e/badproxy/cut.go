package badproxy

import (
	"context"
	"net/http"
	"time"
)

// CutAnswers breaks every exchange off that has lasted for d, whatever it is:
// a WebSocket, a stream, a long poll, a download.
func CutAnswers(d time.Duration) Fault {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), d)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
			if ctx.Err() != nil {
				abort()
			}
		})
	}
}
