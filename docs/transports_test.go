package docs

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestHandshake sends the page's handshake to a server, byte for byte, and takes
// the page's sums.
func TestHandshake(t *testing.T) {
	page, err := os.ReadFile("transports.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := blocks(string(page), "")
	if len(blocks) != 3 {
		t.Fatalf("found %d blocks", len(blocks))
	}
	request, sums, answer := blocks[0], blocks[1], blocks[2]

	sum := func(name string) string {
		t.Helper()
		m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` +(\S+)$`).FindStringSubmatch(sums)
		if m == nil {
			t.Fatalf("the page has no %s", name)
		}
		return m[1]
	}
	const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
	key := sum("key")
	if raw, err := base64.StdEncoding.DecodeString(key); err != nil || len(raw) != 16 {
		t.Errorf("the key is %d bytes, %v", len(raw), err)
	}
	digest := sha1.Sum([]byte(key + guid)) //nolint:gosec // what the protocol says
	if sum("key + GUID") != key+guid || sum("SHA-1") != hex.EncodeToString(digest[:]) || sum("Base64") != base64.StdEncoding.EncodeToString(digest[:]) {
		t.Errorf("the sums are wrong: %s", sums)
	}
	if !strings.Contains(request, "\nSec-WebSocket-Key: "+key+"\n") || !strings.Contains(answer, "\nSec-WebSocket-Accept: "+sum("Base64")+"\n") {
		t.Error("the example has another key, or accepts another")
	}

	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(startServer(t), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	fmt.Fprint(conn, strings.ReplaceAll(request, "\n", "\r\n"))
	got, err := http.ReadResponse(bufio.NewReader(conn), nil) //nolint:bodyclose // a 101 has none
	if err != nil {
		t.Fatal(err)
	}
	want, err := http.ReadResponse(bufio.NewReader(strings.NewReader(strings.ReplaceAll(answer, "\n", "\r\n"))), nil) //nolint:bodyclose // a 101 has none
	if err != nil {
		t.Fatal(err)
	}
	if got.StatusCode != want.StatusCode {
		t.Fatalf("answered %d", got.StatusCode)
	}
	for name, values := range want.Header {
		if got.Header.Get(name) != values[0] {
			t.Errorf("%s: %q, the page says %q", name, got.Header.Get(name), values[0])
		}
	}
}

// measured are the marks around the table.
var measured = regexp.MustCompile(`(?s)<!-- measured -->\n.*<!-- /measured -->`)

// doctor is what the doctor says of one transport, as JSON.
type doctor struct {
	Version    string
	Transports []struct {
		Transport string
		Works     bool
		Connect   float64 `json:"connect_ms"`
		P50       float64 `json:"trip_p50_ms"`
		P95       float64 `json:"trip_p95_ms"`
		Messages  int
		Requests  int
		Overhead  int `json:"overhead_per_message"`
	}
}

// TestTransports holds the page to have its table, with all four transports; with
// PARLEY_WRITE it measures and writes the table anew.
func TestTransports(t *testing.T) {
	page, err := os.ReadFile("transports.md")
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("PARLEY_WRITE") != "" {
		page = measured.ReplaceAll(page, []byte("<!-- measured -->\n"+measure(t)+"<!-- /measured -->"))
		if err := os.WriteFile("transports.md", page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	table := measured.Find(page)
	for _, transport := range []string{"WebSocket", "SSE", "Long poll", "Short poll"} {
		if !regexp.MustCompile(`(?m)^\| ` + transport + ` (\| [\d.]+[^|]*){6}\|$`).Match(table) {
			t.Errorf("the table has no figures for %s: %s", transport, table)
		}
	}
}

func measure(t *testing.T) string {
	t.Helper()
	base := startServer(t)
	out, err := exec.CommandContext(t.Context(), program(t), "doctor", "--json", "--for", "15s", base).Output()
	if err != nil {
		t.Fatal(err)
	}
	var d doctor
	if err := json.Unmarshal(out, &d); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	b.WriteString("| | connect | round trip p50 | p95 | messages | requests | overhead per message |\n|---|---:|---:|---:|---:|---:|---:|\n")
	for _, l := range d.Transports {
		fmt.Fprintf(&b, "| %s | %.1f ms | %.1f ms | %.1f ms | %d | %d | %d bytes |\n", l.Transport, l.Connect, l.P50, l.P95, l.Messages, l.Requests, l.Overhead)
	}
	fmt.Fprintf(&b, "\nAn idle WebSocket takes %s of the server's memory beyond a bare connection.\n", idle(t.Context(), t))
	return b.String()
}

// idle is what the benchmark of web says of an idle WebSocket.
func idle(ctx context.Context, t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "IdleWebSocket", "parley/server/web").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	m := regexp.MustCompile(`([\d.]+) B/websocket-beyond-it`).FindSubmatch(out)
	if m == nil {
		t.Fatalf("no figure in %s", out)
	}
	return string(m[1]) + " bytes"
}
