// Package prefs names what a reader has chosen and what their browser knows of
// them, as far as the server must know it too: its page is right from the first
// byte, before any script has run. The app keeps them as cookies that scripts
// can read; nothing in them is a secret, and all of it may have been made up.
package prefs

// The cookies. One that is absent means that nothing was chosen.
const (
	Language = "lang"  // BCP 47, chosen; else the browser's Accept-Language decides
	Theme    = "theme" // Light or Dark, chosen; else the system's setting decides
	Zone     = "tz"    // the browser's time zone, by its IANA name
	Room     = "room"  // the room that was open last
)

// Rung is kept for as long as a window's session: the transport that the app is
// to use and no other, by its number; see the Connection Lab.
const Rung = "rung"

// The themes. They stand in the attribute [ThemeAttr] of the html element when
// one was chosen.
const (
	Light = "light"
	Dark  = "dark"
)

// ThemeAttr is where the style sheet looks for a theme that was chosen.
const ThemeAttr = "data-theme"

// ThemeOf is the theme that a cookie names: Light, Dark, or "" for anything else.
func ThemeOf(value string) string {
	if value == Light || value == Dark {
		return value
	}
	return ""
}
