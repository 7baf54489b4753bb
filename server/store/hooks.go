package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Hook is the incoming webhook whose secret has that hash, or ErrNotExist.
func (tx *Tx) Hook(h Hash) (Hook, error) {
	var k Hook
	err := tx.getJSON(hooksBucket, h[:], &k)
	return k, err
}

// HookByID is the incoming webhook with that id and its hash, or ErrNotExist. It
// looks through all, which are few.
func (tx *Tx) HookByID(id string) (hash Hash, hook Hook, err error) {
	found := errors.New("found")
	err = tx.Hooks(func(h Hash, k Hook) error {
		if k.ID != id {
			return nil
		}
		hash, hook = h, k
		return found
	})
	switch {
	case errors.Is(err, found):
		return hash, hook, nil
	case err == nil:
		err = ErrNotExist
	}
	return Hash{}, Hook{}, err
}

// Hooks calls fn for each incoming webhook, in the order of their hashes, until
// it returns an error, which comes back. fn must not change them.
func (tx *Tx) Hooks(fn func(Hash, Hook) error) error {
	return tx.scan(hooksBucket, nil, func(key, value []byte) error {
		var k Hook
		if len(key) != len(Hash{}) || json.Unmarshal(value, &k) != nil {
			return damagedRecord(hooksBucket, key)
		}
		return fn(Hash(key), k)
	})
}

// PutHook stores an incoming webhook.
func (tx *Tx) PutHook(h Hash, k Hook) error { return tx.putJSON(hooksBucket, h[:], k) }

// DeleteHook deletes an incoming webhook, if it is there.
func (tx *Tx) DeleteHook(h Hash) error { return tx.del(hooksBucket, h[:]) }

// Webhook is the outgoing webhook of a bot, or ErrNotExist.
func (tx *Tx) Webhook(bot string) (Webhook, error) {
	var w Webhook
	err := tx.getJSON(webhooksBucket, []byte(bot), &w)
	return w, err
}

// Webhooks calls fn for each outgoing webhook, ascending by bot, until it
// returns an error, which comes back. fn must not change them.
func (tx *Tx) Webhooks(fn func(bot string, w Webhook) error) error {
	return tx.scan(webhooksBucket, nil, func(key, value []byte) error {
		var w Webhook
		if json.Unmarshal(value, &w) != nil {
			return damagedRecord(webhooksBucket, key)
		}
		return fn(string(key), w)
	})
}

// WebhooksSet is how often a webhook has been set or ended: a number that stays
// the same while the set of them does.
func (tx *Tx) WebhooksSet() uint64 { return tx.bucket(webhooksBucket).Sequence() }

// SetWebhook stores an outgoing webhook that somebody has set.
func (tx *Tx) SetWebhook(bot string, w Webhook) error {
	if err := tx.countWebhook(); err != nil {
		return err
	}
	return tx.putJSON(webhooksBucket, []byte(bot), w)
}

// NoteWebhook stores how far an outgoing webhook has come.
func (tx *Tx) NoteWebhook(bot string, w Webhook) error {
	return tx.putJSON(webhooksBucket, []byte(bot), w)
}

// DeleteWebhook ends the outgoing webhook of a bot, if it is there.
func (tx *Tx) DeleteWebhook(bot string) error {
	if tx.bucket(webhooksBucket).Get([]byte(bot)) == nil {
		return nil
	}
	if err := tx.countWebhook(); err != nil {
		return err
	}
	return tx.del(webhooksBucket, []byte(bot))
}

func (tx *Tx) countWebhook() error {
	tx.writes++
	if _, err := tx.bucket(webhooksBucket).NextSequence(); err != nil {
		return fmt.Errorf("count the webhooks that were set: %w", err)
	}
	return nil
}
