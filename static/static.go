// Package static holds what every visitor gets and what never depends on who
// asks: the WebAssembly app, the style sheet, scripts, icons, the
// service worker and the page shown without a network. All of it is embedded.
//
// Hand-written sources lie in web/; what is made of them (the app, hashed names,
// compressed forms) lies in web/built/, is written by `go run ./static/build`
// and is not in git. A program compiled without it still works, but has no app
// to send: [Set.Built] tells.
//
// # What a page needs
//
// The page itself is the server's. For the app to start in it:
//
//   - the first element of body is <div id="app">; the app puts its own in its
//     place. Beside it the page may stand as the server drew it, in an element
//     that the app removes once it has taken over what is in it (see package
//     parts, which names it).
//   - in head: <link rel="stylesheet"> to [Set.CSS], <link rel="preload"
//     as="fetch" type="application/wasm" crossorigin> to [Set.WASM], [Head]
//     and [Viewport].
//   - deferred scripts [Set.Runtime], then [Set.Script].
//   - the app's own paths are /, /rooms/ID, /invite/CODE, /login and /setup: all
//     answer with a page that starts it.
package static

import (
	"embed"
	"io/fs"
	"strings"
)

// Paths that stay the same in all versions, because browsers remember them.
const (
	Manifest = "/manifest.webmanifest" // the server writes it
	Worker   = "/sw.js"                // to be served with no-cache, or an old one lives on
	Offline  = "/offline.html"
)

// Pieces of the page, ready to be put into it.
const (
	// Head are the icons, the manifest and the colours of the browser's own frame.
	Head = `<link rel="icon" href="/favicon.svg" type="image/svg+xml">` +
		`<link rel="icon" href="/icons/icon-192.png" sizes="192x192" type="image/png">` +
		`<link rel="apple-touch-icon" href="/icons/apple-touch-icon.png">` +
		`<link rel="manifest" href="` + Manifest + `" crossorigin="use-credentials">` +
		`<meta name="color-scheme" content="light dark">` +
		`<meta name="theme-color" data-for="light" media="(prefers-color-scheme: light)" content="` + SideLight + `">` +
		`<meta name="theme-color" data-for="dark" media="(prefers-color-scheme: dark)" content="` + SideDark + `">`

	// Viewport keeps the composer above a phone's keyboard and draws below its notch.
	Viewport = `<meta name="viewport" content="width=device-width, initial-scale=1, ` +
		`viewport-fit=cover, interactive-widget=resizes-content">`
)

// HeadFor is Head for a reader who has chosen a theme, "light" or "dark", instead
// of the system's: the browser's frame follows. The style sheet does where the
// html element names the theme.
func HeadFor(theme string) string {
	head := Head
	for _, of := range []string{"light", "dark"} {
		media := "all"
		if theme != of {
			media = "not all"
		}
		if theme != "" {
			head = strings.Replace(head, "(prefers-color-scheme: "+of+")", media, 1)
		}
	}
	return head
}

//go:embed all:web
var embedded embed.FS

// Asset is one file as it is served.
type Asset struct {
	Path      string // of its URL
	Type      string // media type
	Hash      string // of Raw, hexadecimal: an ETag
	Immutable bool   // its name changes with its content
	Raw       []byte
	Brotli    []byte // nil when not smaller
	Gzip      []byte // nil when not smaller
}

// Set is everything that is served as a file. It is not changed after [Assets]
// made it, so it may be read concurrently.
type Set struct {
	Version string // a hash of all assets
	Built   bool   // false: there is no app in this program; run `make build`

	// Paths of the parts that the page refers to; but for CSS empty when not built.
	CSS     string
	WASM    string
	Runtime string // Go's wasm_exec.js
	Script  string // registers the service worker and starts the app

	assets map[string]Asset
}

// Assets reads the embedded files. The error can only be a damaged build.
func Assets() (*Set, error) {
	web, err := fs.Sub(embedded, "web")
	if err != nil {
		return nil, err
	}
	return Open(web)
}

// Find gives the asset of a URL's path.
func (s *Set) Find(path string) (Asset, bool) {
	a, ok := s.assets[path]
	return a, ok
}

// Paths are the paths of all assets, in no order.
func (s *Set) Paths() []string {
	paths := make([]string, 0, len(s.assets))
	for p := range s.assets {
		paths = append(paths, p)
	}
	return paths
}
