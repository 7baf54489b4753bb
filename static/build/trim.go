package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const goappModule = "github.com/maxence-charriere/go-app/v10"

// trims are what the browser's half of go-app does without. Its one package is
// for both ends: the HTTP handler brings net/http, TLS and the certificates'
// cryptography along, whose tables and init functions the linker cannot drop:
// 440 KB of the download in brotli. Nothing of it can run in a browser. Nor does
// the app match paths by patterns (70 KB), keep encrypted state, or let go-app
// number devices.
//
// An edit that does not apply ends the build, so that a new version of go-app
// is looked at before it is trimmed.
var trims = []trim{
	{file: "pkg/app/http.go"}, // the handler that serves an app
	{file: "pkg/app/wasm.go"}, // what else would mention it
	{file: "pkg/app/crypto.go", text: `package app

import (
	"errors"
	"math/rand/v2"
	"strconv"
)

var errEncrypt = errors.New("this build encrypts nothing")

func encrypt(string, []byte) ([]byte, error) { return nil, errEncrypt }

func decrypt(string, []byte) ([]byte, error) { return nil, errEncrypt }

func newID() string { return strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36) }
`},
	{file: "pkg/app/context.go", edits: []edit{
		{"\t\"github.com/google/uuid\"\n", ""},
		{"uuid.NewString()", "newID()"},
	}},
	{file: "pkg/app/state.go", edits: []edit{
		{"\t\"github.com/google/uuid\"\n", ""},
		{"uuid.NewString()", "newID()"},
	}},
	// A change is drawn at once, with all others that wait, instead of after a
	// ticker's next turn: those turns were four timers, each of which woke the app,
	// for every message that came.
	{file: "pkg/app/engine.go", edits: []edit{
		{"\t\t\tif currentFrameDuration != activeFrameDuration {\n\t\t\t\tframes.Reset(activeFrameDuration)\n" +
			"\t\t\t\tcurrentFrameDuration = activeFrameDuration\n\t\t\t}\n\t\t\tdispatch()\n", "" +
			"\t\t\tdispatch()\n\t\t\tfor len(e.dispatches) > 0 {\n\t\t\t\t(<-e.dispatches)()\n\t\t\t}\n\t\t\te.processFrame()\n"},
		{"\t\tcase <-frames.C:\n\t\t\te.processFrame()\n\t\t\tframes.Reset(iddleFrameDuration)\n\t\t\tcurrentFrameDuration = iddleFrameDuration\n\n", ""},
		{"\tif framerate <= 0 {\n\t\tframerate = 30\n\t}\n\n\tiddleFrameDuration := time.Hour\n" +
			"\tactiveFrameDuration := time.Second / time.Duration(framerate)\n\tcurrentFrameDuration := time.Nanosecond\n" +
			"\tframes := time.NewTicker(currentFrameDuration)\n\tdefer frames.Stop()\n\n", ""},
		{"\t\"time\"\n", ""},
	}},
	{file: "pkg/app/resource.go", edits: []edit{
		{"\t\"net/http\"\n", ""},
		{"\thttp.Handler\n", ""},
		{"\t\tHandler:   http.FileServer(http.Dir(directory)),\n", ""},
	}},
	{file: "pkg/app/route.go", edits: []edit{
		{"\t\"regexp\"\n", "\t\"strings\"\n"},
		{"\t\tregexp:       regexp.MustCompile(pattern),\n", "\t\tprefix:       prefixOf(pattern),\n"},
		{"\tfor _, rwr := range r.routesWithRegexp {\n\t\tif rwr.regexp.MatchString(path) {\n\t\t\treturn true\n", "\tfor _, rwr := range r.routesWithRegexp {\n\t\tif strings.HasPrefix(path, rwr.prefix) {\n\t\t\treturn true\n"},
		{"rwr.regexp.MatchString(path)", "strings.HasPrefix(path, rwr.prefix)"},
		{"type regexpRoute struct {\n\tregexp       *regexp.Regexp\n", "func prefixOf(pattern string) string {\n" +
			"\tprefix, ok := strings.CutPrefix(pattern, \"^\")\n" +
			"\tif !ok || strings.ContainsAny(prefix, `\\.+*?()|[]{}^$`) {\n" +
			"\t\tpanic(\"this build knows no patterns but ^ and what a path starts with: \" + pattern)\n\t}\n\treturn prefix\n}\n\n" +
			"type regexpRoute struct {\n\tprefix       string\n"},
	}},
}

// trim is what becomes of one file: it is edited, replaced by a text, or left out.
type trim struct {
	file  string
	edits []edit
	text  string
}

// edit replaces the one place where old stands.
type edit struct{ old, with string }

// apply makes the edits.
func (t trim) apply(source string) (string, error) {
	for _, e := range t.edits {
		if n := strings.Count(source, e.old); n != 1 {
			return "", fmt.Errorf("%s of %s has %q %d times, not once: see what changed there", t.file, goappModule, e.old, n)
		}
		source = strings.Replace(source, e.old, e.with, 1)
	}
	return source, nil
}

// trimGoapp writes the browser's half of go-app below dir, and a go.mod that
// replaces go-app by it. It gives the path of that go.mod.
func trimGoapp(ctx context.Context, dir string) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", goappModule).Output()
	if err != nil {
		return "", fmt.Errorf("find go-app: %w", err)
	}
	from, to := strings.TrimSpace(string(out)), filepath.Join(dir, "go-app")
	if err := copySources(from, to, "go.mod", "pkg/app/*.go", "pkg/errors/*.go"); err != nil {
		return "", err
	}
	for _, t := range trims {
		if err := t.write(to); err != nil {
			return "", err
		}
	}
	return writeMod(dir, to)
}

func (t trim) write(dir string) error {
	path := filepath.Join(dir, filepath.FromSlash(t.file))
	if t.text == "" && t.edits == nil {
		return os.Remove(path)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := t.text
	if text == "" {
		if text, err = t.apply(string(source)); err != nil {
			return err
		}
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// copySources copies the files that match, tests left out.
func copySources(from, to string, patterns ...string) error {
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(from, filepath.FromSlash(pattern)))
		if err != nil || len(files) == 0 {
			return fmt.Errorf("no %s in %s", pattern, from)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			name := filepath.Join(to, strings.TrimPrefix(file, from))
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(name, data, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeMod writes the module's go.mod with one replacement more, and its go.sum.
func writeMod(dir, goapp string) (string, error) {
	for from, to := range map[string]string{"go.mod": "app.mod", "go.sum": "app.sum"} {
		data, err := os.ReadFile(from)
		if err != nil {
			return "", err
		}
		if from == "go.mod" {
			data = fmt.Appendf(data, "\nreplace %s => %q\n", goappModule, goapp)
		}
		if err := os.WriteFile(filepath.Join(dir, to), data, 0o644); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, "app.mod"), nil
}
