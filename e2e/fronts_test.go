package e2e_test

import (
	"strings"
	"testing"

	"parley/e2e/chrome"
	"parley/e2e/parley"
	"parley/e2e/process"
	"parley/e2e/revproxy"
)

// What the configurations of proxies are put together from.
const (
	nginxHead = `daemon off; master_process off; pid pid; error_log stderr;
events {}
http {
access_log off; client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
`
	nginxServer = `server {
listen ADDR ssl http2;
ssl_certificate CERT/localhost.crt; ssl_certificate_key CERT/localhost.key;
location / {
proxy_pass http://BACKEND;
`
	nginxPasses = `proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";
`
	nginxTells = `proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;
`
	nginxEnd = "ADVICE\n}\n}\n}\n"

	caddyHead = "skip_install_trust\nadmin off\nauto_https disable_redirects\n}\nhttps://SITE {\ntls CERT/localhost.crt CERT/localhost.key\n"

	haproxyHead  = "listen chat\nbind ADDR ssl crt CERT/localhost.pem alpn h2,http/1.1\nmode http\ntimeout connect 5s\ntimeout client 1m\n"
	haproxyTells = "http-request set-header X-Forwarded-Proto https\n"
	haproxyEnd   = "ADVICE\nserver parley BACKEND\n"
)

// startFront starts a proxy with TLS before a server, and gives its origin and
// the folder of its certificate.
func startFront(t *testing.T, kind revproxy.Kind, config string, s *parley.Server) (origin, certificate string) {
	t.Helper()
	addr, certificate := process.FreeAddr(t), revproxy.Certificate(t)
	site := strings.Replace(addr, "127.0.0.1", "localhost", 1)
	revproxy.Start(t, kind, strings.NewReplacer("ADDR", addr, "SITE", site, "BACKEND", s.Addr(), "CERT", certificate).Replace(config), addr)
	return "https://" + site, certificate
}

// TestBrowserBehindProxies: a real browser, which speaks HTTP/2 with the proxy and
// opens its WebSocket in it where the proxy offers that (RFC 8441).
func TestBrowserBehindProxies(t *testing.T) {
	t.Parallel()
	browser := chrome.StartTrusting(t)
	for kind, config := range map[revproxy.Kind]string{
		revproxy.Nginx:   nginxHead + nginxServer + nginxPasses + nginxTells + nginxEnd,
		revproxy.Caddy:   "{\n" + caddyHead + "reverse_proxy BACKEND\n}\n",
		revproxy.HAProxy: haproxyHead + haproxyTells + "timeout server 1m\n" + haproxyEnd,
	} {
		t.Run(string(kind), func(t *testing.T) {
			s := parley.Start(t, trusted, "127.0.0.1")
			s.Setup("Ada")
			origin, _ := startFront(t, kind, strings.ReplaceAll(config, "ADVICE", ""), s)
			ada := browser.On(t).Person("Ada")
			ada.Open(origin)
			signInAs(ada, "Ada", parley.Password)
			waitRung(ada, "WebSocket")
			say(ada, "through "+string(kind))
			ada.WaitRow("through " + string(kind))
			waitRung(ada, "WebSocket")
			if proto := chrome.Eval[string](ada, `performance.getEntriesByType("navigation")[0].nextHopProtocol`); proto != "h2" {
				t.Errorf("the page came over %s", proto)
			}
			ada.Open(origin + "/lab")
			ada.Wait("that all four work", func() bool {
				return strings.Contains(chrome.Eval[string](ada, `(document.getElementById("lab-verdict") || {}).textContent || ""`),
					"WebSocket works; SSE works; Long poll works; Short poll works.")
			})
		})
	}
}

// TestLabBehindStrangers: a browser is not told why its WebSocket is refused. What
// it advises has the reason in it, here that the server trusts no proxy.
func TestLabBehindStrangers(t *testing.T) {
	t.Parallel()
	s := parley.Start(t)
	origin, _ := startFront(t, revproxy.Caddy, "{\n"+caddyHead+"reverse_proxy BACKEND\n}\n", s)
	ada := chrome.StartTrusting(t).Person("Ada")
	ada.Tolerate("403")
	ada.Open(origin + "/lab")
	ada.Wait("that it speaks of "+trusted, func() bool {
		found := chrome.Eval[string](ada, `(document.getElementById("lab-found") || {}).innerText || ""`)
		return contains(found, "Let the proxy pass WebSockets on", trusted, "take out what sets them, such as header_up Host")
	})
}
