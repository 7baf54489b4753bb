package hooks

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	"parley/server/chat"
)

// note stores how far webhooks have come, if there is something to say.
func (s *Sender) note(ctx context.Context) bool {
	notes := s.notes()
	if len(notes) == 0 {
		return false
	}
	slices.SortFunc(notes, func(a, b chat.WebhookNote) int { return cmp.Compare(a.Bot, b.Bot) })
	if _, err := s.o.Submit(ctx, s.o.Env.NoteWebhooks(notes).Entry); err != nil {
		if ctx.Err() == nil {
			s.log.Warn("it was not noted how far webhooks have come", slog.Any("error", err))
		}
		s.noteAgain(notes)
	}
	return true
}

// notes are what the store does not know yet of how far webhooks have come.
func (s *Sender) notes() []chat.WebhookNote {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty = false
	var notes []chat.WebhookNote
	for _, q := range s.queues {
		at := max(s.cursor, q.noted)
		if len(q.waiting) > 0 {
			at = q.waiting[0] - 1
		}
		if q.done || q.status != nil || at >= q.noted+s.o.pace.quiet {
			notes = append(notes, chat.WebhookNote{Bot: q.bot, Cursor: at, Status: q.status})
			q.noted, q.status, q.done = at, nil, false
		}
	}
	return notes
}

// noteAgain takes notes back that were not stored.
func (s *Sender) noteAgain(notes []chat.WebhookNote) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty = true
	for _, n := range notes {
		if q := s.queues[n.Bot]; q != nil {
			q.done, q.status = true, cmp.Or(q.status, n.Status)
		}
	}
}
