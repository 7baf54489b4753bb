package chat

import (
	"errors"

	"parley/server/store"
	"parley/shared/wire"
)

// NoteWebhooks notes how far outgoing webhooks have come. The result is
// [wire.Empty].
type NoteWebhooks []WebhookNote

// WebhookNote is how far one has come.
type WebhookNote struct {
	Bot    string
	Cursor uint64 // offset of the newest event that has been dealt with
	Status *wire.WebhookStatus
}

// NoteWebhooks makes an entry that notes how far outgoing webhooks have come.
func (v Env) NoteWebhooks(notes []WebhookNote) Call {
	return v.call("", NoteWebhooks(notes), "")
}

func (op NoteWebhooks) size() int { return smallEntry * len(op) }

func (op NoteWebhooks) apply(c *change) (any, error) {
	for _, note := range op {
		w, err := c.tx.Webhook(note.Bot)
		if errors.Is(err, store.ErrNotExist) {
			continue // ended meanwhile
		}
		if err != nil {
			return nil, err
		}
		w.Cursor = max(w.Cursor, min(note.Cursor, c.tx.End()))
		if note.Status != nil {
			w.Status = note.Status
		}
		if err := c.tx.NoteWebhook(note.Bot, w); err != nil {
			return nil, err
		}
	}
	return wire.Empty{}, nil
}
