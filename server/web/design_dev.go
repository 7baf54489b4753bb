//go:build dev

package web

import "net/http"

// devRoutes adds what only developers look at: every component in every state,
// which the app draws.
func (s *Server) devRoutes(mux *http.ServeMux) {
	mux.Handle("/design", s.route(methods{http.MethodGet: s.pages.app}))
}
