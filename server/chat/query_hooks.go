package chat

import (
	"cmp"
	"errors"
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

// ByHook is the bot of an incoming webhook's secret, and the room that it speaks
// in. Errors: not_found for a secret that is unknown or revoked; conflict for a
// room that is archived, forbidden for one that the bot was taken out of.
func (q Queries) ByHook(secret string) (a Actor, room string, err error) {
	a.Credential = store.HashOf(secret)
	err = q.DB.View(func(tx *store.Tx) error {
		hook, err := tx.Hook(a.Credential)
		if errors.Is(err, store.ErrNotExist) {
			return noHook()
		}
		if err != nil {
			return err
		}
		if err := a.load(tx, hook.User); wire.CodeFrom(err) == wire.CodeUnauthenticated {
			return noHook()
		} else if err != nil {
			return err
		}
		room = hook.Room
		return mayPost(tx, hook)
	})
	if err != nil {
		return Actor{}, "", err
	}
	return a, room, nil
}

func noHook() error {
	return wire.Errorf(wire.CodeNotFound, "There is no such webhook. It may have been revoked.")
}

func mayPost(tx *store.Tx, hook store.Hook) error {
	room, err := tx.Room(hook.Room)
	if err != nil {
		return err
	}
	member, err := tx.IsMember(room.ID, hook.User)
	switch {
	case err != nil:
		return err
	case room.Archived:
		return isArchived()
	case !member:
		return wire.Errorf(wire.CodeForbidden, "The webhook's bot is not in the room any more.")
	}
	return nil
}

// Hooks are the incoming webhooks that the actor made, and for owner and admins
// all, the oldest first.
func (q Queries) Hooks(a Actor) (wire.HookList, error) {
	list := wire.HookList{Hooks: []wire.HookInfo{}}
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		return tx.Hooks(func(_ store.Hash, h store.Hook) error {
			if h.Creator != me.ID && !moderates(me) {
				return nil
			}
			bot, err := tx.User(h.User)
			list.Hooks = append(list.Hooks, wire.HookInfo{
				ID: h.ID, User: h.User, Name: bot.Name, Room: h.Room, Creator: h.Creator, Created: h.Created,
			})
			return err
		})
	})
	slices.SortFunc(list.Hooks, func(a, b wire.HookInfo) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// Webhooks are the outgoing webhooks of the actor's bots, and for owner and
// admins all, the oldest first.
func (q Queries) Webhooks(a Actor) (wire.WebhookList, error) {
	list := wire.WebhookList{Webhooks: []wire.WebhookInfo{}}
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		return tx.Webhooks(func(id string, w store.Webhook) error {
			bot, err := tx.User(id)
			if err != nil || bot.Creator != me.ID && !moderates(me) {
				return err
			}
			list.Webhooks = append(list.Webhooks, wire.WebhookInfo{
				Bot: id, Name: bot.Name, URL: w.URL, Creator: w.Creator, Created: w.Created, Status: w.Status,
			})
			return nil
		})
	})
	slices.SortFunc(list.Webhooks, func(a, b wire.WebhookInfo) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.Bot, b.Bot))
	})
	return list, err
}
