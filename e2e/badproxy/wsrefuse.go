package badproxy

import "net/http"

// WSRefuse answers every WebSocket upgrade with 403, as proxies do that know
// no upgrade or forbid it.
func WSRefuse() Fault {
	return On(func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "upgrade not allowed", http.StatusForbidden)
		})
	}, WebSocket)
}
