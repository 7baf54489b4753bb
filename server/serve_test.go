package main

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/shared/wire"
)

func TestVersionIsStamped(t *testing.T) {
	r := parley(t, "version")
	if r.stdout != "parley v9.8.7 (commit c0ffee)\n" || r.stderr != "" || r.code != 0 {
		t.Errorf("%+v", r)
	}
	s := start(t, t.TempDir())
	if about := must[wire.About](t, person{s: s}, "GET", "/about", nil); about.Version != "v9.8.7" || !about.Setup {
		t.Errorf("%+v", about)
	}
}

// Everything there is can be found from --help, for every flag with its
// variable, in lines that fit.
func TestHelp(t *testing.T) {
	top := parley(t, "--help")
	if top.code != 0 || top.stderr != "" {
		t.Errorf("%+v", top)
	}
	for _, name := range []string{"serve", "invite", "check", "backup", "version"} {
		if !strings.Contains(top.stdout, "\n  "+name+" ") {
			t.Errorf("--help does not name %s", name)
		}
		help := parley(t, name, "--help").stdout
		for _, flag := range regexp.MustCompile(`(?m)^ {6}--([a-z-]+)[= ]`).FindAllStringSubmatch(help, -1) {
			if variable := "$PARLEY_" + strings.ReplaceAll(strings.ToUpper(flag[1]), "-", "_"); !strings.Contains(help, variable+")") {
				t.Errorf("%s --%s: no %s in the help", name, flag[1], variable)
			}
		}
		for line := range strings.Lines(help) {
			if len(line) > 81 {
				t.Errorf("%s: a long line: %s", name, line)
			}
		}
	}
	for _, flag := range []string{"--addr", "--url", "--data", "--name", "--log", "--log-level", "--send-rate", "--send-burst", "--max-file", "--max-files", "--connections-per-address", "--trusted-proxy"} {
		if !strings.Contains(parley(t, "serve", "--help").stdout, flag+"=") {
			t.Errorf("serve --help does not name %s", flag)
		}
	}
}

// One line says where it is and where the data lie; while there is no owner, a
// second one gives the code, which works from elsewhere.
func TestServeSaysWhereItIs(t *testing.T) {
	data := filepath.Join(t.TempDir(), "new", "data")
	s := start(t, data)
	s.signal(syscall.SIGTERM)
	s.wait()
	if len(s.lines) != 2 || !regexp.MustCompile(`^Parley is at http://localhost:\d+, data in `+regexp.QuoteMeta(data)+`$`).MatchString(s.lines[0]) {
		t.Fatalf("said %q", s.lines)
	}
	for name, mode := range map[string]os.FileMode{data: 0o700, filepath.Join(data, dataFile): 0o600} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v, want %v", name, info.Mode(), err, mode)
		}
	}
}

func TestSetupCode(t *testing.T) {
	data := t.TempDir()
	cmd := program(t, "--addr", "127.0.0.1:0", "--data", data)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, cmd: cmd, ended: make(chan struct{})}
	cmd.Stderr = &s.stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range 2 {
		lines.Scan()
		s.lines = append(s.lines, lines.Text())
	}
	go func() { defer close(s.ended); s.err = cmd.Wait() }()
	t.Cleanup(s.kill)
	s.url = regexp.MustCompile(`http://[^\s,]+`).FindString(s.lines[0])
	code := regexp.MustCompile(`set-up code ([A-Z2-7]{4}(?:-[A-Z2-7]{4}){3})$`).FindStringSubmatch(s.lines[1])
	if code == nil {
		t.Fatalf("said %q", s.lines)
	}

	stranger := person{s: s, host: "chat.example"}
	for _, wrong := range []string{"", "AAAA-AAAA-AAAA-AAAA"} {
		if a := stranger.ask("POST", "/setup", wire.Setup{Name: "Eve", Password: password, Code: wrong}); a.status != http.StatusForbidden {
			t.Errorf("code %q: %d %s", wrong, a.status, a.body)
		}
	}
	stranger.enter("/setup", wire.Setup{Name: "Ann", Password: password, Code: code[1]})
	s.kill()

	again := start(t, data)
	again.signal(syscall.SIGINT)
	again.wait()
	if len(again.lines) != 1 {
		t.Errorf("with an owner it said %q", again.lines)
	}
}

// The same by variables as by flags; a flag wins.
func TestEnvironment(t *testing.T) {
	data := t.TempDir()
	cmd := program(t, "--send-burst", "2")
	cmd.Env = append(cmd.Env, "PARLEY_ADDR=127.0.0.1:0", "PARLEY_DATA="+data, "PARLEY_NAME=Ｈｏｍｅ", "PARLEY_LOG=text",
		"PARLEY_SEND_RATE=0.001", "PARLEY_SEND_BURST=50", "PARLEY_LOG_LEVEL=info")
	s := startCmd(t, cmd)
	if about := must[wire.About](t, person{s: s}, "GET", "/about", nil); about.Name != "Home" {
		t.Errorf("%+v", about)
	}
	p := s.owner()
	for i, want := range []int{200, 200, 429} {
		a := p.ask("POST", "/send", wire.Send{Room: wire.Lobby, Text: "hi", Nonce: fmt.Sprint(i)})
		if a.status != want {
			t.Errorf("message %d: %d %s, want %d", i, a.status, a.body, want)
		}
	}
	if log := s.stderr.String(); !strings.Contains(log, "level=INFO msg=started") {
		t.Errorf("no text in the log:\n%s", log)
	}
}

// Connections of one address that stay open are answered up to the limit.
func TestConnectionsPerAddress(t *testing.T) {
	s := start(t, t.TempDir(), "--connections-per-address", "5")
	p := s.owner()
	answered := 0
	for range 10 {
		conn, err := s.dial()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nCookie: %s\r\n\r\n", p.cookie)
		line, err := bufio.NewReader(conn).ReadString('\n')
		switch {
		case err == nil && strings.Contains(line, " 200 "):
			answered++
		case err != nil || !strings.Contains(line, " 429 "):
			t.Errorf("%q, %v", line, err)
		}
	}
	if answered < 4 || answered > 5 { // one that is ending may still have counted
		t.Errorf("%d connections were answered", answered)
	}
}

// Logs are JSON where no person reads them.
func TestLogIsJSONWithoutATerminal(t *testing.T) {
	s := start(t, t.TempDir())
	s.signal(syscall.SIGTERM)
	s.wait()
	lines := strings.Split(strings.TrimSpace(s.stderr.String()), "\n")
	for _, line := range lines {
		var v struct{ Time, Level, Msg string }
		if err := wire.Decode([]byte(line), &v); err != nil || v.Msg == "" || v.Level == "" {
			t.Errorf("%q: %v", line, err)
		}
	}
	if len(lines) < 2 {
		t.Errorf("only %q", lines)
	}
}

// On SIGTERM a feed gets its last batch and ends, and so does the program.
func TestTermDrains(t *testing.T) {
	s := start(t, t.TempDir())
	p := s.owner()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/api/v1/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Cookie", p.cookie)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	feed := bufio.NewScanner(resp.Body)
	next := func() (b wire.Batch, ok bool) {
		for feed.Scan() {
			if data, is := strings.CutPrefix(feed.Text(), "data: "); is {
				if err := wire.Decode([]byte(data), &b); err != nil {
					t.Fatal(err)
				}
				return b, true
			}
		}
		return b, false
	}
	if _, ok := next(); !ok {
		t.Fatal("no first batch")
	}
	s.signal(syscall.SIGTERM)
	last, ok := next()
	if !ok || last.ReconnectMS <= 0 {
		t.Errorf("last batch %+v, %v", last, ok)
	}
	if _, ok := next(); ok {
		t.Error("a batch after the last")
	}
	if took := s.wait(); s.err != nil || took > 10*time.Second {
		t.Errorf("ended after %v: %v", took, s.err)
	}
}

// stuck is a request whose body never comes, which draining waits for.
func stuck(t *testing.T, s *server) {
	conn, err := s.dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	fmt.Fprint(conn, "POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatal(line, err) // now it is being read
	}
}

// A client that keeps the server waiting keeps it no longer than ten seconds.
func TestTermEndsWithinTenSeconds(t *testing.T) {
	s := start(t, t.TempDir())
	stuck(t, s)
	s.signal(syscall.SIGTERM)
	if took := s.wait(); s.err != nil || took > 10*time.Second {
		t.Errorf("ended after %v: %v", took, s.err)
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	s := start(t, t.TempDir())
	stuck(t, s)
	s.signal(syscall.SIGTERM)
	for { // until the port is closed, which says that draining has begun
		conn, err := s.dial()
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	s.signal(syscall.SIGTERM)
	if took := s.wait(); took > 2*time.Second {
		t.Errorf("ended after %v", took)
	}
}
