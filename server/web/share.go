package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"parley/shared/wire"
)

// sharePath is where other programs share to (share_target in the manifest).
const sharePath = "/share"

const (
	// maxShare bounds what is read of something shared: a film is not for us, and
	// may not hold a connection for ever.
	maxShare = 16 << 20
	// maxShared bounds the address that passes it on, in bytes: proxies take
	// headers of 4 KiB and little more.
	maxShared = 3 << 10
)

// share passes on what was shared with the app, in the fragment of an address:
// that is never sent to a server, nor written to a log. The service worker does
// this better; here comes only what was shared before there was one. It changes
// nothing, whoever sends it.
func (s *Server) share(w *answer, r *http.Request) error {
	r.Body = http.MaxBytesReader(w.ResponseWriter, r.Body, maxShare)
	form, err := r.MultipartReader()
	if err != nil {
		return wire.Errorf(wire.CodeUnsupportedMediaType, "What is shared must be multipart/form-data.")
	}
	fragment := sharedFragment(form)
	w.Header().Set("Location", sharePath+"#"+fragment)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// sharedFragment is the fields title, text and url; or "again" when there is
// more than that: by then the app has a service worker, which takes it.
func sharedFragment(form *multipart.Reader) string {
	const again = "again"
	values := url.Values{}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return again
		}
		switch name := part.FormName(); name {
		case "title", "text", "url":
			data, err := io.ReadAll(io.LimitReader(part, maxShared))
			if err != nil {
				return again
			}
			if len(data) > 0 {
				values.Set(name, string(data))
			}
		case "files":
			if part.FileName() != "" {
				return again
			}
		}
	}
	fragment := strings.ReplaceAll(values.Encode(), "+", "%20")
	if len(fragment) >= maxShared {
		return again
	}
	return fragment
}
