package static

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io/fs"
	"strconv"
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

// TestManifest: what the manifest names is there, and as large as it says.
func TestManifest(t *testing.T) {
	s, err := Assets()
	if err != nil {
		t.Fatal(err)
	}
	file, _ := s.Find(Manifest)
	var manifest struct {
		ID       string `json:"id"`
		StartURL string `json:"start_url"`
		Icons    []struct{ Src, Sizes, Type, Purpose string }
	}
	if err := json.Unmarshal(file.Raw, &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.ID != "/" || manifest.StartURL != "/" {
		t.Errorf("id %q, start_url %q", manifest.ID, manifest.StartURL)
	}
	need := map[string]bool{"192x192 any": true, "512x512 any": true, "512x512 maskable": true}
	for _, icon := range manifest.Icons {
		a, ok := s.Find(icon.Src)
		if !ok || a.Type != icon.Type {
			t.Errorf("icon %s is %v, %s", icon.Src, ok, a.Type)
			continue
		}
		delete(need, icon.Sizes+" "+icon.Purpose)
		if icon.Type != "image/png" {
			continue
		}
		config, err := png.DecodeConfig(bytes.NewReader(a.Raw))
		if want := strings.Split(icon.Sizes, "x")[0]; err != nil || config.Width != config.Height || want != strconv.Itoa(config.Width) {
			t.Errorf("icon %s: %+v, %v, want %s", icon.Src, config, err, icon.Sizes)
		}
	}
	if len(need) > 0 {
		t.Errorf("missing icons: %v", need)
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
	if strings.Contains(string(source), "cache.put") {
		t.Error("sw.js keeps what it has seen: pages belong to whoever was signed in")
	}
}
