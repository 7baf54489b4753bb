package hooks

import (
	"context"
	"log/slog"

	"parley/server/store"
	"parley/shared/wire"
)

// maxWaiting bounds how many messages wait for one bot: the memory that a bot
// which is slow, or down, takes.
const maxWaiting = 10_000

// queue is what a bot is to be told. It is guarded by Sender.mu.
type queue struct {
	bot     string
	url     string
	created wire.Time // with url: which webhook this is

	waiting []uint64 // offsets, ascending; the first is being delivered while there is a worker
	working bool
	seen    uint64 // offset of the newest event that was put in, or is of no concern
	changed chan struct{}

	noted  uint64              // the cursor that the store has
	status *wire.WebhookStatus // nil: the store has it
	done   bool                // something was delivered since it was noted
}

func newQueue(bot string, w store.Webhook) *queue {
	return &queue{bot: bot, url: w.URL, created: w.Created, seen: w.Cursor, noted: w.Cursor, changed: make(chan struct{}, 1)}
}

// nudge has a worker that waits for its next attempt look again.
func (q *queue) nudge() {
	select {
	case q.changed <- struct{}{}:
	default:
	}
}

// put puts an event into a bot's queue, and sees to it that somebody delivers it.
// The caller holds mu.
func (s *Sender) put(ctx context.Context, t told) {
	q := s.queues[t.bot]
	if q == nil || t.offset <= q.seen {
		return
	}
	q.seen = t.offset
	if len(q.waiting) == maxWaiting {
		lost := q.waiting[1] // the first is under way
		q.waiting = append(q.waiting[:1], q.waiting[2:]...)
		s.log.Warn("a webhook was not told of a message: too many wait", slog.String("bot", q.bot), slog.Uint64("offset", lost))
		s.report(q, wire.WebhookStatus{State: wire.WebhookDropped, Delivery: s.id(lost), Detail: "Too many messages wait for it."})
	}
	q.waiting = append(q.waiting, t.offset)
	if !q.working {
		q.working = true
		s.all.Go(func() { s.work(ctx, q) })
	}
}

// work delivers what is in a queue until that is empty.
func (s *Sender) work(ctx context.Context, q *queue) {
	for {
		offset, ok := s.next(ctx, q)
		if !ok {
			return
		}
		if s.deliver(ctx, q, offset) {
			s.remove(q, offset)
		}
	}
}

// next is what to deliver next. When there is nothing the worker has ended.
func (s *Sender) next(ctx context.Context, q *queue) (uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil || len(q.waiting) == 0 {
		q.working = false
		return 0, false
	}
	return q.waiting[0], true
}

// remove takes out what has been dealt with.
func (s *Sender) remove(q *queue, offset uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(q.waiting) > 0 && q.waiting[0] == offset { // else the webhook has ended
		q.waiting = q.waiting[1:]
	}
	q.done = true
	s.markDirty()
}

// report sets what the newest attempt has come to. The caller holds mu.
func (s *Sender) report(q *queue, status wire.WebhookStatus) {
	status.Time = wire.TimeOf(s.o.Env.Now())
	q.status = &status
	s.markDirty()
}

func (s *Sender) markDirty() {
	s.dirty = true
	s.Wake()
}

func (s *Sender) isDirty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dirty
}
