package browser

import (
	"syscall/js"

	"parley/shared/prefs"
)

// prefLife is a year in seconds: browsers keep no cookie much longer.
const prefLife = "31536000"

// prefKey is where a choice lies in localStorage.
const prefKey = storePrefix + "pref/"

// Pref is what the reader chose (see package prefs), "" for nothing. The cookie
// counts: the newest choice may have been made on a page without the app. Where it
// is gone (some browsers forget a script's cookies in a week) localStorage has it.
func Pref(name string) (value string) {
	if value = Cookie(name); value != "" {
		return value
	}
	_ = try(func() {
		if item := js.Global().Get("localStorage").Call("getItem", prefKey+name); item.Type() == js.TypeString {
			value = item.String()
		}
	})
	return value
}

// SetPref keeps a choice, for the app and for the server's page; "" takes it
// back. Where nothing may be kept it lasts as long as the page.
func SetPref(name, value string) {
	_ = try(func() {
		storage := js.Global().Get("localStorage")
		if value == "" {
			storage.Call("removeItem", prefKey+name)
			return
		}
		storage.Call("setItem", prefKey+name, value)
	})
	SetCookie(name, value)
}

// Session is what was set in this window's session, "" for nothing.
func Session(name string) (value string) {
	_ = try(func() {
		if item := js.Global().Get("sessionStorage").Call("getItem", prefKey+name); item.Type() == js.TypeString {
			value = item.String()
		}
	})
	return value
}

// SetSession keeps something for as long as this window's session; "" takes it
// back.
func SetSession(name, value string) {
	_ = try(func() {
		storage := js.Global().Get("sessionStorage")
		if value == "" {
			storage.Call("removeItem", prefKey+name)
			return
		}
		storage.Call("setItem", prefKey+name, value)
	})
}

// SetCookie sets a cookie for a year; "" deletes it.
func SetCookie(name, value string) {
	life := prefLife
	if value == "" {
		life = "0"
	}
	line := name + "=" + encodeURI(value) + "; Path=/; Max-Age=" + life + "; SameSite=Lax"
	if js.Global().Get("location").Get("protocol").String() == "https:" {
		line += "; Secure"
	}
	_ = try(func() { js.Global().Get("document").Set("cookie", line) })
}

// Cookie is a cookie that scripts may see, "" when there is none.
func Cookie(name string) (value string) {
	_ = try(func() { value = cookieOf(js.Global().Get("document").Get("cookie").String(), name) })
	return value
}

func encodeURI(s string) string { return js.Global().Call("encodeURIComponent", s).String() }

// ShowPrefs tells the page itself of language and theme: the browser
// hyphenates, chooses faces and reads aloud by the one, the style sheet and the
// browser's own frame follow the other.
func ShowPrefs(lang, theme string) {
	document := js.Global().Get("document")
	root := document.Get("documentElement")
	root.Set("lang", lang)
	if theme == "" {
		root.Call("removeAttribute", prefs.ThemeAttr)
	} else {
		root.Call("setAttribute", prefs.ThemeAttr, theme)
	}
	metas := document.Call("querySelectorAll", "meta[name=theme-color]")
	for i := range metas.Length() {
		m := metas.Index(i)
		m.Set("media", themeMedia(m.Get("dataset").Get("for").String(), theme))
	}
}

// Zone is the reader's time zone by its IANA name.
func Zone() string {
	return js.Global().Get("Intl").Get("DateTimeFormat").New().Call("resolvedOptions").Get("timeZone").String()
}
