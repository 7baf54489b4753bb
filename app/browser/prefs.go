package browser

import "strings"

// cookieOf finds a cookie in document.cookie. Values of ours need no decoding:
// the choices are plain words.
func cookieOf(all, name string) string {
	for part := range strings.SplitSeq(all, ";") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(part), name+"="); ok {
			return value
		}
	}
	return ""
}

// themeMedia is the media query under which the colour of the browser's frame
// that is for one theme counts: always when the theme was chosen, never when the
// other was, else when the system says so.
func themeMedia(of, chosen string) string {
	switch chosen {
	case "":
		return "(prefers-color-scheme: " + of + ")"
	case of:
		return "all"
	}
	return "not all"
}
