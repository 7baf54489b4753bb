package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/shared/parts"
	"parley/shared/wire"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(token|nonce)" value="([^"]+)">`)

// composer is what the hidden fields of a page's composer say.
func composerOf(t testing.TB, page string) url.Values {
	t.Helper()
	_, page, _ = strings.Cut(page, `<form class="composer"`)
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(page, -1) {
		form.Set(m[1], m[2])
	}
	if len(form) != 2 {
		t.Fatalf("the composer has the hidden fields %v: %s", form, page)
	}
	return form
}

// stateOf is what a page tells the app.
func stateOf(t testing.TB, page string) parts.State {
	t.Helper()
	_, data, ok := strings.Cut(page, `<script type="application/json" id="state">`)
	data, _, _ = strings.Cut(data, "</script>")
	var state parts.State
	if err := json.Unmarshal([]byte(data), &state); !ok || err != nil {
		t.Fatalf("the page's state: %v: %s", err, data)
	}
	return state
}

func (c *community) history(room string) []wire.Message {
	c.Helper()
	var list wire.MessageList
	c.owner.get("/rooms/"+room+"/messages", &list)
	return list.Messages
}

func TestComposerForm(t *testing.T) {
	c := newCommunity(t)
	form := composerOf(t, c.owner.page("/"))
	form.Set("text", "one\r\n<b>two</b>")
	for range 2 { // sent twice, stored once
		c.owner.fill("/rooms/lobby", form).leads(t, "/rooms/lobby")
	}
	form.Set("text", "the browser went back to the same page")
	c.owner.fill("/rooms/lobby", form).leads(t, "/rooms/lobby")
	ms := c.history(wire.Lobby)
	if len(ms) != 2 || ms[0].Text != "one\n<b>two</b>" {
		t.Fatalf("stored: %+v", ms)
	}
	page := c.owner.page("/rooms/lobby")
	if !strings.Contains(page, "one\n&lt;b&gt;two&lt;/b&gt;") || strings.Contains(page, "Mark as read") {
		t.Errorf("after sending: %s", page)
	}
	if composerOf(t, page).Get("nonce") == form.Get("nonce") {
		t.Error("two pages have one nonce")
	}
	again := composerOf(t, page)
	again.Set("text", "one\r\n<b>two</b>")
	c.owner.fill("/rooms/lobby", again).leads(t, "/rooms/lobby")
	if got := len(c.history(wire.Lobby)); got != 3 {
		t.Errorf("the same words, said again on purpose, make %d messages, not 3", got)
	}
}

func TestComposerFormRefuses(t *testing.T) {
	c := newCommunity(t)
	form := composerOf(t, c.owner.page("/"))
	with := func(name, value string) url.Values {
		f := url.Values{}
		for k, v := range form {
			f[k] = v
		}
		f.Set("text", "</textarea><script>alert(1)</script>")
		f.Set(name, value)
		return f
	}
	kept := "\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>"
	c.owner.fill("/rooms/lobby", with("token", "made up")).shows(t, 403, "out of date", kept)
	c.owner.fill("/rooms/lobby", with("token", "")).shows(t, 403, kept)
	c.owner.fill("/rooms/lobby", with("text", "   \n")).shows(t, 400)
	c.owner.fill("/rooms/lobby", with("text", "a\xffb")).shows(t, 400)
	long := strings.Repeat("长", wire.MaxText)
	c.owner.fill("/rooms/lobby", with("text", long+"!")).shows(t, 413, long+"!</textarea>")
	c.owner.fill("/rooms/lobby", with("text", long)).leads(t, "/rooms/lobby")
	c.stranger().fill("/rooms/lobby", form).shows(t, 200, "You have been signed out", `value="/rooms/lobby"`)

	ben := c.member("Ben")
	ben.fill("/rooms/lobby", with("x", "")).shows(t, 403) // another person's token
	private := c.room(wire.KindPrivate, "board")
	mine := composerOf(t, ben.page("/"))
	mine.Set("text", "let me in")
	ben.fill("/rooms/"+private, mine).shows(t, 404, "There is no such room", "\nlet me in</textarea>")
	if got := len(c.history(private)); got != 0 {
		t.Errorf("%d messages in a room that Ben is not in", got)
	}
}

// TestTextOutlivesTheSession: a session that has ended, a password that is wrong at
// first, or a room that is archived meanwhile take nothing that was written.
func TestTextOutlivesTheSession(t *testing.T) {
	c := newCommunity(t)
	lost := url.Values{"text": {"  half\nan \"hour's\" work"}}
	p := c.stranger()
	door := p.fill("/rooms/lobby", lost)
	door.shows(t, 200, "You have been signed out. Please sign in again. What you wrote is kept.", `name="text"`)
	if strings.Contains(string(door.body), `id="state"`) {
		t.Error("the app would sign in and know nothing of the text")
	}
	login := url.Values{"name": {"Ada"}, "password": {"not it"}, "next": {"/rooms/lobby"}, "text": lost["text"]}
	p.fill("/login", login).shows(t, 401, `name="text"`)
	login.Set("password", "correct horse")
	back := p.fill("/login", login)
	back.shows(t, 200, "half\nan &#34;hour&#39;s&#34; work</textarea>", `"next":"/rooms/lobby"`)
	form := composerOf(t, string(back.body))
	form.Set("text", lost.Get("text"))
	p.fill("/rooms/lobby", form).leads(t, "/rooms/lobby")
	if ms := c.history(wire.Lobby); len(ms) != 1 {
		t.Errorf("the room has %+v", ms)
	}

	garden := c.room(wire.KindPublic, "garden")
	form.Set("text", "too late")
	c.owner.do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: garden, Archived: new(true)}, nil)
	p.fill("/rooms/"+garden, form).shows(t, 409, "archived", "\ntoo late</textarea>")
	login.Set("next", "/rooms/nowhere") // another person may not see the room
	p.fill("/login", login).shows(t, 404, "There is no such room", "work</textarea>")
}

func TestSendLimitOfForms(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) { conf.Limits.SendRate, conf.Limits.SendBurst = 0.01, 2 })
	c.owner.say(wire.Lobby, "by the API")
	form := composerOf(t, c.owner.page("/"))
	form.Set("text", "by the page")
	c.owner.fill("/rooms/lobby", form).leads(t, "/rooms/lobby")
	form.Set("text", "one too many")
	c.owner.fill("/rooms/lobby", form).shows(t, 429, "one too many</textarea>")
}

func TestReadForm(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	ben.say(wire.Lobby, "read me")
	for range 2 { // looking changes nothing
		page := c.owner.page("/")
		if !strings.Contains(page, "Mark as read") || !strings.Contains(page, `<span class="badge" role="img" aria-label="1 unread">1</span>`) ||
			!strings.Contains(page, `<div class="unread"`) || !strings.Contains(page, "<title>• lobby · Analysts</title>") {
			t.Fatalf("unread: %s", page)
		}
	}
	form := composerOf(t, c.owner.page("/"))
	form.Set("seq", "x")
	c.owner.fill("/rooms/lobby/read", form).shows(t, 400)
	form.Set("seq", "1")
	c.owner.fill("/rooms/lobby/read", form).leads(t, "/rooms/lobby")
	if page := c.owner.page("/"); strings.Contains(page, "Mark as read") {
		t.Errorf("read: %s", page)
	}
	ben.say(wire.Lobby, "and answer me")
	form.Set("text", "so I do")
	c.owner.fill("/rooms/lobby", form).leads(t, "/rooms/lobby")
	if page := c.owner.page("/"); strings.Contains(page, "Mark as read") {
		t.Errorf("whoever answers has read: %s", page)
	}
}

func TestLogoutForm(t *testing.T) {
	c := newCommunity(t)
	form := composerOf(t, c.owner.page("/"))
	c.owner.fill("/logout", url.Values{"token": {"x"}}).shows(t, 403, `class="chat"`)
	old := *c.owner
	c.owner.fill("/logout", form).leads(t, "/")
	if page := old.page("/"); !strings.Contains(page, `action="/login"`) {
		t.Errorf("the session lives: %s", page)
	}
	old.fill("/logout", form).leads(t, "/")
}

// TestHostileNames: nothing that people call themselves or say becomes markup,
// in the page or in what it tells the app.
func TestHostileNames(t *testing.T) {
	c := newCommunity(t)
	evil := `</script><script>a`
	ben := c.member(`<img src=x onerror=b>`)
	room := c.room(wire.KindPublic, `"><script>c`)
	ben.do(wire.CmdJoin, wire.RoomRef{Room: room}, nil)
	ben.say(room, evil+`<!--`)
	page := c.owner.page("/rooms/" + room)
	for _, bad := range []string{"<script>", "<img src=x", "<!--", `"><`} {
		if strings.Contains(strings.ReplaceAll(page, "<!doctype", ""), bad) && bad != `"><` {
			t.Errorf("%s stands in the page: %s", bad, page)
		}
	}
	state := stateOf(t, page)
	if ms := state.Start.Messages[room]; len(ms) != 1 || ms[0].Text != evil+`<!--` || state.Room != room {
		t.Errorf("the app is told %+v of %q", ms, state.Room)
	}
}

// TestPageAndSync: the page tells the app what /sync would, at one cursor.
func TestPageAndSync(t *testing.T) {
	c := newCommunity(t)
	for i := range 60 {
		c.owner.say(wire.Lobby, fmt.Sprint("line ", i+1))
	}
	state := stateOf(t, c.owner.page("/"))
	var want wire.Sync
	c.owner.get("/sync", &want)
	if got := wire.Encode(state.Start.Sync); string(got) != string(wire.Encode(want)) {
		t.Errorf("the page says\n%s\nand the API\n%s", got, wire.Encode(want))
	}
	if ms := state.Start.Messages[wire.Lobby]; len(ms) != 50 || ms[49].Seq != 60 {
		t.Errorf("%d messages", len(ms))
	}
	page := c.owner.page("/rooms/lobby?before=11")
	if strings.Count(page, "<article") != 10 || strings.Contains(page, `id="state"`) || strings.Contains(page, "?before") {
		t.Errorf("older: %s", page)
	}
	for _, bad := range []string{"0", "x", "-1", "99999999999999999999"} {
		if got := c.owner.ask("GET", "//rooms/lobby?before="+bad, nil); got.status != http.StatusBadRequest {
			t.Errorf("before=%s: %d", bad, got.status)
		}
	}
	if page := c.owner.page("/rooms/lobby?follow"); !strings.Contains(page, `<noscript><meta http-equiv="refresh"`) || strings.Contains(page, "<textarea") {
		t.Errorf("following: %s", page)
	}
}

// TestRoomToOpen: the path's, else the last one, else the lobby.
func TestRoomToOpen(t *testing.T) {
	c := newCommunity(t)
	room := c.room(wire.KindPublic, "garden")
	last := func(id string) func(*http.Request) {
		return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "room", Value: id}) }
	}
	for _, at := range []struct{ path, last, want string }{
		{"/", "", wire.Lobby},
		{"/", room, room},
		{"/", "gone", wire.Lobby},
		{"/rooms/lobby", room, wire.Lobby},
		{"/login", "", wire.Lobby},
		{"/rooms/gone", "", ""},
	} {
		if got := stateOf(t, c.owner.page(at.path, last(at.last))).Room; got != at.want {
			t.Errorf("%s after %q opens %q, want %q", at.path, at.last, got, at.want)
		}
	}
	got := c.owner.ask("GET", "//rooms/gone", nil)
	got.shows(t, 404, "There is no such room", `href="/rooms/lobby"`)
}

// TestPageRenewsTheSession: the page stands for the sync that did it before.
func TestPageRenewsTheSession(t *testing.T) {
	c := newCommunity(t)
	c.ahead.Store(int64(20 * 24 * time.Hour))
	if got := c.owner.ask("GET", "//", nil); got.header.Get("Set-Cookie") == "" {
		t.Error("a session that is used is not renewed")
	}
}

// TestReadersLanguage: words, dates and theme are the reader's.
func TestReadersLanguage(t *testing.T) {
	c := newCommunity(t)
	c.owner.say(wire.Lobby, "hello")
	page := c.owner.page("/", func(r *http.Request) {
		r.Header.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8")
		r.AddCookie(&http.Cookie{Name: "theme", Value: "dark"})
	})
	for _, want := range []string{`<html lang="zh-Hans" data-theme="dark">`, `aria-label="房间"`, `星期`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
	page = c.owner.page("/", func(r *http.Request) {
		r.Header.Set("Accept-Language", "zh-CN")
		r.AddCookie(&http.Cookie{Name: "lang", Value: "en"})
	})
	if !strings.Contains(page, `<html lang="en">`) {
		t.Errorf("the choice does not count: %s", page)
	}
}

// TestPageIsCompressed for whoever takes that, and says nothing twice by which
// the form's token could be guessed from its size.
func TestPageIsCompressed(t *testing.T) {
	c := newCommunity(t)
	sizes := map[string]int{}
	for _, accept := range []string{"gzip, br", "gzip;q=0", "identity"} {
		r := c.owner.request("GET", "//", nil)
		r.Header.Set("Accept-Encoding", accept)
		got := c.owner.send(r)
		if packed := got.header.Get("Content-Encoding") == "gzip"; packed != (accept == "gzip, br") {
			t.Errorf("%s: Content-Encoding %q", accept, got.header.Get("Content-Encoding"))
		}
		if !strings.Contains(strings.Join(got.header["Vary"], ", "), "Accept-Encoding") {
			t.Errorf("%s: Vary %q", accept, got.header["Vary"])
		}
		sizes[accept] = len(got.body)
	}
	if sizes["gzip, br"] > sizes["identity"]/2 {
		t.Errorf("compressed it has %d of %d bytes", sizes["gzip, br"], sizes["identity"])
	}
	one, two := composerOf(t, c.owner.page("/")), composerOf(t, c.owner.page("/"))
	if one.Get("token") == two.Get("token") {
		t.Error("two pages have one token")
	}
	one.Set("text", "either holds")
	c.owner.fill("/rooms/lobby", one).leads(t, "/rooms/lobby")
	two.Set("text", "and so does this")
	c.owner.fill("/rooms/lobby", two).leads(t, "/rooms/lobby")
}

// TestBackFromReading: a page that answered to marking as read has links to itself.
func TestBackFromReading(t *testing.T) {
	c := newCommunity(t)
	c.stranger().fill("/rooms/lobby/read", url.Values{"seq": {"1"}}).shows(t, 200, `href="?lang=zh-Hans"`)
	c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.owner.ask("GET", "//rooms/lobby/read", nil).leads(t, "/rooms/lobby")
	c.stranger().ask("GET", "//rooms/lobby/read?lang=zh-Hans", nil).leads(t, "/rooms/lobby/read")
}
