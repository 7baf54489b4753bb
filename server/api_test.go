package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"parley/shared/wire"
)

// person is somebody who talks to a server's API.
type person struct {
	s      *server
	cookie string
	host   string // of the Host header; empty: the server's own
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (p person) ask(method, path string, args any) answer {
	p.s.t.Helper()
	var body io.Reader
	if args != nil {
		body = strings.NewReader(string(wire.Encode(args)))
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, p.s.url+"/api/v1"+path, body)
	if err != nil {
		p.s.t.Fatal(err)
	}
	if args != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.cookie != "" {
		req.Header.Set("Cookie", p.cookie)
	}
	if p.host != "" {
		req.Host = p.host
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		p.s.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		p.s.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, data}
}

// must asks, wants 200, and reads the answer into an R.
func must[R any](t *testing.T, p person, method, path string, args any) (r R) {
	t.Helper()
	a := p.ask(method, path, args)
	if a.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	if err := wire.Decode(a.body, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// enter sets up, signs up or logs in.
func (p person) enter(path string, args any) person {
	p.s.t.Helper()
	a := p.ask("POST", path, args)
	if a.status != http.StatusOK {
		p.s.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	p.cookie, _, _ = strings.Cut(a.header.Get("Set-Cookie"), ";")
	return p
}

const password = "correct horse"

// owner sets the community up.
func (s *server) owner() person {
	s.t.Helper()
	return person{s: s}.enter("/setup", wire.Setup{Name: "Ann", Password: password, Community: "Home"})
}
