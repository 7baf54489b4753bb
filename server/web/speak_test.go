package web

import (
	"net/http"
	"strings"
	"testing"
)

// TestLinksChooseTheLanguage: a link with ?lang= keeps the choice in a cookie and
// leads to the same page, on this server, without it.
func TestLinksChooseTheLanguage(t *testing.T) {
	c := newCommunity(t)
	c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for path, want := range map[string]string{
		"//?lang=zh-Hans":                 "/",
		"//login?lang=zh-Hans":            "/login",
		"//invite/a%2Fb?lang=zh-Hans&x=1": "/invite/a%2Fb?x=1",
	} {
		page := c.stranger().ask("GET", path, nil)
		if page.status != http.StatusSeeOther || page.header.Get("Location") != want {
			t.Errorf("%s: %d, to %q, want %q", path, page.status, page.header.Get("Location"), want)
		}
		if cookie := page.header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "lang=zh-Hans; Path=/; Max-Age=31536000") ||
			strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
			t.Errorf("%s: the cookie is %q", path, cookie)
		}
	}
	for _, path := range []string{"//?lang=", "//?lang=tlh", "//?lang=zh-Hans%0d%0aSet-Cookie:x"} {
		if page := c.stranger().ask("GET", path, nil); page.status != http.StatusOK || page.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, page.status, page.header)
		}
	}
}

// TestProblemsSpeak: the page of a problem is in the reader's language; what a
// program gets is the same for all.
func TestProblemsSpeak(t *testing.T) {
	c := newCommunity(t)
	ask := func(accept, language, cookie string) string {
		r := c.stranger().request("GET", "//no/such/page", nil)
		r.Header.Set("Accept", accept)
		r.Header.Set("Accept-Language", language)
		r.Header.Set("Cookie", cookie)
		return string(c.owner.send(r).body)
	}
	for want, page := range map[string]string{
		`lang="en"`:           ask("text/html", "de", ""),
		`lang="zh-Hans"`:      ask("text/html", "zh-CN,en;q=0.5", ""),
		"这个地址没有页面。":           ask("text/html", "zh-CN,en;q=0.5", ""),
		"前往 Analysts":         ask("text/html", "en", "lang=zh-Hans"),
		`data-theme="dark"`:   ask("text/html", "en", "theme=dark"),
		"There is no page at": ask("application/json", "zh-CN", "lang=zh-Hans"),
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	if page := ask("text/html", "en", `theme="><script>; lang=<b>`); strings.Contains(page, "<script>") || strings.Contains(page, "<b>") {
		t.Error(page)
	}
}
