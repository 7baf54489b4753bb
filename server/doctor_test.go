package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The doctor says of a healthy way that everything works, in a table and as JSON.
func TestDoctor(t *testing.T) {
	s := start(t, t.TempDir())
	r := parley(t, "doctor", "--for", "3s", s.url)
	if r.code != 0 || !strings.Contains(r.stdout, "WebSocket works") || !strings.Contains(r.stdout, "Parley uses WebSocket.") {
		t.Errorf("code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	r = parley(t, "doctor", "--json", "--for", "3s", s.url)
	var found struct {
		Uses       string
		Transports []struct {
			Works bool
			Trip  float64 `json:"trip_p50_ms"`
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		t.Fatalf("%v: %s", err, r.stdout)
	}
	if found.Uses != "WebSocket" || len(found.Transports) != 4 || !found.Transports[3].Works || found.Transports[0].Trip <= 0 {
		t.Errorf("%+v", found)
	}
}

// TestDoctorWithoutStreams: where neither WebSocket nor SSE passes, it says what
// to change and fails.
func TestDoctorWithoutStreams(t *testing.T) {
	s := start(t, t.TempDir())
	to, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(to)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" || strings.Contains(r.Header.Get("Accept"), "event-stream") {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	defer front.Close()
	r := parley(t, "doctor", "--for", "6s", front.URL)
	for _, want := range []string{"WebSocket: refused (403) ×3", "Long poll reaches the server with X-Forwarded-For: 127.0.0.1", "WebSocket is refused with 403 by something between", "SSE is refused with 403", "Parley uses Long poll.", "proxy_set_header Upgrade", "HAProxy"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("it does not say %q:\n%s", want, r.stdout)
		}
	}
	if r.code != 1 || !strings.Contains(r.stderr, "neither WebSocket nor SSE") || strings.Contains(r.stderr, "\r") {
		t.Errorf("code %d: %q", r.code, r.stderr) // and no line that moves: this is no terminal
	}
	r = parley(t, "doctor", "--json", "--for", "4s", front.URL)
	var found struct {
		Uses       string
		Transports []struct {
			Broke []struct {
				What   string
				Status int
			}
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		t.Fatalf("%v: %s", err, r.stdout)
	}
	if found.Uses != "Long poll" || len(found.Transports[0].Broke) == 0 || found.Transports[0].Broke[0].Status != 403 || r.code != 1 {
		t.Errorf("code %d, %+v", r.code, found)
	}
}

// TestDoctorProblemAsJSON: programs are told as JSON too that there is nothing to
// examine.
func TestDoctorProblemAsJSON(t *testing.T) {
	r := parley(t, "doctor", "--json", "http://127.0.0.1:1")
	var found struct{ URL, Problem string }
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		t.Fatalf("%v: %s", err, r.stdout)
	}
	if r.code != 1 || found.URL != "http://127.0.0.1:1" || !strings.Contains(found.Problem, "refused") {
		t.Errorf("code %d, %+v", r.code, found)
	}
}

// What cannot be a Parley is said in one line.
func TestDoctorFindsNoParley(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	hotspot := httptest.NewServer(http.RedirectHandler("http://hotspot.example/login", http.StatusFound))
	defer hotspot.Close()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<h1>Welcome</h1>")) }))
	defer page.Close()
	selfMade := httptest.NewTLSServer(http.NotFoundHandler())
	defer selfMade.Close()
	for address, detail := range map[string]string{
		"http://nosuch.invalid":  "nosuch.invalid cannot be resolved",
		"http://127.0.0.1:1":     "refused",
		speaksNoHTTP(t):          "speaks no HTTP",
		selfMade.URL:             "signed by nobody known",
		expired(t):               "has expired",
		other.URL:                "no Parley",
		page.URL:                 "no Parley",
		hotspot.URL:              "hotspot.example",
		"https" + other.URL[4:]:  "speaks no HTTP",
		"ftp://chat.example.com": "not an address",
	} {
		refused(t, parley(t, "doctor", "--for", "1s", address), detail)
	}
}

// expired is an address whose certificate is from long ago.
func expired(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	old := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().AddDate(-2, 0, 0), NotAfter: time.Now().AddDate(-1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, old, old, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// speaksNoHTTP is an address where something answers, but not in HTTP.
func speaksNoHTTP(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(patience))
			_, _ = conn.Write([]byte("220 mail.example ESMTP\r\n"))
			_ = conn.Close()
		}
	}()
	return "http://" + l.Addr().String()
}
