package badproxy

import (
	"net"
	"net/http"
	"time"
)

// WSCut resets every WebSocket when it has been open for d, without a close
// frame.
func WSCut(d time.Duration) Fault {
	return On(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var timer *time.Timer
			next.ServeHTTP(hijacked{w, func(c net.Conn) net.Conn {
				timer = time.AfterFunc(d, func() { reset(c) })
				return c
			}}, r)
			if timer != nil {
				timer.Stop()
			}
		})
	}, WebSocket)
}
