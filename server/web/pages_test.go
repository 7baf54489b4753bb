package web

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"parley/shared/wire"
)

func TestPagesOfStrangers(t *testing.T) {
	c := newCommunity(t)
	var invite wire.Invite
	c.owner.do(wire.CmdCreateInvite, wire.CreateInvite{Role: wire.RoleMember}, &invite)
	for _, path := range []string{"//", "//login", "//rooms/lobby", "//invite/" + invite.Code} {
		page := c.stranger().ask("GET", path, nil)
		if page.status != http.StatusOK || page.header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Fatalf("%s: %d %v", path, page.status, page.header)
		}
		html := string(page.body)
		for _, want := range []string{
			`<html lang="en">`, `<title>Analysts</title>`, `viewport-fit=cover`, `rel="manifest"`, `theme-color`,
			`href="/static/app-1.css"`, `rel="preload" href="/static/app-1.wasm" as="fetch"`, "<body>\n<div id=\"app\"></div>\n<div id=\"page\">",
			`src="/static/wasm_exec-1.js"`, `src="/static/app-1.js"`, `<form class="form" method="post"`,
			`<script type="application/json" id="state">{"about":{"name":"Analysts"`,
		} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: no %s in\n%s", path, want, html)
			}
		}
		for _, bad := range []string{"<style", " style=", "onload=", "javascript:", "lobby\"}"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: %s is against our policy", path, bad)
			}
		}
		if got := page.header.Get("Cache-Control") + "; " + page.header.Get("Vary"); got != "private, no-store; Cookie, Accept-Language" {
			t.Errorf("%s: caches are told %q", path, got)
		}
	}
}

// The name of the community cannot become HTML.
func TestPageEscapesTheName(t *testing.T) {
	c := newEmpty(t)
	p := c.stranger()
	p.enter("/setup", wire.Setup{Name: "Ada", Password: "correct horse", Community: "</title><script>"})
	if page := string(p.ask("GET", "//", nil).body); strings.Contains(page, "</title><script>") {
		t.Error(page)
	}
}

func TestPageNotFound(t *testing.T) {
	c := newCommunity(t)
	r := c.stranger().request("GET", "//no/such/page", nil)
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	page := c.owner.send(r)
	if page.status != http.StatusNotFound || page.header.Get("Content-Type") != "text/html; charset=utf-8" ||
		!strings.Contains(string(page.body), `href="/"`) {
		t.Errorf("a browser got %d %v: %s", page.status, page.header, page.body)
	}
	c.stranger().ask("GET", "//no/such/page", nil).wants(t, wire.CodeNotFound) // a program
	r = c.stranger().request("GET", "/no/such", nil)
	r.Header.Set("Accept", "text/html")
	c.owner.send(r).wants(t, wire.CodeNotFound) // the API, always
}

func TestSecurityHeaders(t *testing.T) {
	c := newCommunity(t)
	for _, path := range []string{"//", "//static/app-1.css", "//nothing", "/about", "/sync", "/nothing"} {
		h := c.stranger().ask("GET", path, nil).header
		for name, want := range map[string]string{
			"Content-Security-Policy":    policy,
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		if strings.HasPrefix(path, "/a") || strings.HasPrefix(path, "/s") {
			if h.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: Cache-Control is %q", path, h.Get("Cache-Control"))
			}
		}
	}
	for _, bad := range []string{"unsafe-inline", "'unsafe-eval'", "http:", "*"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy allows %s", bad)
		}
	}
}

// TestOpenerPolicy: browsers take it from origins they trust, and write an error
// on the console of every other page that has it.
func TestOpenerPolicy(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) { conf.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	for host, want := range map[string]string{
		"localhost:8080": "same-origin", "parley.localhost": "same-origin", "127.0.0.1": "same-origin", "[::1]:80": "same-origin",
		"parley.lan": "", "192.168.1.4:8080": "", "localhost.example.org": "",
	} {
		for proto, want := range map[string]string{"http": want, "https": "same-origin"} {
			r := c.stranger().request("GET", "//", nil)
			r.Host = host
			r.Header.Set("X-Forwarded-Proto", proto)
			if got := c.owner.send(r).header.Get("Cross-Origin-Opener-Policy"); got != want {
				t.Errorf("%s by %s: %q, want %q", host, proto, got, want)
			}
		}
	}
}

func TestFiles(t *testing.T) {
	c := newCommunity(t)
	get := func(path, accept, has string) reply {
		r := c.stranger().request("GET", "/"+path, nil)
		r.Header.Set("Accept-Encoding", accept)
		if has != "" {
			r.Header.Set("If-None-Match", has)
		}
		return c.owner.send(r)
	}
	tags := map[string]string{}
	for accept, want := range map[string]string{
		"gzip, deflate, br, zstd": "br",
		"gzip":                    "gzip",
		"br;q=0, gzip;q=0.5":      "gzip",
		"identity":                "",
		"brotli":                  "",
	} {
		got := get("/static/app-1.wasm", accept, "")
		if got.status != 200 || got.header.Get("Content-Encoding") != want || got.header.Get("Content-Type") != "application/wasm" ||
			got.header.Get("Vary") != "Accept-Encoding" || !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
			t.Errorf("%q: %d %v", accept, got.status, got.header)
		}
		if n := map[string]int{"br": 6, "gzip": 4, "": 800_000}[want]; len(got.body) != n {
			t.Errorf("%q: %d bytes", accept, len(got.body))
		}
		tags[want] = got.header.Get("ETag")
	}
	if tags["br"] == tags["gzip"] || tags["br"] == tags[""] {
		t.Errorf("forms share a tag: %v", tags)
	}
	for accept, same := range map[string]bool{"br": true, "gzip": false} {
		got := get("/static/app-1.wasm", accept, `"other", W/`+tags["br"])
		if (got.status == http.StatusNotModified) != same || same && len(got.body) != 0 {
			t.Errorf("with br's tag, %s: %d", accept, got.status)
		}
	}
	worker := get("/sw.js", "", "")
	if worker.header.Get("Cache-Control") != "no-cache" || string(worker.body) != "self" {
		t.Errorf("worker: %v %s", worker.header, worker.body)
	}
	head := c.stranger().request("HEAD", "//static/app-1.css", nil)
	if got := c.owner.send(head); got.status != 200 || len(got.body) != 0 || got.header.Get("Content-Length") != "6" {
		t.Errorf("HEAD: %d %v", got.status, got.header)
	}
}
