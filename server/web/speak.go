package web

import (
	"net/http"
	"strings"

	"parley/shared/prefs"
	"parley/shared/texts"
)

// prefLife is how long the browser keeps a choice, in seconds: a year, as the app does.
const prefLife = 365 * 24 * 60 * 60

// speak follows a link that chooses a language: it keeps the choice as the app
// would, and leads to the same page without it. It is false when r is no such
// link, or names a language that we do not speak.
func speak(w *answer, r *http.Request) bool {
	query := r.URL.Query()
	chosen := query.Get(prefs.Language)
	for _, t := range texts.Languages {
		if t.Lang != chosen {
			continue
		}
		http.SetCookie(w, &http.Cookie{
			Name: prefs.Language, Value: chosen, Path: "/", MaxAge: prefLife,
			Secure: w.secure, SameSite: http.SameSiteLaxMode, // not HttpOnly: the app reads it
		})
		query.Del(prefs.Language)
		there := *r.URL
		there.Scheme, there.Host, there.RawQuery = "", "", query.Encode()
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, "/"+strings.TrimLeft(there.RequestURI(), "/"), http.StatusSeeOther)
		return true
	}
	return false
}
