package static

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// IndexFile is what the build writes last, below web/: when it is there, all
// that it names is there too.
const IndexFile = "built/assets.json"

// Index is the content of [IndexFile].
type Index struct {
	CSS     string  `json:"css"`
	WASM    string  `json:"wasm"`
	Runtime string  `json:"runtime"`
	Script  string  `json:"script"`
	Dev     bool    `json:"dev,omitempty"` // a development build: compressed quickly
	Entries []Entry `json:"entries"`
}

// Entry is one asset of an [Index]. Beside File may lie File+".br" and File+".gz".
type Entry struct {
	Path      string `json:"path"` // of its URL
	File      string `json:"file"` // below web/
	Type      string `json:"type"` // media type
	Immutable bool   `json:"immutable,omitempty"`
}

// Media types of what is built.
const (
	TypeCSS  = "text/css; charset=utf-8"
	TypeJS   = "text/javascript; charset=utf-8"
	TypeJSON = "application/json"
	TypeHTML = "text/html; charset=utf-8"
	TypeWASM = "application/wasm"
)

// Fixed are the assets that are served as they were written.
func Fixed() []Entry {
	entries := []Entry{
		{Path: "/favicon.svg", File: "icons/favicon.svg", Type: "image/svg+xml"},
		{Path: "/favicon-unread.svg", File: "icons/favicon-unread.svg", Type: "image/svg+xml"},
		{Path: "/icons/icon-192.png", File: "icons/icon-192.png", Type: "image/png"},
		{Path: "/icons/icon-512.png", File: "icons/icon-512.png", Type: "image/png"},
		{Path: "/icons/maskable-512.png", File: "icons/maskable-512.png", Type: "image/png"},
		{Path: "/icons/apple-touch-icon.png", File: "icons/apple-touch-icon.png", Type: "image/png"},
		{Path: "/icons/room-96.png", File: "icons/room-96.png", Type: "image/png"},
	}
	for _, s := range Screenshots {
		entries = append(entries, Entry{Path: s.Path, File: strings.TrimPrefix(s.Path, "/"), Type: "image/webp"})
	}
	return entries
}

// Open reads the assets from the folder web, embedded or on a disk.
func Open(web fs.FS) (*Set, error) {
	data, err := fs.ReadFile(web, IndexFile)
	if errors.Is(err, fs.ErrNotExist) {
		return openSources(web)
	}
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	var index Index
	if err := json.Unmarshal(data, &index); err != nil {
		return nil, fmt.Errorf("static: read %s: %w", IndexFile, err)
	}
	s := &Set{Built: true, CSS: index.CSS, WASM: index.WASM, Runtime: index.Runtime, Script: index.Script}
	if err := s.load(web, index.Entries); err != nil {
		return nil, err
	}
	return s, nil
}

// openSources makes do without a build: the style sheet as it was written, and
// what is served as it is.
func openSources(web fs.FS) (*Set, error) {
	s := &Set{CSS: "/static/app.css"}
	if err := s.load(web, Fixed()); err != nil {
		return nil, err
	}
	css, err := Stylesheet(web)
	if err != nil {
		return nil, err
	}
	s.add(Asset{Path: s.CSS, Type: TypeCSS, Raw: css})
	s.Version = version(s.assets)
	return s, nil
}

// Stylesheet is the sources of css/ in the order of their names.
func Stylesheet(web fs.FS) ([]byte, error) {
	names, err := fs.Glob(web, "css/*.css")
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	slices.Sort(names)
	var all []byte
	for _, name := range names {
		css, err := fs.ReadFile(web, name)
		if err != nil {
			return nil, fmt.Errorf("static: %w", err)
		}
		all = append(all, css...)
	}
	return all, nil
}

func (s *Set) load(web fs.FS, entries []Entry) error {
	for _, e := range entries {
		raw, err := fs.ReadFile(web, e.File)
		if err != nil {
			return fmt.Errorf("static: %w", err)
		}
		a := Asset{Path: e.Path, Type: e.Type, Immutable: e.Immutable, Raw: raw}
		a.Brotli, _ = fs.ReadFile(web, e.File+".br") // absent where it would not be smaller
		a.Gzip, _ = fs.ReadFile(web, e.File+".gz")
		s.add(a)
	}
	s.Version = version(s.assets)
	return nil
}

func (s *Set) add(a Asset) {
	if s.assets == nil {
		s.assets = map[string]Asset{}
	}
	a.Hash = Sum(a.Raw)
	s.assets[a.Path] = a
}

func version(assets map[string]Asset) string {
	lines := make([]string, 0, len(assets))
	for p, a := range assets {
		lines = append(lines, p+" "+a.Hash)
	}
	slices.Sort(lines)
	return Sum([]byte(strings.Join(lines, "\n")))[:12]
}

// Sum is the SHA-256 of data, in hexadecimal, cut to 128 bits.
func Sum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
