package journal

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"parley/server/chat"
	"parley/server/store"
	"parley/shared/names"
	"parley/shared/wire"
)

// modelHook is an incoming webhook.
type modelHook struct{ secret, user, room, creator string }

func (m *model) createHook(by string, a wire.CreateHook, got wire.Hook) (any, wire.Code) {
	name, err := names.Clean("name", a.Name)
	if err != nil {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	r, code := m.open(by, a.Room)
	if code != "" {
		return nil, code
	}
	u := m.byName(name)
	switch {
	case r.Kind == wire.KindDirect:
		return nil, wire.CodeForbidden
	case u != nil && (u.Role != wire.RoleBot || !u.Deactivated || u.creator != by && !m.moderates(by)):
		return nil, wire.CodeConflict
	case m.hooks[got.ID] != nil || got.ID == "" || got.URL == "" || u == nil && m.users[got.User] != nil || u != nil && got.User != u.ID:
		return "a webhook that is new", ""
	}
	if u != nil {
		u.Deactivated, u.creator, u.Name = false, by, name
		m.changed(u)
	} else {
		m.arrive(modelUser{User: wire.User{ID: got.User, Name: name, Role: wire.RoleBot}, creator: by})
	}
	if !r.members[got.User] {
		m.enter(r, got.User)
	}
	m.hooks[got.ID] = &modelHook{secret: got.URL, user: got.User, room: a.Room, creator: by}
	m.audited = append(m.audited, string(wire.AuditCreateHook)+" "+got.User)
	return got, ""
}

func (m *model) revokeHook(by, id string) (any, wire.Code) {
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	h := m.hooks[id]
	switch {
	case h == nil:
		return nil, wire.CodeNotFound
	case h.creator != by && !m.moderates(by):
		return nil, wire.CodeForbidden
	}
	m.audited = append(m.audited, string(wire.AuditRevokeHook)+" "+h.user)
	m.endHooks(h.user)
	u := m.users[h.user]
	u.Deactivated = true
	m.changed(u)
	return wire.Empty{}, ""
}

// endHooks ends whatever a bot that is deactivated was reached by.
func (m *model) endHooks(bot string) {
	maps.DeleteFunc(m.hooks, func(_ string, h *modelHook) bool { return h.user == bot })
	delete(m.webhooks, bot)
}

func (m *model) setWebhook(by string, a wire.SetWebhook, got wire.Webhook) (any, wire.Code) {
	if a.URL == badURL {
		return nil, wire.CodeBadRequest
	}
	if code := m.may(by, onlyPersons); code != "" {
		return nil, code
	}
	u := m.users[a.Bot]
	switch {
	case u == nil:
		return nil, wire.CodeNotFound
	case u.Role != wire.RoleBot:
		return nil, wire.CodeBadRequest
	case u.creator != by && !m.moderates(by):
		return nil, wire.CodeForbidden
	case u.Deactivated:
		return nil, wire.CodeConflict
	case (got.Secret == "") != (a.URL == ""):
		return "a secret with an address, and none without", ""
	}
	if a.URL != "" || m.webhooks[a.Bot] != "" {
		m.audited = append(m.audited, string(wire.AuditSetWebhook)+" "+a.Bot)
	}
	if delete(m.webhooks, a.Bot); a.URL != "" {
		m.webhooks[a.Bot] = a.URL
	}
	return wire.Webhook{Bot: a.Bot, URL: a.URL, Secret: got.Secret}, ""
}

// byHook is which bot speaks by a secret, and where.
func (m *model) byHook(secret string) (string, wire.Code) {
	for _, h := range m.hooks {
		if h.secret != secret {
			continue
		}
		switch r := m.rooms[h.room]; {
		case r.Archived:
			return "", wire.CodeConflict
		case !r.members[h.user]:
			return "", wire.CodeForbidden
		}
		return h.user + " in " + h.room, ""
	}
	return "", wire.CodeNotFound
}

const badURL = "ftp://bot.example/"

// hookCommand is a command about webhooks.
func (x *explorer) hookCommand() (string, any) {
	switch ids := slices.Sorted(maps.Keys(x.m.hooks)); x.rnd.IntN(5) {
	case 0, 1:
		return wire.CmdCreateHook, wire.CreateHook{Room: x.room(), Name: x.name()}
	case 2:
		return wire.CmdRevokeHook, wire.HookRef{ID: pick(x.rnd, append(ids, "none")...)}
	}
	bot := x.user()
	for _, id := range x.m.userIDs() {
		if x.m.users[id].Role == wire.RoleBot && x.rnd.IntN(2) == 0 {
			bot = id
		}
	}
	return wire.CmdSetWebhook, wire.SetWebhook{Bot: bot, URL: pick(x.rnd, "https://bot.example/a", "http://bot.example/b?c=d", "", badURL)}
}

// hooks uses a webhook, and looks at all of them.
func (x *explorer) hooks() {
	secret := "none"
	if ids := slices.Sorted(maps.Keys(x.m.hooks)); len(ids) > 0 {
		secret = x.m.hooks[pick(x.rnd, ids...)].secret
	}
	bot, room, err := x.q.ByHook(secret)
	got := ""
	if err == nil {
		got = bot.User.ID + " in " + room
	}
	want, code := x.m.byHook(secret)
	x.same("hook", got, err, want, code)

	webhooks := map[string]string{}
	if err := x.db.View(func(tx *store.Tx) error {
		return tx.Webhooks(func(bot string, w store.Webhook) error {
			webhooks[bot] = w.URL
			if w.Secret == "" || w.Cursor > tx.End() {
				return fmt.Errorf("the webhook of %s is %+v", bot, w)
			}
			return nil
		})
	}); err != nil {
		x.t.Error(err)
	}
	if !maps.Equal(webhooks, x.m.webhooks) {
		x.t.Errorf("webhooks %v, want %v", webhooks, x.m.webhooks)
	}
	if len(webhooks) > 0 && x.rnd.IntN(3) == 0 {
		x.noteWebhook(pick(x.rnd, slices.Sorted(maps.Keys(webhooks))...))
	}
}

func (x *explorer) noteWebhook(bot string) {
	note := chat.WebhookNote{Bot: bot, Cursor: uint64(x.rnd.IntN(2000)), Status: &wire.WebhookStatus{State: wire.WebhookDelivered, Delivery: "d"}}
	got, err := x.submit(x.env.NoteWebhooks([]chat.WebhookNote{note}))
	if err = errors.Join(err); err != nil {
		x.t.Error(err)
	}
	x.same("note", got, err, wire.Empty{}, "")
}
