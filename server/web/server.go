package web

import (
	"context"
	"net"
	"net/http"
)

// Server answers HTTP.
type Server struct{}

// New makes a Server. It fails when the page's files are not what it needs.
func New(c Config) (*Server, error) { panic("x") }

// Handler is all routes.
func (s *Server) Handler() http.Handler { panic("x") }

// Serve accepts connections from l until ctx ends, then drains: it stops
// accepting, gives every feed its last batch, closes WebSockets with 1012 and
// returns nil when everything has ended, at the latest after Limits.Drain. It
// closes l. Call it once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error { panic("x") }
