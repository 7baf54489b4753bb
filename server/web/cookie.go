package web

import (
	"net/http"
	"time"
)

// cookieName is the name of the session's cookie. Under TLS it has the prefix
// with which browsers take it from this host over TLS alone (RFC 6265bis, 4.1.3.2).
func cookieName(secure bool) string {
	if secure {
		return "__Host-session"
	}
	return "session"
}

// setCookie gives the browser a session until expires.
func setCookie(w *answer, token string, now, expires time.Time) {
	http.SetCookie(w, &http.Cookie{
		Name:     cookieName(w.secure),
		Value:    token,
		Path:     "/",
		Expires:  expires,
		MaxAge:   int(expires.Sub(now).Seconds()),
		HttpOnly: true,
		Secure:   w.secure,
		SameSite: http.SameSiteLaxMode,
	})
}

// dropCookie takes the session from the browser.
func dropCookie(w *answer) {
	http.SetCookie(w, &http.Cookie{
		Name:     cookieName(w.secure),
		Path:     "/",
		MaxAge:   -1,
		HttpOnly: true,
		Secure:   w.secure,
		SameSite: http.SameSiteLaxMode,
	})
}
