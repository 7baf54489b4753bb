package chat

import (
	"errors"
	"net/url"
	"strings"

	"parley/server/store"
	"parley/shared/wire"
)

// webhookPrefix lets scanners find secrets that leaked into code.
const webhookPrefix = "parley_whsec_"

// SetWebhook names the address at which a bot's program is told when the bot is
// spoken to, or with an empty URL ends that. The result is the [wire.Webhook]
// without the secret.
type SetWebhook struct {
	Bot string
	URL string

	// Secret signs what is sent. It is stored, as the one who signs must know it.
	Secret string
}

func prepareSetWebhook(v Env, args []byte) (Op, string, error) {
	w, err := decode[wire.SetWebhook](args)
	if err != nil {
		return nil, "", err
	}
	op := SetWebhook{Bot: w.Bot}
	if w.URL == "" {
		return op, "", nil
	}
	u, err := parseWebhook(w.URL)
	if err != nil {
		return nil, "", err
	}
	if v.CheckWebhook != nil {
		if err := v.CheckWebhook(u); err != nil {
			return nil, "", err
		}
	}
	op.URL = u.String()
	op.Secret, _, err = v.secret(webhookPrefix)
	return op, op.Secret, err
}

// parseWebhook reads an address that can be posted to.
func parseWebhook(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case len(text) > wire.MaxWebhookURL:
		return nil, wire.Errorf(wire.CodeBadRequest, "The address is longer than %d bytes.", wire.MaxWebhookURL)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, wire.Errorf(wire.CodeBadRequest, "The address must be one such as https://bot.example.org/parley.")
	case u.User != nil:
		return nil, wire.Errorf(wire.CodeBadRequest, "The address must have no name or password in it: requests are signed.")
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.ToLower(u.Host)
	return u, nil
}

func (SetWebhook) command() string { return wire.CmdSetWebhook }

func (op SetWebhook) apply(c *change) (any, error) {
	bot, err := findUser(c.tx, op.Bot)
	switch {
	case err != nil:
		return nil, err
	case bot.Role != wire.RoleBot:
		return nil, wire.Errorf(wire.CodeBadRequest, "%s is not a bot.", bot.Name)
	case bot.Creator != c.actor.ID && !moderates(c.actor.User):
		return nil, wire.Errorf(wire.CodeForbidden, "This bot is somebody else's.")
	case bot.Deactivated:
		return nil, wire.Errorf(wire.CodeConflict, "%s is deactivated.", bot.Name)
	}
	old, err := c.tx.Webhook(bot.ID)
	if err != nil && !errors.Is(err, store.ErrNotExist) {
		return nil, err
	}
	isNew := err != nil
	if op.URL == "" {
		if isNew {
			return wire.Webhook{Bot: bot.ID}, nil
		}
		if err := c.auditWebhook(bot, "ended the outgoing webhook of the bot %s"); err != nil {
			return nil, err
		}
		return wire.Webhook{Bot: bot.ID}, c.tx.DeleteWebhook(bot.ID)
	}
	if err := c.auditWebhook(bot, "set the outgoing webhook of the bot %s"); err != nil {
		return nil, err
	}
	// What waits for the old address goes to the new one.
	w := store.Webhook{URL: op.URL, Secret: op.Secret, Creator: c.actor.ID, Created: c.entry.Time, Cursor: old.Cursor}
	if isNew {
		w.Cursor = c.tx.End()
	}
	return wire.Webhook{Bot: bot.ID, URL: op.URL}, c.tx.SetWebhook(bot.ID, w)
}

func (c *change) auditWebhook(bot store.User, format string) error {
	return c.audit(wire.AuditEntry{Action: wire.AuditSetWebhook, User: bot.ID}, format, bot.Name)
}
