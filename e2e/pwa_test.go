package e2e_test

import (
	"encoding/json"
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/shared/wire"
)

// TestInstallable: Chromium would offer to install the app, and the service
// worker is there and keeps nobody's page.
func TestInstallable(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	ada := chrome.Start(t).Profile("Ada")
	visit(ada, s.Setup("Ada"), s.URL())
	ada.Wait("the service worker", func() bool {
		return chrome.Eval[bool](ada, "navigator.serviceWorker.getRegistration().then(r => !!(r && r.active))")
	})
	ada.Reload()
	ada.Find("log", "")
	ada.Wait("the service worker to serve the page", func() bool {
		return chrome.Eval[bool](ada, "!!navigator.serviceWorker.controller")
	})
	if text := ada.Text(); strings.Contains(text, "new version") {
		t.Error("somebody who came for the first time is offered a new version")
	}
	if errs := ada.Installability(); len(errs) > 0 {
		t.Errorf("Chromium would not install the app: %q", errs)
	}
	url, data, complaints := ada.Manifest()
	if url == "" || len(complaints) > 0 {
		t.Errorf("the manifest at %q: %q", url, complaints)
	}
	var manifest map[string]any
	must(t, json.Unmarshal([]byte(data), &manifest))
	for _, field := range []string{
		"id", "name", "short_name", "start_url", "display", "icons", "theme_color", "background_color",
		"lang", "description", "display_override", "launch_handler", "share_target", "screenshots", "shortcuts",
	} {
		if manifest[field] == nil {
			t.Errorf("the manifest has no %s", field)
		}
	}
	kept := chrome.Eval[[]string](ada, `(async () => {
		const urls = [];
		for (const name of await caches.keys())
			for (const r of await (await caches.open(name)).keys()) urls.push(new URL(r.url).pathname);
		return urls;
	})()`)
	for _, path := range kept {
		if path == "/" || strings.HasPrefix(path, "/rooms") || strings.HasPrefix(path, "/api") {
			t.Errorf("the service worker keeps %s, which is one person's", path)
		}
	}
}

// TestServerAway: without a server the installed app shows what it has kept and
// says so, and a reload is all it takes when the server is back.
func TestServerAway(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	ada := chrome.Start(t).Profile("Ada")
	ada.TolerateNetwork()
	visit(ada, s.Setup("Ada"), s.URL())
	say(ada, "before")
	ada.WaitRow("before")
	ada.Wait("the service worker", func() bool {
		return chrome.Eval[bool](ada, "navigator.serviceWorker.getRegistration().then(r => !!(r && r.active))")
	})
	ada.Reload()
	ada.WaitRow("before")
	waitKept(ada, wire.Lobby, "before")
	s.Kill()
	ada.Reload()
	ada.WaitRow("before")
	waitRung(ada, "Offline")
	s.Again()
	ada.Reload()
	ada.WaitRow("before")
}
