package web

import (
	"net/http"
	"time"

	"parley/shared/prefs"
	"parley/shared/texts"
)

// reader is who a page is written for.
type reader struct {
	*texts.Texts
	Theme string // chosen; "" for the system's
	times clock
}

// readerOf reads it from what the reader chose, else from what the browser says.
// All of it may be made up; what makes no sense counts for nothing.
func readerOf(r *http.Request, now time.Time) reader {
	accepted := texts.Accepted(r.Header.Get("Accept-Language"))
	t := texts.For(append([]string{cookieOf(r, prefs.Language)}, accepted...)...)
	return reader{
		Texts: t,
		Theme: prefs.ThemeOf(cookieOf(r, prefs.Theme)),
		times: newClock(t, accepted, zoneOf(cookieOf(r, prefs.Zone)), now),
	}
}

// cookieOf is a cookie of the app's, which a script has set, "" for none.
func cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return unescape(c.Value)
}
