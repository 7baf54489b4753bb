package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// shared posts a form to the app as a share sheet does, from no site at all.
func (p *person) shared(fields map[string]string, file string) reply {
	p.c.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			p.c.Fatal(err)
		}
	}
	if file != "" {
		w, err := form.CreateFormFile("files", file)
		if err != nil {
			p.c.Fatal(err)
		}
		_, _ = w.Write(bytes.Repeat([]byte("film "), 1<<18))
	}
	_ = form.Close()
	r := p.request("POST", "/"+sharePath, body.String())
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Origin", "null")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	client := *p.c.client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		p.c.Fatal(err)
	}
	defer res.Body.Close()
	return reply{res.StatusCode, res.Header, nil}
}

// What is shared before there is a service worker goes on in the fragment of an
// address, whole or not at all.
func TestShare(t *testing.T) {
	c := newCommunity(t)
	r := c.owner.shared(map[string]string{"title": "Tea & 茶", "text": "a+b #1\nnext", "url": "https://example.org/?a=1&b=2"}, "")
	address, fragment, _ := strings.Cut(r.header.Get("Location"), "#")
	values, err := url.ParseQuery(fragment)
	if r.status != http.StatusSeeOther || address != "/share" || err != nil || values.Get("title") != "Tea & 茶" ||
		values.Get("text") != "a+b #1\nnext" || values.Get("url") != "https://example.org/?a=1&b=2" {
		t.Errorf("%d %v %v", r.status, r.header, err)
	}
	for name, r := range map[string]reply{
		"a file":  c.owner.shared(map[string]string{"text": "look"}, "film.mp4"),
		"a novel": c.stranger().shared(map[string]string{"text": strings.Repeat("茶", 4000)}, ""),
		"long":    c.stranger().shared(map[string]string{"text": strings.Repeat("茶", 400)}, ""),
	} {
		if got := r.header.Get("Location"); r.status != http.StatusSeeOther || got != "/share#again" {
			t.Errorf("%s: %d %.100s", name, r.status, got)
		}
	}
	bad := c.owner.request("POST", "/"+sharePath, "text=hello")
	bad.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if r := c.owner.send(bad); r.status != http.StatusUnsupportedMediaType {
		t.Errorf("another kind of form: %d", r.status)
	}
	if page := c.stranger().ask("GET", "/"+sharePath, nil); page.status != http.StatusOK || !strings.Contains(string(page.body), `id="app"`) {
		t.Errorf("the page: %d", page.status)
	}
}
