package static

import (
	"bytes"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestAssets(t *testing.T) {
	s, err := Assets()
	if err != nil {
		t.Fatal(err)
	}
	if s.Version == "" || len(s.Paths()) < len(Fixed()) {
		t.Fatalf("version %q, paths %v", s.Version, s.Paths())
	}
	if css, ok := s.Find(s.CSS); !ok || !bytes.Contains(css.Raw, []byte("--accent")) {
		t.Errorf("no style sheet under %q", s.CSS)
	}
	for _, path := range []string{s.WASM, s.Runtime, s.Script} {
		if _, ok := s.Find(path); ok != s.Built {
			t.Errorf("built is %v, and %q is there: %v", s.Built, path, ok)
		}
	}
}

// TestOpenBuilt reads a build as the build tool leaves one.
func TestOpenBuilt(t *testing.T) {
	web := fstest.MapFS{
		IndexFile:             {Data: []byte(`{"css":"/static/app-1.css","wasm":"/static/app-2.wasm","entries":[{"path":"/static/app-1.css","file":"built/app-1.css","type":"text/css","immutable":true},{"path":"/static/app-2.wasm","file":"built/app-2.wasm","type":"application/wasm","immutable":true}]}`)},
		"built/app-1.css":     {Data: []byte("a{}")},
		"built/app-2.wasm":    {Data: []byte("wasm")},
		"built/app-2.wasm.br": {Data: []byte("br")},
		"built/app-2.wasm.gz": {Data: []byte("gz")},
	}
	s, err := Open(web)
	if err != nil {
		t.Fatal(err)
	}
	app, ok := s.Find(s.WASM)
	if !ok || !s.Built || !app.Immutable || app.Type != "application/wasm" || string(app.Brotli) != "br" || string(app.Gzip) != "gz" || app.Hash != Sum([]byte("wasm")) {
		t.Errorf("the app: %+v, %v", app, ok)
	}
	if css, _ := s.Find(s.CSS); css.Brotli != nil || css.Gzip != nil {
		t.Errorf("the style sheet has forms that are not there: %+v", css)
	}
	web["built/app-1.css"].Data = []byte("b{}")
	if other, err := Open(web); err != nil || other.Version == s.Version {
		t.Errorf("other content, same version %s (%v)", s.Version, err)
	}
	delete(web, "built/app-1.css")
	if _, err := Open(web); err == nil {
		t.Error("a build with a file missing was taken")
	}
	web[IndexFile].Data = []byte("{")
	if _, err := Open(web); err == nil {
		t.Error("a damaged index was taken")
	}
}

// TestFrameColours: the browser's own frame has the colours of the page, which
// only the style sheet knows.
func TestFrameColours(t *testing.T) {
	tokens, err := fs.ReadFile(embedded, "web/css/00-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{
		"--side": SideLight + ", " + SideDark, "--ground": GroundLight + ", " + GroundDark,
	} {
		if !strings.Contains(string(tokens), token+": light-dark("+want+");") {
			t.Errorf("%s is not %s in the style sheet", token, want)
		}
	}
}

// raw are values that belong among the tokens: lengths, times, colours.
var raw = regexp.MustCompile(`(^|[^-\w.])-?[0-9]*\.?[0-9]+(px|em|rem|ch|ms|s)\b|#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl|hwb|lab|lch|oklab|oklch|cubic-bezier)a?\(|` +
	`:[^;]*\b(white|black|red|green|blue|gray|grey|orange|yellow)\b`)

// breakpoints are where the layout changes. A media query takes no variable, so
// there may be few.
var breakpoints = map[string]bool{"480px": true, "760px": true, "1000px": true}

// TestTokens: colours, spaces, sizes, corners and times are chosen in one file.
func TestTokens(t *testing.T) {
	names, err := fs.Glob(embedded, "web/css/*.css")
	if err != nil || len(names) < 5 {
		t.Fatal(names, err)
	}
	comment, width := regexp.MustCompile(`(?s)/\*.*?\*/`), regexp.MustCompile(`[0-9]+px`)
	for _, name := range names {
		css, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(comment.ReplaceAllString(string(css), ""), "\n") {
			switch {
			case strings.HasPrefix(strings.TrimSpace(line), "@media"):
				for _, w := range width.FindAllString(line, -1) {
					if !breakpoints[w] {
						t.Errorf("%s changes at %s, where nothing else does", name, w)
					}
				}
			case !strings.HasSuffix(name, "-tokens.css") && raw.MatchString(line):
				t.Errorf("%s: a value that is no token: %s", name, strings.TrimSpace(line))
			}
		}
	}
}

// TestTokensAreUsed: a token that is not defined is silently nothing, and one
// that nobody uses is a choice that nobody sees.
func TestTokensAreUsed(t *testing.T) {
	web, err := fs.Sub(embedded, "web")
	if err != nil {
		t.Fatal(err)
	}
	css, err := Stylesheet(web)
	if err != nil {
		t.Fatal(err)
	}
	defined, used := map[string]bool{}, map[string]bool{}
	for _, m := range regexp.MustCompile(`(--[a-z0-9-]+):`).FindAllStringSubmatch(string(css), -1) {
		defined[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`var\((--[a-z0-9-]+)`).FindAllStringSubmatch(string(css), -1) {
		used[m[1]] = true
		if !defined[m[1]] {
			t.Errorf("%s is used and nowhere defined", m[1])
		}
	}
	for name := range defined {
		if !used[name] {
			t.Errorf("%s is defined and nowhere used", name)
		}
	}
}

// TestWorkerSource: the service worker keeps no page and touches no answer of the API.
func TestWorkerSource(t *testing.T) {
	source, err := fs.ReadFile(embedded, "web/sw.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`startsWith("/api/")`, `request.mode === "navigate"`, "{{precache}}", "{{version}}", "{{offline}}"} {
		if !strings.Contains(string(source), want) {
			t.Errorf("sw.js lacks %s", want)
		}
	}
	emoji := `request.url.includes("/static/emoji-")) {` + "\n\t\tconst cache = await caches.open(CACHE).catch(() => undefined);\n\t\tcache?.put(request, "
	shared := strings.Count(string(source), ".put(SHARE, ") + strings.Count(string(source), `.put(SHARE + "/" + number, new Response(file))`)
	if strings.Count(string(source), ".put(") != shared+strings.Count(string(source), emoji) {
		t.Error("sw.js keeps what it has seen: pages belong to whoever was signed in")
	}
}

// TestHeadFollowsTheTheme: one colour counts for the browser's frame, the chosen
// one whatever the system says.
func TestHeadFollowsTheTheme(t *testing.T) {
	if HeadFor("") != Head {
		t.Error("without a choice the head is another")
	}
	for theme, want := range map[string]string{"light": SideLight, "dark": SideDark} {
		head := HeadFor(theme)
		if strings.Contains(head, "prefers-color-scheme") || strings.Count(head, `media="all"`) != 1 ||
			!strings.Contains(head, `media="all" content="`+want+`"`) {
			t.Errorf("the head for %s is %s", theme, head)
		}
	}
}
