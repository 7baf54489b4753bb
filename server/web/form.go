package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"unicode/utf8"

	"parley/shared/wire"
)

// maxForm bounds a posted form in bytes: a message of wire.MaxText characters,
// each of four bytes that are written as %XX, and what goes along with it.
const maxForm = wire.MaxText*12 + 8<<10

// readForm is what a form without files was filled in with.
func (s *Server) readForm(w *answer, r *http.Request) (url.Values, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, wire.Errorf(wire.CodeUnsupportedMediaType, "The body must be a form.")
	}
	data, err := s.readAll(w, r, maxForm)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(data))
	if err != nil {
		return nil, wire.Errorf(wire.CodeBadRequest, "The form cannot be read.")
	}
	for _, values := range form {
		for _, value := range values {
			if !utf8.ValidString(value) {
				return nil, wire.Errorf(wire.CodeBadRequest, "The form is not UTF-8.")
			}
		}
	}
	return form, nil
}

// formToken shows that a form comes from a page that its sender was given: it
// cannot be made without the session's cookie, which scripts and other sites
// never see. It stands beside [http.CrossOriginProtection], which needs the
// browser's word for where a request comes from. It is another one every time,
// under a random mask, so that the size of a compressed page tells nothing of it.
func formToken(id identity) string {
	token := make([]byte, 2*sha256.Size)
	mask, masked := token[:sha256.Size], token[sha256.Size:]
	_, _ = rand.Read(mask) // never fails, see crypto/rand
	subtle.XORBytes(masked, mask, formMAC(id))
	return base64.RawURLEncoding.EncodeToString(token)
}

func formMAC(id identity) []byte {
	mac := hmac.New(sha256.New, []byte(id.token))
	mac.Write([]byte("parley form"))
	return mac.Sum(nil)
}

// checkForm refuses a form whose token is not that of who sends it now.
func checkForm(id identity, form url.Values) error {
	token, err := base64.RawURLEncoding.DecodeString(form.Get("token"))
	if err == nil && id.cookie && len(token) == 2*sha256.Size {
		mac := make([]byte, sha256.Size)
		subtle.XORBytes(mac, token[:sha256.Size], token[sha256.Size:])
		if hmac.Equal(mac, formMAC(id)) {
			return nil
		}
	}
	return wire.Errorf(wire.CodeForbidden, "This page was out of date. Please try again.")
}

// seeOther leads from a form that has done its work to a page (RFC 9110, section
// 15.4.4): reloading that sends nothing again.
func seeOther(w *answer, path string) error {
	w.Header().Set("Location", path)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
	return nil
}
