package badproxy

import (
	"net/http"
	"strings"
)

// Kind is what an exchange is for, as far as a proxy can see.
type Kind int

// The kinds.
const (
	Other     Kind = iota // pages, files, queries
	Command               // POST below /api/
	WebSocket             // an upgrade
	SSE                   // a stream of events
	LongPoll              // the feed with a wait, or the lab's
	ShortPoll             // the feed without

	kinds = 6
)

// KindOf is the kind of a request.
func KindOf(r *http.Request) Kind {
	switch {
	case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		return WebSocket
	case strings.Contains(r.Header.Get("Accept"), "text/event-stream"):
		return SSE
	case r.Method == http.MethodPost && isAPI(r):
		return Command
	case !strings.HasSuffix(r.URL.Path, "/events") && !strings.HasSuffix(r.URL.Path, "/lab"):
		return Other
	}
	if wait := r.URL.Query().Get("wait"); wait != "" && wait != "0" {
		return LongPoll
	}
	return ShortPoll
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// OnAPI limits a fault to requests below /api/, so that a page and its files
// still load.
func OnAPI(f Fault) Fault { return only(isAPI, f) }

// On limits a fault to requests of some kinds.
func On(f Fault, ks ...Kind) Fault {
	return only(func(r *http.Request) bool {
		for _, k := range ks {
			if KindOf(r) == k {
				return true
			}
		}
		return false
	}, f)
}

func only(match func(*http.Request) bool, f Fault) Fault {
	return func(next http.Handler) http.Handler {
		faulty := f(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if match(r) {
				faulty.ServeHTTP(w, r)
			} else {
				next.ServeHTTP(w, r)
			}
		})
	}
}
