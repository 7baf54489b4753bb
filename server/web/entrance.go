package web

import (
	"net/http"
	"time"

	"parley/shared/wire"
)

// policy is the Content-Security-Policy of all answers (CSP level 3): code and
// connections of our own origin only ('self' covers its WebSockets), nothing
// inline, nothing evaluated but WebAssembly, and no frame around us. Pictures may
// also be blobs of the page: those that are to be sent.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
	"img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

func setSecurityHeaders(h http.Header, v visitor) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	// Other sites learn nothing. With "no-referrer" browsers would keep the origin
	// of a form to themselves even towards us (Fetch, section 3.2), and without TLS
	// nothing else shows us that it is our own.
	h.Set("Referrer-Policy", "same-origin")
	if v.secure || isLoopbackHost(v.host) {
		h.Set("Cross-Origin-Opener-Policy", "same-origin") // elsewhere browsers ignore it and log an error
	}
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// ServeHTTP is where every request comes in.
func (s *Server) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	v := visitorOf(r, s.conf.Proxies)
	r.Host = v.host // the one the client asked for, for whoever reads it from here on
	w := newAnswer(rw, v, s.times.write)
	w.gzip = acceptsEncoding(r.Header, "gzip")
	setSecurityHeaders(w.Header(), v)
	if r.Body != http.NoBody {
		// Also when no handler reads it: net/http would, to keep the connection.
		_ = w.rc.SetReadDeadline(time.Now().Add(s.times.body))
	}
	err := guard(func() error { return s.enter(w, r) })
	if err != nil {
		s.fail(w, r, err)
	}
}

// enter lets a request through to its route when its address has room for it.
func (s *Server) enter(w *answer, r *http.Request) error {
	leave, ok := s.requests.enter()
	if !ok {
		w.Header().Set("Connection", "close")
		return errRestarting()
	}
	defer leave()
	if isOver(r.Context()) {
		w.Header().Set("Connection", "close")
		return s.conns.errTooMany()
	}
	if w.proxied {
		if entered, _ := s.conns.enter(w.addr, 0); !entered {
			return s.conns.errTooMany()
		}
		defer func() {
			if !w.kept { // else the WebSocket leaves
				s.conns.leave(w.addr)
			}
		}()
	}
	if err := s.csrf.Check(r); err != nil {
		return wire.Errorf(wire.CodeForbidden, "This request comes from another site.")
	}
	s.mux.ServeHTTP(w, r)
	return nil
}
