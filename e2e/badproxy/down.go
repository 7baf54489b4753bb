package badproxy

import (
	"io"
	"net/http"
)

// Refuse resets the connection of every request: nothing is there.
func Refuse() Fault {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				abort()
			}
			reset(c)
		})
	}
}

// Hang takes every request and never answers, until the client gives up.
func Hang() Fault {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			// net/http watches for the client's leaving only when the body is read.
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			abort()
		})
	}
}
