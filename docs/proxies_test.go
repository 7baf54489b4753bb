package docs

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"parley/e2e/process"
	"parley/e2e/revproxy"
	"parley/shared/wire"
)

// TestReadmeProxies: behind the README's nginx, Caddy and HAProxy all four
// transports work at once, the cookie is Secure, the client's address and origin
// are known, and a long file comes through.
func TestReadmeProxies(t *testing.T) {
	section := readme(t, "### Behind nginx, Caddy or HAProxy")
	for kind, adapt := range map[revproxy.Kind]func(config string) string{
		revproxy.Nginx: func(config string) string {
			return "daemon off; master_process off; pid pid; error_log stderr;\nevents {}\nhttp {\naccess_log off;\n" +
				"client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;\n" + config + "}\n"
		},
		revproxy.Caddy: func(config string) string { // nothing on other ports
			return "{\nskip_install_trust\nadmin off\nauto_https disable_redirects\n}\n" + config
		},
		revproxy.HAProxy: func(config string) string { return config },
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			config := blocks(section, string(kind))
			if len(config) != 1 {
				t.Fatalf("%d blocks", len(config))
			}
			testProxy(t, kind, adapt(config[0]))
		})
	}
}

// testProxy runs a configuration of the README with this machine's addresses in it.
func testProxy(t *testing.T, kind revproxy.Kind, config string) {
	base := startServer(t, "--trusted-proxy", "127.0.0.1")
	post(t, http.DefaultClient, base+"/api/v1/setup", owner)
	addr := process.FreeAddr(t)
	site := strings.Replace(addr, "127.0.0.1", "localhost", 1)
	certificate := revproxy.Certificate(t)
	revproxy.Start(t, kind, strings.NewReplacer(
		"listen 443 ", "listen "+addr+" ",
		"bind :443 ", "bind "+addr+" ",
		"chat.example.com {", site+" {\ntls "+certificate+"/localhost.crt "+certificate+"/localhost.key", // nobody on this machine makes one for Caddy
		"127.0.0.1:8080", strings.Replace(strings.TrimPrefix(base, "http://"), "localhost", "127.0.0.1", 1),
		"/etc/ssl/", certificate+"/",
		"chat.example.com", "localhost",
	).Replace(config), addr)
	front := "https://" + site

	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, // it is the test's own
	}}
	defer client.CloseIdleConnections()
	login := post(t, client, front+"/api/v1/login", owner)
	if cookie := login.header.Get("Set-Cookie"); login.proto != 2 || !strings.HasPrefix(cookie, "__Host-session=") || !strings.Contains(cookie, "Secure") {
		t.Errorf("HTTP/%d, cookie %q", login.proto, cookie)
	}
	testTransports(t, client, front)
	testAddress(t, client, front)
	testUpload(t, client, front)
}

// testTransports follows what is said over all four.
func testTransports(t *testing.T, client *http.Client, front string) {
	t.Helper()
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

// testAddress: the proxy says whose request it is, and what a client claims
// before it counts for nothing.
func testAddress(t *testing.T, client *http.Client, front string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, front+"/api/v1/lab?lane=address&after=0&wait=0", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("X-Forwarded-For", "192.0.2.7")
	a, err := client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var b wire.LabBatch
	if err := json.NewDecoder(a.Body).Decode(&b); err != nil {
		t.Fatal(err)
	}
	said := strings.Join(b.Proxies, "\n")
	if !regexp.MustCompile(`(?m)^X-Forwarded-For: .*127\.0\.0\.1$`).MatchString(said) || !strings.Contains(said, "X-Forwarded-Proto: https") {
		t.Errorf("the server hears %q", said)
	}
}

// testUpload imports a file that is longer than what proxies let through when
// they are not told.
func testUpload(t *testing.T, client *http.Client, front string) {
	t.Helper()
	const lines = 200
	var file strings.Builder
	for i := range lines {
		fmt.Fprintf(&file, `{"text":"%s","nonce":"n%d"}`+"\n", strings.Repeat("long ", 3000), i)
	}
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, front+"/api/v1/rooms/lobby/import", strings.NewReader(file.String()))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-ndjson")
	a, err := client.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	said, err := io.ReadAll(a.Body)
	if err != nil || a.StatusCode != http.StatusOK || !strings.Contains(string(said), fmt.Sprintf(`"done":%d`, lines)) {
		t.Errorf("%d bytes are answered with %s: %s %v", file.Len(), a.Status, said, err)
	}
}
