package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"parley/static"
)

// goappScripts are the two scripts that go-app brings along: Go's runtime, and
// the one that starts the app and registers the service worker, here our own.
func goappScripts(ctx context.Context, wasm string) (runtime, start []byte, err error) {
	h := &app.Handler{Name: "Parley", Version: "1", Resources: names{"/web/app.wasm": wasm, "/app-worker.js": static.Worker}}
	runtime, start = get(ctx, h, "/wasm_exec.js"), get(ctx, h, "/app.js")

	// go-app wraps the download to count its progress, which nobody sees here and
	// which defeats Chromium's cache of compiled code: a plain fetch does not.
	counted := `fetchWithProgress("` + wasm + `", showProgress)`
	if n := strings.Count(string(start), counted); n != 1 {
		return nil, nil, fmt.Errorf("go-app's app.js has %q %d times, not once: see what changed there", counted, n)
	}
	start = []byte(strings.Replace(string(start), counted, `fetch("`+wasm+`")`, 1))
	if !strings.Contains(string(start), `"`+static.Worker+`"`) {
		return nil, nil, fmt.Errorf("go-app's app.js does not register %s: see what changed there", static.Worker)
	}
	return runtime, start, nil
}

func get(ctx context.Context, h *app.Handler, path string) []byte {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", path, nil))
	return w.Body.Bytes()
}

// names tells go-app under which name we serve what it calls otherwise.
type names map[string]string

func (n names) Resolve(location string) string {
	if name, ok := n[location]; ok {
		return name
	}
	return location
}
