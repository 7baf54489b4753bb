package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/shared/wire"
)

// fill posts a form as a browser does that runs no scripts. It does not follow
// where the answer leads.
func (p *person) fill(path string, form url.Values, change ...func(*http.Request)) reply {
	p.c.Helper()
	r := p.request(http.MethodPost, "/"+path, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, fn := range change {
		fn(r)
	}
	p.c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got := p.send(r)
	if cookie := got.header.Get("Set-Cookie"); cookie != "" {
		p.cookie, _, _ = strings.Cut(cookie, ";")
	}
	return got
}

// page reads a page.
func (p *person) page(path string, change ...func(*http.Request)) string {
	p.c.Helper()
	r := p.request(http.MethodGet, "/"+path, nil)
	for _, fn := range change {
		fn(r)
	}
	return string(p.send(r).body)
}

// leads wants the form to have done its work.
func (r reply) leads(t testing.TB, to string) {
	t.Helper()
	if r.status != http.StatusSeeOther || r.header.Get("Location") != to || r.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d to %q, want 303 to %q: %s", r.status, r.header.Get("Location"), to, r.body)
	}
}

// shows wants a page with a status, and all of wants in it.
func (r reply) shows(t testing.TB, status int, wants ...string) {
	t.Helper()
	if r.status != status || r.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %s, want a page with %d: %s", r.status, r.header.Get("Content-Type"), status, r.body)
	}
	for _, want := range wants {
		if !strings.Contains(string(r.body), want) {
			t.Errorf("the page lacks %s:\n%s", want, r.body)
		}
	}
}

func far(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }

func TestSetupForm(t *testing.T) {
	c := newEmpty(t, func(conf *Config, _ *times) { conf.SetupCode = "fjord-piano" })
	p := c.stranger()
	if page := p.page("/"); !strings.Contains(page, `action="/setup"`) || strings.Contains(page, `name="code"`) {
		t.Errorf("at this machine: %s", page)
	}
	if page := p.page("/", far); !strings.Contains(page, `name="code"`) || !strings.Contains(page, `"code":true`) {
		t.Errorf("from elsewhere no code is asked for: %s", page)
	}
	form := url.Values{"name": {"Ada"}, "password": {"short"}, "community": {`A "B" <C>`}}
	p.fill("/setup", form).shows(t, 200, "A password needs at least 8 characters.", `value="Ada"`, `value="A &#34;B&#34; &lt;C&gt;"`)
	p.fill("/setup", url.Values{"password": {"long enough"}}).shows(t, 200, "Please enter a name.")
	form.Set("code", "fjord-pian")
	p.fill("/setup", form, far).shows(t, 200, "at least 8 characters", `value="fjord-pian"`)
	form.Set("password", "correct horse")
	p.fill("/setup", form, far).shows(t, 403, "the code that the server printed", `value="fjord-pian"`)
	form.Set("code", "fjord-piano")
	p.fill("/setup", form, far).leads(t, "/")
	if page := p.page("/"); !strings.Contains(page, `A &#34;B&#34; &lt;C&gt;`) || !strings.Contains(page, `class="chat"`) {
		t.Errorf("after the set-up: %s", page)
	}
	c.stranger().fill("/setup", form).shows(t, 409, `action="/login"`)
}

func TestLoginForm(t *testing.T) {
	c := newCommunity(t)
	p := c.stranger()
	if page := p.page("/rooms/lobby"); !strings.Contains(page, `name="next" value="/rooms/lobby"`) {
		t.Errorf("where somebody wanted to go is forgotten: %s", page)
	}
	wrong := url.Values{"name": {` Ada" autofocus onfocus="x`}, "password": {"not it at all"}}
	p.fill("/login", wrong).shows(t, 401, `value="Ada&#34; autofocus onfocus=&#34;x"`, `role="alert"`)
	p.fill("/login", url.Values{"name": {"Ada"}}).shows(t, 200, "Please enter your password.")
	good := url.Values{"name": {"ada"}, "password": {"correct horse"}, "next": {"/rooms/lobby"}}
	p.fill("/login", good).leads(t, "/rooms/lobby")
	if got := p.ask("GET", "/sync", nil); got.status != 200 {
		t.Errorf("the cookie does not sign in: %d", got.status)
	}
	if page := c.stranger().page("/share"); !strings.Contains(page, `name="next" value="/share"`) {
		t.Errorf("that something was shared is forgotten: %s", page)
	}
	wrong.Set("next", "/share")
	c.stranger().fill("/login", wrong).shows(t, 401, `name="next" value="/share"`, `"next":"/share"`)
	good.Set("next", "/share")
	c.stranger().fill("/login", good).leads(t, "/share")
	for _, next := range []string{"/share/", "/shared", "//evil.example", "https://evil.example/", "/rooms/", "/rooms/../x", `/rooms/\evil`, "/rooms/a\r\nSet-Cookie: b", "/rooms//evil"} {
		good.Set("next", next)
		c.stranger().fill("/login", good).leads(t, "/")
	}
}

func TestLoginFormIsThrottled(t *testing.T) {
	c := newCommunity(t)
	wrong := url.Values{"name": {"Ada"}, "password": {"not it at all"}}
	for i := range nameBurst {
		if i%2 == 0 { // the API and the page count together
			c.stranger().ask("POST", "/login", wire.Login{Name: "Ada", Password: "wrong"}).wants(t, wire.CodeUnauthenticated)
			continue
		}
		c.stranger().fill("/login", wrong).shows(t, 401)
	}
	got := c.stranger().fill("/login", wrong)
	got.shows(t, 429)
	if got.header.Get("Retry-After") == "" {
		t.Error("nobody is told when to come back")
	}
}

func TestSignupForm(t *testing.T) {
	c := newCommunity(t)
	code := func(role wire.Role) string {
		var invite wire.Invite
		c.owner.do(wire.CmdCreateInvite, wire.CreateInvite{Role: role}, &invite)
		return invite.Code
	}
	member, guest := "/invite/"+code(wire.RoleMember), "/invite/"+code(wire.RoleGuest)
	if page := c.stranger().page(member); !strings.Contains(page, `action="`+member+`"`) || !strings.Contains(page, `name="password"`) {
		t.Errorf("a member is not asked for a password: %s", page)
	}
	if page := c.stranger().page(guest); strings.Contains(page, `name="password"`) || !strings.Contains(page, `"guest":true`) {
		t.Errorf("a guest is asked for a password: %s", page)
	}
	p := c.stranger()
	p.fill(member, url.Values{"name": {"ADA"}, "password": {"long enough"}}).shows(t, 409, `value="ADA"`)
	p.fill(member, url.Values{"name": {"Ben"}}).shows(t, 400)
	p.fill(member, url.Values{"name": {"Ben"}, "password": {"short"}}).shows(t, 200, "at least 8 characters")
	p.fill(member, url.Values{"name": {"Ben"}, "password": {"long enough"}}).leads(t, "/")
	g := c.stranger()
	g.fill(guest, url.Values{"name": {"Gus"}}).leads(t, "/")
	if page := g.page("/"); strings.Contains(page, "New room") || strings.Contains(page, `class="button invite-button"`) {
		t.Errorf("a guest is offered what guests cannot do: %s", page)
	}
	c.stranger().fill("/invite/nothing", url.Values{"name": {"Eve"}, "password": {"long enough"}}).shows(t, 404, `value="Eve"`)
	got := c.stranger().ask("GET", "//invite/nothing%22%3E%3Cscript%3E", nil)
	got.shows(t, 404, `action="/invite/nothing%22%3E%3Cscript%3E"`)
}

// TestForeignForms: a form of another site's is refused before anything is read.
func TestForeignForms(t *testing.T) {
	c := newCommunity(t)
	for _, path := range []string{"/login", "/setup", "/logout", "/invite/x", "/rooms/lobby", "/rooms/lobby/read"} {
		got := c.owner.fill(path, url.Values{}, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
		got.shows(t, 403, "another site")
		got = c.owner.fill(path, url.Values{}, func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "https://evil.example")
		})
		got.shows(t, 403, "another site")
		c.owner.ask("POST", "/"+path, "{}").wants(t, wire.CodeUnsupportedMediaType)
		got = c.owner.fill(path, url.Values{"text": {strings.Repeat("x", maxForm)}})
		got.shows(t, 413)
	}
}
