package web

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"parley/server/chat"
	"parley/shared/wire"
)

func TestSetupFromThisMachine(t *testing.T) {
	c := newEmpty(t, func(conf *Config, _ *times) { conf.SetupCode = "fjord-piano" })
	p := c.stranger()
	var about wire.About
	p.get("/about", &about)
	if !about.Setup || about.Heartbeat != 15 || about.Version != "test" {
		t.Errorf("before: %+v", about)
	}
	p.enter("/setup", wire.Setup{Name: "Ada", Password: "correct horse", Community: "Analysts"})
	p.get("/about", &about)
	if about.Setup || about.Name != "Analysts" {
		t.Errorf("after: %+v", about)
	}
	var s wire.Sync
	p.get("/sync", &s)
	if s.Me.Role != wire.RoleOwner || len(s.Rooms) != 1 || s.Rooms[0].ID != wire.Lobby {
		t.Errorf("sync after setup: %+v", s)
	}
}

func TestSetupNeedsTheCode(t *testing.T) {
	c := newEmpty(t, func(conf *Config, _ *times) { conf.SetupCode = "fjord-piano" })
	p := c.stranger()
	args := wire.Setup{Name: "Ada", Password: "correct horse"}
	far := func(code string) reply { // a proxy at this machine, with a stranger behind it
		args.Code = code
		r := p.request("POST", "/setup", args)
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		return p.send(r)
	}
	far("").wants(t, wire.CodeForbidden)
	far("fjord-pianO").wants(t, wire.CodeForbidden)
	other := p.request("POST", "/setup", args)
	other.Host = "chat.example"
	p.send(other).wants(t, wire.CodeForbidden)
	far("fjord-piano").into(t, nil)
}

func TestSetupWithoutACodeIsShut(t *testing.T) {
	c := newEmpty(t)
	p := c.stranger()
	r := p.request("POST", "/setup", wire.Setup{Name: "Ada", Password: "correct horse"})
	r.Header.Set("Via", "1.1 proxy")
	p.send(r).wants(t, wire.CodeForbidden)
}

func TestSetupGuessing(t *testing.T) {
	c := newEmpty(t, func(conf *Config, _ *times) { conf.SetupCode = "fjord-piano" })
	p := c.stranger()
	guess := func() reply {
		r := p.request("POST", "/setup", wire.Setup{Name: "Eve", Password: "longenough", Code: "x"})
		r.Header.Set("Via", "1.1 proxy")
		return p.send(r)
	}
	for range setupBurst {
		guess().wants(t, wire.CodeForbidden)
	}
	if p := guess().wants(t, wire.CodeRateLimited); p.RetryAfter < 1 || p.RetryAfter > 10 {
		t.Errorf("retry after %d", p.RetryAfter)
	}
	p.enter("/setup", wire.Setup{Name: "Ada", Password: "correct horse"}) // who sits at the server does not wait
}

func TestLoginLogout(t *testing.T) {
	c := newCommunity(t)
	p := c.stranger()
	for _, l := range []wire.Login{{Name: "Ada", Password: "wrong"}, {Name: "Nobody", Password: "correct horse"}} {
		if got := p.ask("POST", "/login", l).wants(t, wire.CodeUnauthenticated); strings.Contains(got.Detail, "Nobody") {
			t.Errorf("told: %s", got.Detail)
		}
	}
	p.enter("/login", wire.Login{Name: "ADA", Password: "correct horse"})
	if p.me.ID != c.owner.me.ID {
		t.Errorf("signed in as %+v", p.me)
	}
	p.get("/sync", nil)
	out := p.ask("POST", "/logout", nil)
	if out.status != http.StatusNoContent || !strings.Contains(out.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("logout: %d %v", out.status, out.header)
	}
	p.ask("GET", "/sync", nil).wants(t, wire.CodeUnauthenticated)
	c.owner.get("/sync", nil) // the other session lives on

	bot, _ := c.bot("robot")
	bot.ask("POST", "/logout", "{}").wants(t, wire.CodeBadRequest)
}

func TestLoginThrottle(t *testing.T) {
	c := newCommunity(t)
	p := c.stranger()
	wrong := wire.Login{Name: "Ada", Password: "wrong"}
	for range nameBurst {
		p.ask("POST", "/login", wrong).wants(t, wire.CodeUnauthenticated)
	}
	limited := p.ask("POST", "/login", wrong).wants(t, wire.CodeRateLimited)
	p.ask("POST", "/login", wire.Login{Name: "Ada", Password: "correct horse"}).wants(t, wire.CodeRateLimited)
	c.ahead.Add(int64(time.Duration(limited.RetryAfter) * time.Second)) // what the answer promised
	p.enter("/login", wire.Login{Name: "Ada", Password: "correct horse"})
}

func TestSignupThrottle(t *testing.T) {
	c := newCommunity(t)
	p := c.stranger()
	args := wire.Signup{Invite: "wrong", Name: "Eve"}
	limited := false
	for range signupBurst + 60 {
		r := p.ask("POST", "/signup", args)
		if r.status == http.StatusTooManyRequests {
			r.wants(t, wire.CodeRateLimited)
			limited = true
			break
		}
		r.wants(t, wire.CodeNotFound)
	}
	if !limited {
		t.Error("invite codes can be guessed without end")
	}
}

func TestCookie(t *testing.T) {
	c := newCommunity(t)
	login := wire.Login{Name: "Ada", Password: "correct horse"}
	plain := c.stranger().ask("POST", "/login", login).header.Get("Set-Cookie")
	for _, want := range []string{"session=", "Path=/", "HttpOnly", "SameSite=Lax", "Expires=", "Max-Age=7775"} {
		if !strings.Contains(plain, want) {
			t.Errorf("%q is not in %q", want, plain)
		}
	}
	if !strings.HasPrefix(plain, "session=") || strings.Contains(plain, "Secure") {
		t.Errorf("without TLS: %q", plain)
	}
}

func TestCookieUnderTLS(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) {
		conf.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	p := c.stranger()
	r := p.request("POST", "/login", wire.Login{Name: "Ada", Password: "correct horse"})
	r.Header.Set("X-Forwarded-Proto", "https")
	got := p.send(r)
	cookie := got.header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-session=") || !strings.Contains(cookie, "; Secure") {
		t.Errorf("under TLS: %q", cookie)
	}
	p.cookie = got.cookie(t)
	p.ask("GET", "/sync", nil).wants(t, wire.CodeUnauthenticated) // not without TLS
	r = p.request("GET", "/sync", nil)
	r.Header.Set("X-Forwarded-Proto", "https")
	p.send(r).into(t, nil)
	r = p.request("GET", "/sync", nil) // and no cookie that somebody set without TLS
	r.Header.Set("X-Forwarded-Proto", "https")
	r.Header.Set("Cookie", c.owner.cookie)
	p.send(r).wants(t, wire.CodeUnauthenticated)
}

// Nobody but a trusted proxy can say that the connection is secure.
func TestForwardedProtoOfStranger(t *testing.T) {
	c := newCommunity(t)
	p := c.stranger()
	r := p.request("POST", "/login", wire.Login{Name: "Ada", Password: "correct horse"})
	r.Header.Set("X-Forwarded-Proto", "https")
	if cookie := p.send(r).header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "session=") {
		t.Errorf("got %q", cookie)
	}
}

func TestSessionExpiresAndIsRenewed(t *testing.T) {
	c := newCommunity(t)
	day := int64(24 * time.Hour)
	if again := c.owner.ask("GET", "/sync", nil).header.Get("Set-Cookie"); again != "" {
		t.Errorf("renewed at once: %s", again)
	}
	idle := c.stranger()
	idle.enter("/login", wire.Login{Name: "Ada", Password: "correct horse"})
	c.ahead.Add(2 * day)
	r := c.owner.ask("GET", "/sync", nil)
	r.into(t, nil)
	if r.cookie(t) != c.owner.cookie {
		t.Error("the renewal has another token")
	}
	c.ahead.Add(int64(chat.SessionLife) - day) // past the first session's end, not past the renewed one's
	c.owner.get("/sync", nil)
	idle.ask("GET", "/sync", nil).wants(t, wire.CodeUnauthenticated)
	idle.ask("GET", "/events", nil).wants(t, wire.CodeUnauthenticated)
	idle.ask("POST", "/send", wire.Send{Room: wire.Lobby, Text: "x", Nonce: "1"}).wants(t, wire.CodeUnauthenticated)
}

func TestAuthorizationHeader(t *testing.T) {
	c := newCommunity(t)
	bot, _ := c.bot("robot")
	for header, good := range map[string]bool{
		"Bearer " + bot.token:       true,
		"bearer  " + bot.token:      true,
		"Bearer":                    false,
		"Bearer ":                   false,
		"Basic " + bot.token:        false,
		bot.token:                   false,
		"Bearer " + bot.token + "x": false,
		"":                          false,
	} {
		r := c.owner.request("GET", "/sync", nil) // with a cookie that would do
		r.Header.Set("Authorization", header)
		if got := c.owner.send(r); good {
			got.into(t, nil)
		} else if got.wants(t, wire.CodeUnauthenticated); got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: no WWW-Authenticate", header)
		}
	}
	session := strings.TrimPrefix(c.owner.cookie, "session=")
	r := c.stranger().request("GET", "/sync", nil)
	r.Header.Set("Authorization", "Bearer "+session) // a session's token is no API token
	c.owner.send(r).wants(t, wire.CodeUnauthenticated)
}

func TestRevokedToken(t *testing.T) {
	c := newCommunity(t)
	bot, token := c.bot("robot")
	bot.say(wire.Lobby, "beep")
	c.owner.do(wire.CmdRevokeToken, wire.TokenRef{ID: token.ID}, nil)
	bot.ask("GET", "/sync", nil).wants(t, wire.CodeUnauthenticated)
	bot.ask("GET", "/events", nil).wants(t, wire.CodeUnauthenticated)
}

func TestInviteLink(t *testing.T) {
	c := newCommunity(t)
	var invite wire.Invite
	c.owner.do(wire.CmdCreateInvite, wire.CreateInvite{Role: wire.RoleGuest}, &invite)
	if invite.Code == "" || invite.URL != c.url+"/invite/"+invite.Code {
		t.Errorf("got %+v", invite)
	}
	page := c.stranger().ask("GET", "//invite/"+invite.Code, nil)
	if page.status != http.StatusOK || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
		t.Errorf("the link answers %d %v", page.status, page.header)
	}
}
