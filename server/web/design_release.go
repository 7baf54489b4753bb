//go:build !dev

package web

import "net/http"

// devRoutes are none: see design_dev.go.
func (s *Server) devRoutes(*http.ServeMux) {}
