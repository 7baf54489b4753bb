package chat

import (
	"slices"
	"strings"
	"testing"

	"parley/server/store"
	"parley/shared/wire"
)

func (c *cast) hook(by Actor, room, name string) wire.Hook {
	c.t.Helper()
	return must[wire.Hook](c.world, by, wire.CmdCreateHook, wire.CreateHook{Room: room, Name: name})
}

// hookNames are the bots of the webhooks that somebody sees.
func (c *cast) hookNames(a Actor) (in, out []string) {
	c.t.Helper()
	hooks, err := c.q.Hooks(a)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, h := range hooks.Hooks {
		in = append(in, h.Name)
	}
	webhooks, err := c.q.Webhooks(a)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, h := range webhooks.Webhooks {
		out = append(out, h.Name)
	}
	return in, out
}

func (c *cast) wantHooks(a Actor, wantIn, wantOut string) {
	c.t.Helper()
	if in, out := c.hookNames(a); strings.Join(in, " ") != wantIn || strings.Join(out, " ") != wantOut {
		c.t.Errorf("%s sees %q and %q, want %q and %q", a.User.Name, in, out, wantIn, wantOut)
	}
}

func TestCreateHook(t *testing.T) {
	c := newCast(t)
	room := c.room(c.member, wire.KindPrivate, "Ops")
	hook := c.hook(c.member, room.ID, " ＣＩ ")
	bot, in, err := c.q.ByHook(hook.URL)
	if err != nil || in != room.ID || bot.User.ID != hook.User || bot.User.Name != "CI" || bot.User.Role != wire.RoleBot {
		t.Fatalf("the secret is of %+v in %s: %v", bot, in, err)
	}
	c.send(bot, room.ID, "built", "n")
	c.wantHooks(c.member, "CI", "")
	c.wantHooks(c.admin, "CI", "")
	c.wantHooks(c.other, "", "")
	c.wantCode(c.speakBy(hook.URL+"x"), wire.CodeNotFound, "another secret")
	c.wantCode(c.speakBy(""), wire.CodeNotFound, "no secret")

	for name, test := range map[string]struct {
		by   Actor
		args wire.CreateHook
		code wire.Code
	}{
		"the name of a person":    {c.owner, wire.CreateHook{Room: wire.Lobby, Name: "OTTO"}, wire.CodeConflict},
		"the name of a bot there": {c.member, wire.CreateHook{Room: wire.Lobby, Name: "ci"}, wire.CodeConflict},
		"no name":                 {c.owner, wire.CreateHook{Room: wire.Lobby}, wire.CodeBadRequest},
		"a room of others":        {c.other, wire.CreateHook{Room: room.ID, Name: "X"}, wire.CodeNotFound},
		"a direct room":           {c.member, wire.CreateHook{Room: must[wire.Room](c.world, c.member, wire.CmdCreateRoom, wire.CreateRoom{Kind: wire.KindDirect, Members: []string{c.other.User.ID}}).ID, Name: "X"}, wire.CodeForbidden},
	} {
		if _, err := c.do(test.by, wire.CmdCreateHook, test.args); wire.CodeFrom(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	c.refuse(wire.CodeForbidden, c.other, wire.CmdRevokeHook, wire.HookRef{ID: hook.ID})
	must[wire.Empty](c.world, c.admin, wire.CmdRevokeHook, wire.HookRef{ID: hook.ID})
	c.refuse(wire.CodeNotFound, c.admin, wire.CmdRevokeHook, wire.HookRef{ID: hook.ID})
	c.wantCode(c.speakBy(hook.URL), wire.CodeNotFound, "a revoked secret")
	again := c.hook(c.member, wire.Lobby, "CI")
	if again.User != hook.User || again.URL == hook.URL || c.speakBy(again.URL) != nil {
		t.Errorf("made again: %+v", again)
	}
	c.wantAudit("revoke-hook", "create-hook")
}

func (c *cast) speakBy(secret string) error {
	_, _, err := c.q.ByHook(secret)
	return err
}

// wantAudit wants these actions to be in the audit log.
func (c *cast) wantAudit(actions ...wire.AuditAction) {
	c.t.Helper()
	list, err := c.q.Audit(c.owner, 0, wire.MaxAuditListed)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, want := range actions {
		if !slices.ContainsFunc(list.Entries, func(e wire.AuditEntry) bool { return e.Action == want && strings.Contains(e.Text, "bot ") }) {
			c.t.Errorf("no %s in %+v", want, list.Entries)
		}
	}
}

// Whatever ends a bot ends its webhooks, and whatever takes it out of the room, or
// the room away, stops them with a sentence.
func TestHookEnds(t *testing.T) {
	for name, end := range map[string]func(*cast, wire.Hook){
		"deactivate": func(c *cast, h wire.Hook) {
			must[wire.User](c.world, c.owner, wire.CmdDeactivate, wire.UserRef{User: h.User})
		},
		"revoke-hook": func(c *cast, h wire.Hook) {
			must[wire.Empty](c.world, c.owner, wire.CmdRevokeHook, wire.HookRef{ID: h.ID})
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCast(t)
			hook := c.hook(c.member, wire.Lobby, "CI")
			must[wire.Webhook](c.world, c.member, wire.CmdSetWebhook, wire.SetWebhook{Bot: hook.User, URL: "https://bot.example/"})
			c.wantHooks(c.owner, "CI", "CI")
			end(c, hook)
			c.wantHooks(c.owner, "", "")
			c.wantCode(c.speakBy(hook.URL), wire.CodeNotFound, "the secret")
		})
	}
	c := newCast(t)
	must[wire.Webhook](c.world, c.member, wire.CmdSetWebhook, wire.SetWebhook{Bot: c.bot.User.ID, URL: "https://bot.example/"})
	must[wire.Empty](c.world, c.member, wire.CmdRevokeToken, wire.TokenRef{ID: c.botToken})
	c.wantHooks(c.owner, "", "")

	room := c.room(c.member, wire.KindPublic, "Ops")
	hook := c.hook(c.member, room.ID, "CI")
	archived := true
	must[wire.Room](c.world, c.member, wire.CmdUpdateRoom, wire.UpdateRoom{Room: room.ID, Archived: &archived})
	c.wantCode(c.speakBy(hook.URL), wire.CodeConflict, "an archived room")
	archived = false
	must[wire.Room](c.world, c.member, wire.CmdUpdateRoom, wire.UpdateRoom{Room: room.ID, Archived: &archived})
	must[wire.Room](c.world, c.member, wire.CmdRemoveMember, wire.MemberRef{Room: room.ID, User: hook.User})
	c.wantCode(c.speakBy(hook.URL), wire.CodeForbidden, "a bot that was taken out")
}

func TestSetWebhook(t *testing.T) {
	c := newCast(t)
	set := func(by Actor, url string) wire.Webhook {
		t.Helper()
		return must[wire.Webhook](c.world, by, wire.CmdSetWebhook, wire.SetWebhook{Bot: c.bot.User.ID, URL: url})
	}
	first := set(c.member, "https://Bot.Example:8443/hook?x=1#part")
	if first.URL != "https://bot.example:8443/hook?x=1" || !strings.HasPrefix(first.Secret, webhookPrefix) {
		t.Errorf("set %+v", first)
	}
	stored := c.webhook()
	if stored.Secret != first.Secret || stored.URL != first.URL || stored.Creator != c.member.User.ID || stored.Cursor != c.end() {
		t.Errorf("stored %+v", stored)
	}
	c.send(c.other, wire.Lobby, "hi", "n")
	at := c.end() - 1
	if _, err := c.apply(c.env.NoteWebhooks([]WebhookNote{
		{Bot: c.bot.User.ID, Cursor: at, Status: &wire.WebhookStatus{State: wire.WebhookRetrying, Delivery: "x"}},
		{Bot: "nobody", Cursor: 1},
	})); err != nil {
		t.Fatal(err)
	}
	for _, note := range []WebhookNote{{Cursor: 1}, {Cursor: 1 << 40}} { // never back, never past the end
		note.Bot = c.bot.User.ID
		if _, err := c.apply(c.env.NoteWebhooks([]WebhookNote{note})); err != nil {
			t.Fatal(err)
		}
		if w := c.webhook(); w.Cursor != max(at, min(note.Cursor, c.end())) || w.Status == nil || w.Status.State != wire.WebhookRetrying {
			t.Errorf("after %+v: %+v", note, w)
		}
	}
	c.send(c.other, wire.Lobby, "more", "n2")
	before := c.webhook().Cursor
	second := set(c.admin, "http://bot.example/")
	if w := c.webhook(); second.Secret == first.Secret || w.Cursor != before || w.Status != nil || w.Secret != second.Secret {
		t.Errorf("set again: %+v, %+v", second, w)
	}
	for name, test := range map[string]struct {
		by   Actor
		args wire.SetWebhook
		code wire.Code
	}{
		"somebody else's bot": {c.other, wire.SetWebhook{Bot: c.bot.User.ID, URL: "https://x.example/"}, wire.CodeForbidden},
		"a person":            {c.owner, wire.SetWebhook{Bot: c.other.User.ID, URL: "https://x.example/"}, wire.CodeBadRequest},
		"nobody":              {c.owner, wire.SetWebhook{Bot: "nobody", URL: "https://x.example/"}, wire.CodeNotFound},
		"a file":              {c.owner, wire.SetWebhook{Bot: c.bot.User.ID, URL: "file:///etc/passwd"}, wire.CodeBadRequest},
		"no scheme":           {c.owner, wire.SetWebhook{Bot: c.bot.User.ID, URL: "bot.example"}, wire.CodeBadRequest},
		"no host":             {c.owner, wire.SetWebhook{Bot: c.bot.User.ID, URL: "http:///x"}, wire.CodeBadRequest},
		"a port alone":        {c.owner, wire.SetWebhook{Bot: c.bot.User.ID, URL: "http://:80/"}, wire.CodeBadRequest},
		"a password":          {c.owner, wire.SetWebhook{Bot: c.bot.User.ID, URL: "http://a:b@x.example/"}, wire.CodeBadRequest},
		"a control character": {c.owner, wire.SetWebhook{Bot: c.bot.User.ID, URL: "http://x.example/\r\nX: y"}, wire.CodeBadRequest},
		"a novel":             {c.owner, wire.SetWebhook{Bot: c.bot.User.ID, URL: "http://x.example/" + strings.Repeat("x", wire.MaxWebhookURL)}, wire.CodeBadRequest},
	} {
		if _, err := c.do(test.by, wire.CmdSetWebhook, test.args); wire.CodeFrom(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	for range 2 {
		if ended := set(c.member, ""); ended.Secret != "" || ended.URL != "" {
			t.Errorf("ended: %+v", ended)
		}
	}
	c.wantHooks(c.owner, "", "")
	c.wantAudit("set-webhook")
}

func (c *cast) webhook() (w store.Webhook) {
	c.t.Helper()
	if err := c.db.View(func(tx *store.Tx) (err error) { w, err = tx.Webhook(c.bot.User.ID); return err }); err != nil {
		c.t.Fatal(err)
	}
	return w
}
