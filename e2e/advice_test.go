package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/e2e/parley"
	"parley/e2e/revproxy"
)

// front is a proxy in whose configuration something is wrong. Of its lines those
// that begin with "- " are taken out, or replaced, when what is advised is put in;
// whatever else is wrong stays, and what is advised prevails.
type front struct {
	kind   revproxy.Kind
	config string
	found  string // what the doctor says of it; empty: in some versions all is well
	told   string // what it names that is no line to be put in
}

var fronts = map[string]front{
	"nginx as it comes":    {revproxy.Nginx, nginxHead + nginxServer + nginxEnd, "WebSocket is answered with 200", ""},
	"nginx passes no name": {revproxy.Nginx, nginxHead + nginxServer + nginxPasses + nginxEnd, "refused with 403", ""},
	"nginx compresses": {
		revproxy.Nginx, nginxHead + "proxy_ignore_headers X-Accel-Buffering; gzip on; gzip_types text/event-stream;\n" +
			nginxServer + nginxPasses + nginxTells + nginxEnd, silent, "",
	},
	"nginx cuts": {
		revproxy.Nginx, nginxHead + "proxy_read_timeout 600ms;\n" +
			nginxServer + nginxPasses + nginxTells + nginxEnd, "WebSocket is cut after", "",
	},

	"Caddy takes Upgrade out": {
		revproxy.Caddy, "{\n" + caddyHead + "- reverse_proxy BACKEND {\n- header_up -Upgrade\n- }\nADVICE\n}\n", "WebSocket is answered with 200", "reverse_proxy",
	},
	"Caddy tells another scheme": {
		revproxy.Caddy, "{\n" + caddyHead + "reverse_proxy BACKEND {\n- header_up X-Forwarded-Proto http\n}\nADVICE\n}\n", "refused with 403", "header_up",
	},
	"Caddy is not trusted": {revproxy.Caddy, "{\n" + caddyHead + "reverse_proxy BACKEND\nADVICE\n}\n", "refused with 403", trusted},
	"Caddy compresses":     {revproxy.Caddy, "{\n" + caddyHead + "- encode gzip\nADVICE\nreverse_proxy BACKEND\n}\n", "", ""},
	"Caddy cuts what takes long": {
		revproxy.Caddy, "{\n- servers {\n- timeouts {\n- write 600ms\n- }\n- }\n" + caddyHead + "reverse_proxy BACKEND\nADVICE\n}\n", "SSE is cut after", "write of servers { timeouts",
	},
	"Caddy cuts what is silent": {
		revproxy.Caddy, "{\n" + caddyHead + "reverse_proxy BACKEND {\n- transport http {\n- read_timeout 600ms\n- }\n}\nADVICE\n}\n", "WebSocket is cut after", "read_timeout",
	},

	"HAProxy takes Upgrade out": {
		revproxy.HAProxy, haproxyHead + haproxyTells + "timeout server 1m\n- http-request del-header Upgrade\n" + haproxyEnd, "WebSocket is answered with 200", "rules on Upgrade",
	},
	"HAProxy passes no scheme": {revproxy.HAProxy, haproxyHead + "timeout server 1m\n" + haproxyEnd, "refused with 403", ""},
	"HAProxy collects": {
		revproxy.HAProxy, haproxyHead + haproxyTells + "timeout server 1m\n- http-response wait-for-body time 20s\n" + haproxyEnd, silent, "wait-for-body",
	},
	"HAProxy cuts what is silent": {
		revproxy.HAProxy, "defaults\ntimeout server 600ms\n" + haproxyHead + haproxyTells + haproxyEnd, "WebSocket is cut after", "",
	},
	"HAProxy cuts WebSockets": {
		revproxy.HAProxy, "defaults\ntimeout server 1m\ntimeout tunnel 600ms\n" + haproxyHead + haproxyTells + haproxyEnd, "WebSocket is cut after", "",
	},
}

const (
	silent  = "SSE stays silent"
	trusted = "--trusted-proxy"
)

// TestAdviceOfTheDoctor asks the doctor through proxies in which something is
// wrong, does what it says, with the very lines that it prints, and asks again.
func TestAdviceOfTheDoctor(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup // not one after the other, nor as many as there are processors: they wait, nearly all the time
	defer all.Wait()
	for name, f := range fronts {
		all.Go(func() { t.Run(name, f.examine) })
	}
}

func (f front) examine(t *testing.T) {
	said := f.ask(t, nil)
	if !strings.Contains(said, f.found) {
		t.Fatalf("the doctor does not say %q:\n%s", f.found, said)
	}
	lines := f.advised(said)
	if f.found != "" && (len(lines) == 0 || !strings.Contains(said, f.told)) {
		t.Fatalf("the doctor has no advice for %s, or does not speak of %q:\n%s", f.kind, f.told, said)
	}
	const well = "WebSocket works; SSE works; Long poll works; Short poll works."
	if said := f.ask(t, append(lines, "")); !strings.Contains(said, well) || len(f.advised(said)) > 0 {
		t.Errorf("with the advice %q the doctor says:\n%s", lines, said)
	}
}

// ask is what the doctor says through the proxy, as it is, or with what was advised.
func (f front) ask(t *testing.T, advice []string) string {
	t.Helper()
	flags := []string{trusted, "127.0.0.1"}
	if f.told == trusted && advice == nil {
		flags = nil
	}
	s := parley.Start(t, flags...)
	var config strings.Builder
	for line := range strings.Lines(f.config) {
		wrong, is := strings.CutPrefix(line, "- ")
		switch {
		case is && advice == nil:
			config.WriteString(wrong)
		case !is:
			config.WriteString(line)
		}
	}
	lines := strings.ReplaceAll(strings.Join(advice, "\n"), "127.0.0.1:8080", s.Addr())
	origin, certificate := startFront(t, f.kind, strings.ReplaceAll(config.String(), "ADVICE", lines), s)

	watch := "5s"
	if f.found == silent || f.found == "" {
		watch = "12s" // ten seconds without anything are silence
	}
	cmd := exec.CommandContext(t.Context(), parley.Binary(t), "doctor", "--for", watch, origin)
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+filepath.Join(certificate, "localhost.crt"))
	said, _ := cmd.CombinedOutput() // it fails where nothing streams; what it says tells
	return string(said)
}

// advised are the lines that the doctor prints for the proxy.
func (f front) advised(said string) (lines []string) {
	mine := false
	for line := range strings.Lines(said) {
		line = strings.TrimRight(line, "\n")
		code, indented := strings.CutPrefix(line, "    ")
		switch {
		case indented && mine:
			lines = append(lines, code)
		case !indented:
			mine = strings.EqualFold(strings.TrimSpace(line), string(f.kind))
		}
	}
	return lines
}
