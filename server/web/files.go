package web

import (
	"net/http"
	"strconv"
	"strings"

	"parley/shared/wire"
	"parley/static"
)

// file answers with one of the page's files, in the smallest form that the
// client takes. Each form has an ETag of its own (RFC 9110, section 8.8.3.3).
func (s *Server) file(w *answer, r *http.Request) error {
	asset, ok := s.conf.Static.Find(r.URL.Path)
	if !ok {
		return wire.Errorf(wire.CodeNotFound, "There is no page at this address.")
	}
	form, encoding := chooseForm(asset, r.Header)
	tag := `"` + asset.Hash + encoding + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if asset.Immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if matches(r.Header, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", asset.Type)
	h.Set("Content-Length", strconv.Itoa(len(form)))
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	return writeInPieces(w, form)
}

// writeInPieces gives each 32 KiB a write's time: an app of megabytes over a
// slow line takes long and is no attack.
func writeInPieces(w *answer, data []byte) error {
	for len(data) > 0 {
		n := min(len(data), 32<<10)
		if _, err := w.Write(data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

func chooseForm(a static.Asset, h http.Header) (form []byte, encoding string) {
	switch {
	case a.Brotli != nil && acceptsEncoding(h, "br"):
		return a.Brotli, "br"
	case a.Gzip != nil && acceptsEncoding(h, "gzip"):
		return a.Gzip, "gzip"
	}
	return a.Raw, ""
}

func acceptsEncoding(h http.Header, encoding string) bool {
	for _, item := range strings.Split(strings.Join(h["Accept-Encoding"], ","), ",") {
		name, params, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			return quality(params) > 0
		}
	}
	return false
}

// matches tells whether the client has the form with this tag (RFC 9110, section 13.1.2).
func matches(h http.Header, tag string) bool {
	for _, item := range strings.Split(strings.Join(h["If-None-Match"], ","), ",") {
		item = strings.TrimSpace(item)
		if item == "*" || strings.TrimPrefix(item, "W/") == tag {
			return true
		}
	}
	return false
}
