package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"parley/static"
)

// builder writes files below web/built and keeps the index of them.
type builder struct {
	web   string // the folder static/web
	out   io.Writer
	index static.Index
	kept  []string // files of this build, by their names in built/
	again bool     // what is there was compressed for another kind of build
}

// wasDev tells whether what is there is a development build.
func (b *builder) wasDev() bool {
	var old static.Index
	data, err := os.ReadFile(filepath.Join(b.web, filepath.FromSlash(static.IndexFile)))
	return err == nil && json.Unmarshal(data, &old) == nil && old.Dev
}

// hashed writes a file that may be kept for ever, as its name changes with its
// content. It gives the path of its URL.
func (b *builder) hashed(name, ext, mediaType string, data []byte) (string, error) {
	name = name + "-" + static.Sum(data)[:12] + ext
	e := static.Entry{Path: "/static/" + name, File: "built/" + name, Type: mediaType, Immutable: true}
	return e.Path, b.put(e, data)
}

// filled writes a source whose placeholders are filled in.
func (b *builder) filled(source, path, mediaType string, fill *strings.Replacer) error {
	data, err := os.ReadFile(filepath.Join(b.web, source))
	if err != nil {
		return err
	}
	return b.put(static.Entry{Path: path, File: "built/" + source, Type: mediaType}, []byte(fill.Replace(string(data))))
}

// fixed copies a source that is served as it is.
func (b *builder) fixed(e static.Entry) error {
	data, err := os.ReadFile(filepath.Join(b.web, filepath.FromSlash(e.File)))
	if err != nil {
		return err
	}
	e.File = "built/" + filepath.Base(e.File)
	return b.put(e, data)
}

// put writes a file and its compressed forms, unless they are there already.
func (b *builder) put(e static.Entry, data []byte) error {
	b.index.Entries = append(b.index.Entries, e)
	b.kept = append(b.kept, filepath.Base(e.File))
	path := filepath.Join(b.web, filepath.FromSlash(e.File))
	if old, err := os.ReadFile(path); err == nil && string(old) == string(data) && !b.again {
		return nil
	}
	forms := map[string][]byte{}
	if e.Type != "image/png" && e.Type != "image/webp" { // those are compressed already
		var err error
		if forms, err = compress(data, b.index.Dev); err != nil {
			return fmt.Errorf("compress %s: %w", e.File, err)
		}
	}
	for _, suffix := range []string{".br", ".gz"} {
		if form := forms[suffix]; form != nil && len(form) < len(data) {
			if err := replace(path+suffix, form); err != nil {
				return err
			}
		} else if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if forms != nil {
		fmt.Fprintf(b.out, "%-30s %9d bytes, gzip %8d, brotli %8d\n", filepath.Base(path), len(data), len(forms[".gz"]), len(forms[".br"]))
	}
	return replace(path, data) // last: that it is there says that its forms are
}

// version changes whenever a file does that the service worker keeps.
func (b *builder) version() string {
	page, err := os.ReadFile(filepath.Join(b.web, "offline.html"))
	if err != nil {
		page = nil // filling it in will tell
	}
	names := b.index.CSS + b.index.WASM + b.index.Runtime + b.index.Script + static.Viewport + static.Head
	return static.Sum(append([]byte(names), page...))[:12]
}

// writeIndex comes after all files: the Makefile goes by the time of this one.
func (b *builder) writeIndex() error {
	data, err := json.MarshalIndent(b.index, "", "\t")
	if err != nil {
		return err
	}
	b.kept = append(b.kept, filepath.Base(static.IndexFile))
	return replace(filepath.Join(b.web, filepath.FromSlash(static.IndexFile)), append(data, '\n'))
}

// sweep removes what earlier builds left.
func (b *builder) sweep() error {
	dir := filepath.Join(b.web, "built")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	keep := map[string]bool{".gitkeep": true}
	for _, name := range b.kept {
		keep[name], keep[name+".br"], keep[name+".gz"] = true, true, true
	}
	for _, e := range entries {
		if keep[e.Name()] {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file in one step, so that a build cut short leaves no half.
func replace(path string, data []byte) error {
	if err := os.WriteFile(path+".tmp", data, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".tmp", path)
}
