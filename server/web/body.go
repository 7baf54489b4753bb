package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"parley/shared/wire"
)

// readBody is the body of r: JSON, of at most wire.MaxBody bytes, there within
// the body time-out. A request without a body gives nil.
func (s *Server) readBody(w *answer, r *http.Request) ([]byte, error) {
	if r.ContentLength == 0 && r.Header.Get("Content-Type") == "" {
		return nil, nil
	}
	if !isJSON(r.Header) {
		return nil, wire.Errorf(wire.CodeUnsupportedMediaType, "The body must be application/json.")
	}
	return s.readAll(w, r, wire.MaxBody)
}

// readAll is the body of r, of at most limit bytes, there within the body time-out.
func (s *Server) readAll(w *answer, r *http.Request, limit int64) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "" {
		return nil, wire.Errorf(wire.CodeUnsupportedMediaType, "The body must not be compressed.")
	}
	if r.ContentLength > limit {
		return nil, errBodyTooLarge(limit)
	}
	data, err := io.ReadAll(http.MaxBytesReader(w.ResponseWriter, r.Body, limit))
	var over *http.MaxBytesError
	switch {
	case err == nil:
		return data, w.rc.SetReadDeadline(time.Time{})
	case errors.As(err, &over):
		return nil, errBodyTooLarge(limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.Header().Set("Connection", "close")
		return nil, wire.Errorf(wire.CodeBadRequest, "The body did not arrive in time.")
	}
	return nil, wire.Errorf(wire.CodeBadRequest, "The body did not arrive whole.")
}

// read reads the body of r into v.
func (s *Server) read(w *answer, r *http.Request, v any) error {
	data, err := s.readBody(w, r)
	if err != nil {
		return err
	}
	return wire.Decode(data, v)
}

func errBodyTooLarge(limit int64) error {
	return wire.Errorf(wire.CodeTooLarge, "The body is larger than %d bytes.", limit)
}

func isJSON(h http.Header) bool {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset, has := params["charset"]
	return err == nil && media == "application/json" && (!has || strings.EqualFold(charset, "utf-8"))
}

// writeJSON answers with v.
func writeJSON(w *answer, v any) error {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	_, err := w.Write(wire.Encode(v))
	return err
}
