//go:build dev

package web

import (
	"net/http"

	"parley/shared/parts"
)

// devRoutes adds what only developers look at: every component in every state,
// which the app draws.
func (s *Server) devRoutes(mux *http.ServeMux) {
	mux.Handle("/design", s.route(methods{http.MethodGet: s.design}))
}

// design answers with a page that has nothing in it but the app.
func (s *Server) design(w *answer, r *http.Request) error {
	return s.pages.writeDocument(w, http.StatusOK, document{reader: readerOf(r, s.conf.Env.Now()), Title: product}, &parts.State{})
}
