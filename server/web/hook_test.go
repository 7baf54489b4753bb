package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/shared/wire"
)

// posted posts to an incoming webhook, as a program without any cookie.
func (c *community) posted(hook wire.Hook, media, body string, header ...string) reply {
	c.Helper()
	r := c.stranger().request("POST", "/"+strings.TrimPrefix(hook.URL, c.url), body)
	r.Header.Set("Content-Type", media)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return c.stranger().send(r)
}

func (p *person) hook(room, name string) wire.Hook {
	p.c.Helper()
	var h wire.Hook
	p.do(wire.CmdCreateHook, wire.CreateHook{Room: room, Name: name}, &h)
	return h
}

// newest is the newest message of a room.
func (p *person) newest(room string) wire.Message {
	p.c.Helper()
	var list wire.MessageList
	p.get("/rooms/"+room+"/messages?limit=1", &list)
	if len(list.Messages) != 1 {
		p.c.Fatalf("%d messages", len(list.Messages))
	}
	return list.Messages[0]
}

func TestHook(t *testing.T) {
	c := newCommunity(t)
	ben := c.member("Ben")
	room := c.room(wire.KindPrivate, "Ops")
	hook := c.owner.hook(room, "CI")
	if !strings.HasPrefix(hook.URL, c.url+"/hooks/") || len(hook.URL) < len(c.url)+50 {
		t.Fatalf("the address %s", hook.URL)
	}
	for _, test := range []struct{ media, body, want string }{
		{"application/json", `{"text": "Build *7* is <https://ci.example/7|green>"}`, "Build **7** is [green](https://ci.example/7)"},
		{"application/json; charset=utf-8", `{"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "你好"}}]}`, "你好"},
		{"application/x-www-form-urlencoded", "payload=%7B%22text%22%3A+%22a+form%22%7D", "a form"},
		{"application/x-www-form-urlencoded", `{"text": "as curl -d does"}`, "as curl -d does"},
		{"text/plain", "**as** <it> is", "**as** <it> is"},
	} {
		if r := c.posted(hook, test.media, test.body); r.status != http.StatusOK || string(r.body) != "ok" {
			t.Fatalf("%s %s: %d %s", test.media, test.body, r.status, r.body)
		}
		if m := c.owner.newest(room); m.Text != test.want || m.Author != hook.User {
			t.Errorf("%s: said %+v, want %q", test.body, m, test.want)
		}
	}
	first := c.owner.newest(room).Seq
	for range 3 {
		c.posted(hook, "text/plain", "once", "Idempotency-Key", "deploy 7")
	}
	if m := c.owner.newest(room); m.Seq != first+1 {
		t.Errorf("one key stored %d messages", m.Seq-first)
	}
	c.posted(hook, "text/plain", "another", "Idempotency-Key", "deploy 7").wants(t, wire.CodeConflict)

	var list wire.HookList
	c.owner.get("/hooks", &list)
	if len(list.Hooks) != 1 || list.Hooks[0].ID != hook.ID || list.Hooks[0].Name != "CI" || list.Hooks[0].Room != room {
		t.Errorf("listed %+v", list)
	}
	if ben.get("/hooks", &list); len(list.Hooks) != 0 {
		t.Errorf("somebody else sees %+v", list)
	}
	ben.ask("POST", "/revoke-hook", wire.HookRef{ID: hook.ID}).wants(t, wire.CodeForbidden)
	c.owner.do(wire.CmdRevokeHook, wire.HookRef{ID: hook.ID}, nil)
	if p := c.posted(hook, "text/plain", "late").wants(t, wire.CodeNotFound); !strings.Contains(p.Detail, "revoked") {
		t.Errorf("says %q", p.Detail)
	}
	if again := c.owner.hook(room, "CI"); again.User != hook.User || again.URL == hook.URL {
		t.Errorf("made again: %+v", again)
	}
}

// What a webhook's address does not let in, each with a sentence.
func TestHookRefuses(t *testing.T) {
	c := newCommunity(t)
	room := c.room(wire.KindPublic, "Ops")
	hook := c.owner.hook(room, "CI")
	for _, test := range []struct {
		media, body string
		code        wire.Code
	}{
		{"application/json", `{"text": 7}`, wire.CodeBadRequest},
		{"application/json", `hello`, wire.CodeBadRequest},
		{"application/json", `{}`, wire.CodeBadRequest},
		{"application/json", `{"text": "` + strings.Repeat("x", wire.MaxText+1) + `"}`, wire.CodeTooLarge},
		{"application/json", `{"text": "` + strings.Repeat("x", wire.MaxBody) + `"}`, wire.CodeTooLarge},
		{"application/x-www-form-urlencoded", "text=hello", wire.CodeBadRequest},
		{"application/x-www-form-urlencoded", "payload=hello", wire.CodeBadRequest},
		{"text/plain", " \n ", wire.CodeBadRequest},
		{"text/plain", "\xff", wire.CodeBadRequest},
		{"text/plain; charset=gbk", "x", wire.CodeUnsupportedMediaType},
		{"image/png", "x", wire.CodeUnsupportedMediaType},
		{"", "x", wire.CodeUnsupportedMediaType},
	} {
		if p := c.posted(hook, test.media, test.body).wants(t, test.code); p.Detail == "" {
			t.Errorf("%s %.40s: no sentence", test.media, test.body)
		}
	}
	c.posted(hook, "text/plain", "x", "Idempotency-Key", strings.Repeat("k", 65)).wants(t, wire.CodeBadRequest)
	c.posted(wire.Hook{URL: c.url + "/hooks/" + strings.Repeat("x", 43)}, "text/plain", "x").wants(t, wire.CodeNotFound)
	c.posted(hook, "text/plain", "x", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example").wants(t, wire.CodeForbidden)

	archived := true
	c.owner.do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: room, Archived: &archived}, nil)
	if p := c.posted(hook, "text/plain", "x").wants(t, wire.CodeConflict); !strings.Contains(p.Detail, "archived") {
		t.Errorf("says %q", p.Detail)
	}
	archived = false
	c.owner.do(wire.CmdUpdateRoom, wire.UpdateRoom{Room: room, Archived: &archived}, nil)
	c.owner.do(wire.CmdRemoveMember, wire.MemberRef{Room: room, User: hook.User}, nil)
	if p := c.posted(hook, "text/plain", "x").wants(t, wire.CodeForbidden); !strings.Contains(p.Detail, "not in the room") {
		t.Errorf("says %q", p.Detail)
	}
	c.owner.do(wire.CmdAddMember, wire.MemberRef{Room: room, User: hook.User}, nil)
	if r := c.posted(hook, "text/plain", "x"); r.status != http.StatusOK {
		t.Errorf("in again: %d", r.status)
	}
	c.owner.do(wire.CmdDeactivate, wire.UserRef{User: hook.User}, nil)
	c.posted(hook, "text/plain", "x").wants(t, wire.CodeNotFound)
	if list := new(wire.HookList); true {
		if c.owner.get("/hooks", list); len(list.Hooks) != 0 {
			t.Errorf("a bot that is gone has %+v", list)
		}
	}
}

// One webhook that floods is held up, and no other is.
func TestHookLimit(t *testing.T) {
	c := newCommunity(t, func(conf *Config, _ *times) { conf.Limits.SendRate, conf.Limits.SendBurst = 0.01, 3 })
	loud, other := c.owner.hook(wire.Lobby, "Loud"), c.owner.hook(wire.Lobby, "Other")
	for range 3 {
		if r := c.posted(loud, "text/plain", "x"); r.status != http.StatusOK {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	if p := c.posted(loud, "text/plain", "x").wants(t, wire.CodeRateLimited); p.RetryAfter == 0 {
		t.Errorf("%+v", p)
	}
	if r := c.posted(other, "text/plain", "x"); r.status != http.StatusOK {
		t.Errorf("the other: %d", r.status)
	}
	c.ahead.Store(int64(200 * time.Second))
	if r := c.posted(loud, "text/plain", "x"); r.status != http.StatusOK {
		t.Errorf("later: %d", r.status)
	}
}
