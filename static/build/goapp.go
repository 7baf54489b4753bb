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
// the one that registers the service worker, here our own. What that one also
// does, starting the app, start.js does better: it takes over a page that works
// without it, tries again when a download breaks, and leaves Chromium's cache of
// compiled code alone, which counting the progress of the download defeats.
func goappScripts(ctx context.Context) (runtime, script []byte, err error) {
	h := &app.Handler{Name: "Parley", Version: "1", Resources: names{"/app-worker.js": static.Worker}}
	runtime = get(ctx, h, "/wasm_exec.js")
	all, call, section := string(get(ctx, h, "/app.js")), "\ngoappInitWebAssembly();\n", "// Web Assembly\n"
	if strings.Count(all, call) != 1 || strings.Count(all, section) != 1 || !strings.Contains(all, `"`+static.Worker+`"`) {
		return nil, nil, fmt.Errorf("go-app's app.js is not what it was: see what changed there")
	}
	all, _, _ = strings.Cut(strings.Replace(all, call, "\n", 1), section)

	// This fails without a network, or without a worker any more, which is nobody's
	// mistake.
	const update = "goappServiceWorkerRegistration.update()"
	if strings.Count(all, update) != 1 {
		return nil, nil, fmt.Errorf("go-app's app.js has no %q any more: see what changed there", update)
	}
	all = strings.Replace(all, update, update+".catch(() => {})", 1)
	return runtime, []byte(all), nil
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
