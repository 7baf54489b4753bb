package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rule is which packages of ours one of ours may import, and why.
type rule struct {
	may string
	why string
}

// rules is the house's order. A package that is not in it may not exist.
var rules = map[string]rule{
	"shared/wire":  {"", "both ends and every program import the protocol: it can depend on neither"},
	"shared/names": {"shared/wire", "a name is the same name wherever it is compared; only the server compares"},
	"shared/rows":  {"shared/wire", "the server's page and the client draw the same rows: it can depend on neither"},
	"shared/prefs": {"", "the app writes what the server's page reads: it can depend on neither"},
	"shared/texts": {"shared/wire shared/rows", "the server's page and the client use the same words: it can depend on neither"},
	"shared/parts": {"shared/wire shared/rows shared/texts shared/prefs", "what the server draws the app takes over: it can depend on neither"},

	"server":         {"server/web server/search server/hooks server/feed server/journal server/chat server/store server/markup static shared/names shared/wire shared/texts app/client app/lab", "it puts the parts together; the doctor is the client's laboratory in a terminal"},
	"server/web":     {"server/feed server/slack server/imports server/tasks server/search server/journal server/chat server/lab static shared/names shared/wire shared/rows shared/texts shared/prefs shared/parts", "HTTP asks chat, never the file: what may be seen is decided in one place"},
	"server/search":  {"server/chat server/store shared/wire", "it follows the log as readers do, and finds words; who may read what, chat says"},
	"server/feed":    {"server/store shared/wire", "readers follow the log; whoever wrote it, and by which rules, is not their business"},
	"server/journal": {"server/chat server/store shared/wire", "it orders and commits what chat decides, and knows nobody who asks"},
	"server/chat":    {"server/store server/latin shared/names shared/wire", "the rules must give the same result on every machine: no HTTP, no connections, no waiting"},
	"server/imports": {"server/chat server/slack shared/names shared/wire", "it reads what others wrote, and asks chat to store it"},
	"server/hooks":   {"server/chat server/store shared/wire", "it follows the log as readers do, and submits what bots answer; nobody but the program itself starts it"},
	"server/slack":   {"shared/wire", "what others write is read without knowing what becomes of it"},
	"server/tasks":   {"shared/wire", "whose work it is and how far: not what it does"},
	"server/lab":     {"shared/wire", "strangers use it: there is nothing of the community in its reach"},
	"server/markup":  {"shared/rows", "what is a link is one rule; what may be shown as HTML is decided here alone"},
	"server/latin":   {"", "how a name is typed follows from the name alone"},
	"server/store":   {"shared/names shared/wire", "the file's format must not move with the rules"},

	"static":       {"", "files that are the same for everybody"},
	"static/wasm":  {"", "it knows what Go's linker writes, not whose program that is"},
	"static/emoji": {"", "it writes a table of what others have gathered"},
	"static/build": {"static static/wasm shared/texts", "it makes the files; the app is its input, not its import"},

	"app":         {"app/ui app/browser app/client", "it puts the parts together"},
	"app/ui":      {"app/client app/lab app/browser shared/wire shared/rows shared/texts shared/prefs shared/parts", "screens have no network of their own"},
	"app/browser": {"app/client shared/wire shared/prefs", "adapters know what they adapt to, and nothing of screens"},
	"app/lab":     {"app/client shared/wire shared/rows shared/texts", "the laboratory has no screen of its own: a page and a terminal show it"},
	"app/client":  {"shared/wire", "the client works without a screen: in tests, and in programs"},
}

// outside are the folders whose tests drive the whole from outside. Nothing
// imports them but each other.
var outside = []string{"e2e", "docs"}

// heavy are packages of the standard library that the app's download cannot
// afford, with their price in kilobytes of WebAssembly.
var heavy = map[string]string{
	"net/http": "825 KB; the browser has fetch", "html/template": "482 KB; package rows escapes", "text/template": "418 KB",
	"time/tzdata": "67 KB; the browser has Intl", "log/slog": "32 KB; the browser has a console",
}

// goapp brings net/http along for its server half, of which static/build trims it.
const goapp = "github.com/maxence-charriere/go-app/v10/pkg/app"

// listed is what `go list` says of a package.
type listed struct {
	ImportPath   string
	Standard     bool
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// goList lists packages for a target, by their paths; those of the module as in rules.
func goList(t *testing.T, target string, args ...string) map[string]listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-e", "-json=ImportPath,Standard,GoFiles,Imports,TestImports,XTestImports"}, args...)...)
	cmd.Dir = ".."
	goos, goarch, _ := strings.Cut(target, "/")
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	packages := map[string]listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[strings.TrimPrefix(p.ImportPath, "parley/")] = p
	}
}

var targets = []string{"linux/amd64", "darwin/arm64", "js/wasm"}

func TestWhoImportsWhom(t *testing.T) {
	for _, target := range targets {
		for name, p := range goList(t, target, "./...") {
			if isOutside(name) {
				continue
			}
			rule, known := rules[name]
			if !known && len(p.GoFiles) > 0 {
				t.Errorf("%s: a package that the house's rules do not know; is it needed, and who may import it?", name)
			}
			for _, imported := range ours(p.Imports) {
				if !slices.Contains(strings.Fields(rule.may), imported) {
					t.Errorf("%s (%s) imports %s: %s", name, target, imported, rule.why)
				}
			}
		}
	}
}

func TestNobodyImportsTheTests(t *testing.T) {
	for name, p := range goList(t, targets[0], "./...") {
		for _, imported := range ours(slices.Concat(p.Imports, p.TestImports, p.XTestImports)) {
			if isOutside(imported) && !isOutside(name) {
				t.Errorf("%s imports %s: what tests from outside cannot be part of what it tests", name, imported)
			}
			if strings.HasPrefix(name, "app") && strings.HasPrefix(imported, "server") {
				t.Errorf("%s imports %s: the app runs elsewhere, and so do its tests", name, imported)
			}
		}
	}
}

// What both ends share must be light and build everywhere.
func TestSharedNeedsLittle(t *testing.T) {
	for name, p := range goList(t, "js/wasm", "./shared/...") {
		for _, imported := range p.Imports {
			first, _, _ := strings.Cut(imported, "/")
			if strings.Contains(first, ".") && !(name == "shared/names" && strings.HasPrefix(imported, "golang.org/x/text/")) {
				t.Errorf("%s imports %s: shared is the standard library, and x/text in names alone, as every program that speaks to us carries it", name, imported)
			}
		}
	}
}

// The app's way to heavy packages is closed, also through others.
func TestAppStaysSmall(t *testing.T) {
	packages := goList(t, "js/wasm", "-deps", "./app/...")
	seen := map[string]bool{goapp: true}
	var walk func(name, path string)
	walk = func(name, path string) {
		if seen[name] {
			return
		}
		seen[name] = true
		if price, is := heavy[name]; is {
			t.Errorf("%s: %s makes the download larger by %s", path, name, price)
		}
		for _, imported := range packages[name].Imports {
			imported = strings.TrimPrefix(imported, "parley/")
			walk(imported, path+" > "+imported)
		}
	}
	for name := range packages {
		if strings.HasPrefix(name, "app/") || name == "app" {
			walk(name, name)
		}
	}
	if len(seen) < 20 {
		t.Errorf("looked at %d packages only: did the app move?", len(seen))
	}
}

func ours(imports []string) []string {
	var names []string
	for _, path := range imports {
		if name, is := strings.CutPrefix(path, "parley/"); is {
			names = append(names, name)
		}
	}
	return names
}

func isOutside(name string) bool {
	return slices.ContainsFunc(outside, func(folder string) bool {
		return name == folder || strings.HasPrefix(name, folder+"/")
	})
}
