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
	"io"
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
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, //nolint:gosec // the test's own certificate
	}}
	defer client.CloseIdleConnections()
	resp := post(t, client, front+"/api/v1/login", owner)
	if cookie := resp.Header.Get("Set-Cookie"); resp.ProtoMajor != 2 || !strings.HasPrefix(cookie, "__Host-session=") || !strings.Contains(cookie, "Secure") {
		t.Errorf("%s, cookie %q", resp.Proto, cookie)
	}

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
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

	sse := get(t, ctx, client, front+"/api/v1/events", "text/event-stream")
	defer sse.Body.Close()
	stream := bufio.NewScanner(sse.Body)
	if !scanTo(stream, "data: ") {
		t.Fatal("SSE: no first batch")
	}
	cursor := batch(t, get(t, ctx, client, front+"/api/v1/events", "")).Cursor
	polled := make(chan *http.Response, 1)
	go func() { polled <- get(t, ctx, client, front+"/api/v1/events?wait=20&cursor="+cursor, "") }()

	post(t, client, front+"/api/v1/send", `{"room": "lobby", "text": "through", "nonce": "1"}`)
	if _, data, err := ws.Read(ctx); err != nil || !bytes.Contains(data, []byte("through")) {
		t.Errorf("WebSocket: %s, %v", data, err)
	}
	if !scanTo(stream, "through") {
		t.Error("SSE: the stream ended")
	}
	if resp := <-polled; resp == nil || len(batch(t, resp).Events) != 1 {
		t.Error("long poll: no event")
	}
	if len(batch(t, get(t, ctx, client, front+"/api/v1/events?cursor="+cursor, "")).Events) != 1 {
		t.Error("short poll: no event")
	}
}

// noHTTP2 is the same client for the WebSocket, which needs HTTP/1.1.
func noHTTP2(c *http.Client) *http.Client {
	return &http.Client{Jar: c.Jar, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}}, //nolint:gosec // the test's own certificate
	}}
}

func get(t *testing.T, ctx context.Context, client *http.Client, url, accept string) *http.Response {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Error(err)
		return nil
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Error(err)
		return nil
	}
	return resp
}

func batch(t *testing.T, resp *http.Response) (b wire.Batch) {
	t.Helper()
	if resp == nil {
		return b
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err == nil {
		err = wire.Decode(data, &b)
	}
	if err != nil {
		t.Errorf("%v: %s", err, data)
	}
	return b
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
	for deadline := time.Now().Add(patience); ; {
		conn, err := net.DialTimeout("tcp", addr, time.Second) //nolint:noctx // has its own end
		if err == nil {
			_ = conn.Close()
			return "https://" + strings.Replace(addr, "127.0.0.1", "localhost", 1)
		}
		if time.Now().After(deadline) {
			t.Fatalf("nginx does not listen: %s", &stderr)
		}
		time.Sleep(5 * time.Millisecond)
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
