package docs

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/shared/wire"
)

// Behind the README's nginx all four transports work, the cookie is Secure,
// and the client's address and origin are known.
func TestReadmeNginx(t *testing.T) {
	nginx, err := findNginx()
	if err != nil {
		t.Fatal(err)
	}
	base := startServer(t, "--trusted-proxy", "127.0.0.1")
	post(t, http.DefaultClient, base+"/api/v1/setup", owner)
	section := readme(t, "### Behind nginx or Caddy")
	front := startNginx(t, nginx, blocks(section, "nginx")[0], strings.TrimPrefix(base, "http://"))

	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, // it is the test's own
	}}
	defer client.CloseIdleConnections()
	login := post(t, client, front+"/api/v1/login", owner)
	if cookie := login.header.Get("Set-Cookie"); login.proto != 2 || !strings.HasPrefix(cookie, "__Host-session=") || !strings.Contains(cookie, "Secure") {
		t.Errorf("HTTP/%d, cookie %q", login.proto, cookie)
	}

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	//nolint:bodyclose // the library has taken it over
	ws, _, err := websocket.Dial(ctx, front+"/api/v1/events", &websocket.DialOptions{
		HTTPClient: noHTTP2(client), Subprotocols: []string{wire.Subprotocol}, HTTPHeader: http.Header{"Origin": {front}},
	})
	if err != nil {
		t.Fatalf("WebSocket: %v", err)
	}
	defer func() { _ = ws.CloseNow() }()
	if _, _, err := ws.Read(ctx); err != nil {
		t.Fatalf("WebSocket: %v", err)
	}

	stream := openSSE(ctx, t, client, front)
	if !scanTo(stream, "data: ") {
		t.Fatal("SSE: no first batch")
	}
	cursor := poll(ctx, t, client, front+"/api/v1/events").Cursor
	polled := make(chan wire.Batch, 1)
	go func() { polled <- poll(ctx, t, client, front+"/api/v1/events?wait=20&cursor="+cursor) }()

	post(t, client, front+"/api/v1/send", `{"room": "lobby", "text": "through", "nonce": "1"}`)
	if _, data, err := ws.Read(ctx); err != nil || !bytes.Contains(data, []byte("through")) {
		t.Errorf("WebSocket: %s, %v", data, err)
	}
	if !scanTo(stream, "through") {
		t.Error("SSE: the stream ended")
	}
	if b := <-polled; len(b.Events) != 1 {
		t.Errorf("long poll: %+v", b)
	}
	if b := poll(ctx, t, client, front+"/api/v1/events?cursor="+cursor); len(b.Events) != 1 {
		t.Errorf("short poll: %+v", b)
	}
}

// openSSE is the lines of the feed as SSE, until ctx ends.
func openSSE(ctx context.Context, t *testing.T, client *http.Client, front string) *bufio.Scanner {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, front+"/api/v1/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return bufio.NewScanner(resp.Body)
}

// poll is one batch, the zero Batch after an error.
func poll(ctx context.Context, t *testing.T, client *http.Client, url string) (b wire.Batch) {
	t.Helper()
	r, err := request(ctx, client, url, "")
	if err == nil {
		err = wire.Decode(r.body, &b)
	}
	if err != nil {
		t.Error(err)
	}
	return b
}

// noHTTP2 is the same client for the WebSocket, which needs HTTP/1.1.
func noHTTP2(c *http.Client) *http.Client {
	return &http.Client{Jar: c.Jar, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}, // it is the test's own
	}}
}

// findNginx gives the path of nginx, which .ci/need fetches if the machine has none.
func findNginx() (string, error) {
	for _, path := range []string{"nginx", "/usr/sbin/nginx", "../bin/nginx/usr/sbin/nginx"} {
		if path, err := exec.LookPath(path); err == nil {
			return filepath.Abs(path)
		}
	}
	return "", errors.New("nginx is missing: run .ci/need, which fetches it into bin/, or install it")
}

// startNginx runs the README's configuration with this machine's addresses in it.
func startNginx(t *testing.T, nginx, config, backend string) (front string) {
	t.Helper()
	dir := t.TempDir()
	writeCertificate(t, dir)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	config = strings.NewReplacer(
		"listen 443 ", "listen "+addr+" ",
		"127.0.0.1:8080", strings.Replace(backend, "localhost", "127.0.0.1", 1),
		"/etc/ssl/", dir+"/",
		"chat.example.com", "localhost",
	).Replace(config)
	file := filepath.Join(dir, "nginx.conf")
	whole := fmt.Sprintf("daemon off; master_process off; pid %[1]s/pid; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n"+
		"client_body_temp_path %[1]s/a; proxy_temp_path %[1]s/b; fastcgi_temp_path %[1]s/c; uwsgi_temp_path %[1]s/d; scgi_temp_path %[1]s/e;\n%[2]s}\n", dir, config)
	if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), nginx, "-p", dir, "-c", file)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("nginx said:\n%s", &stderr)
		}
	})
	awaitListener(t, addr)
	return "https://" + strings.Replace(addr, "127.0.0.1", "localhost", 1)
}

// awaitListener tries until somebody listens there.
func awaitListener(t *testing.T, addr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for again := time.NewTicker(5 * time.Millisecond); ; {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatal("nginx does not listen")
		}
	}
}

func writeCertificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"localhost.crt": {Type: "CERTIFICATE", Bytes: cert}, "localhost.key": {Type: "EC PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
