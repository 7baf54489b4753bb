package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"parley/server/store"
	"parley/shared/wire"
)

const (
	// A look reads at most so much in one transaction: a long one makes the data
	// file grow.
	maxLookEvents = 2048
	maxLookBytes  = 512 << 10
)

// follower is what only the goroutine of follow touches.
type follower struct {
	*Sender
	begun bool
	set   uint64    // store.Tx.WebhooksSet when the queues were last compared
	noted time.Time // when it was last noted how far webhooks have come
	stuck bool      // the last look failed
}

// follow keeps the queues level with the log until ctx ends.
func (s *Sender) follow(ctx context.Context) {
	f := &follower{Sender: s, noted: time.Now()}
	for ctx.Err() == nil {
		more, err := f.look(ctx)
		switch {
		case err != nil:
			f.failed(ctx, err)
			continue
		case f.stuck:
			f.stuck = false
			f.log.Info("webhooks are delivered again")
		}
		if more {
			continue
		}
		if time.Since(f.noted) >= f.o.pace.note && f.note(ctx) {
			f.noted = time.Now()
		}
		f.pause(ctx)
	}
}

func (f *follower) failed(ctx context.Context, err error) {
	if !f.stuck {
		f.log.Error("webhooks stand still", slog.Any("error", err), slog.Duration("again", f.o.pace.retry))
	}
	f.stuck = true
	sleep(ctx, f.o.pace.retry)
}

// pause rests until there is something to do.
func (f *follower) pause(ctx context.Context) {
	var due <-chan time.Time
	if f.isDirty() {
		timer := time.NewTimer(max(0, f.o.pace.note-time.Since(f.noted)))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
	case <-due:
	case <-f.wake:
		sleep(ctx, f.o.pace.gather)
	}
}

// sleep is a rest that ctx can end.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// told is an event that concerns a bot.
type told struct {
	bot    string
	offset uint64
}

// look puts the next events into the queues. more: there are further ones.
func (f *follower) look(ctx context.Context) (more bool, err error) {
	var found []told
	cursor := f.cursor // which nobody else changes
	err = f.db.View(func(tx *store.Tx) error {
		if err := f.compare(tx, &cursor); err != nil {
			return err
		}
		if len(f.queues) == 0 {
			cursor = tx.End()
			return nil
		}
		if first := tx.First(); cursor+1 < first {
			f.log.Warn("the log no longer has what webhooks should have been told", slog.Uint64("events", first-1-cursor))
			cursor = first - 1
		}
		events, size := 0, 0
		var bad error
		err := tx.Log(cursor, func(e store.Event) bool {
			if more = events == maxLookEvents || size >= maxLookBytes; more {
				return false
			}
			events++
			size += len(e.Data)
			bots, err := f.concerned(tx, e)
			if bad = err; bad != nil {
				return false
			}
			for _, bot := range bots {
				found = append(found, told{bot, e.Offset})
			}
			cursor = e.Offset
			return true
		})
		if err == nil {
			err = bad
		}
		return err
	})
	if err != nil {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range found {
		f.put(ctx, t)
	}
	f.cursor = cursor
	return more, nil
}

// compare makes the queues those of the webhooks that there are. It moves cursor
// back to where a new one wants to go on from.
func (f *follower) compare(tx *store.Tx, cursor *uint64) error {
	set := tx.WebhooksSet()
	if f.begun && set == f.set {
		return nil
	}
	known := map[string]store.Webhook{}
	if err := tx.Webhooks(func(bot string, w store.Webhook) error {
		known[bot] = w
		return nil
	}); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.begun {
		*cursor = tx.End()
	}
	for bot, w := range known {
		switch q := f.queues[bot]; {
		case q == nil:
			f.queues[bot] = newQueue(bot, w)
			*cursor = min(*cursor, w.Cursor)
		case q.created != w.Created || q.url != w.URL:
			q.created, q.url = w.Created, w.URL
			q.nudge() // what failed before may work now
		}
	}
	for bot, q := range f.queues {
		if _, is := known[bot]; !is {
			q.waiting = nil
			q.nudge()
			delete(f.queues, bot)
		}
	}
	f.begun, f.set, f.cursor = true, set, *cursor
	return nil
}

var messageEvent = []byte(`{"message":`)

// concerned are the bots with a webhook that are spoken to by an event.
func (f *follower) concerned(tx *store.Tx, e store.Event) ([]string, error) {
	if !bytes.HasPrefix(e.Data, messageEvent) {
		return nil, nil
	}
	var event wire.Event
	if err := json.Unmarshal(e.Data, &event); err != nil || event.Message == nil {
		return nil, fmt.Errorf("read the event at offset %d: %w", e.Offset, err)
	}
	m := event.Message
	if m.Rev > 0 {
		return nil, nil // told when it was new
	}
	author, err := tx.User(m.Author)
	if err != nil || author.Role == wire.RoleBot {
		return nil, err
	}
	room, err := tx.Room(m.Room)
	if err != nil {
		return nil, err
	}
	bots := m.Mentions
	if room.Kind == wire.KindDirect {
		if bots, err = tx.Members(room.ID); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(bots), func(id string) bool { return f.queues[id] == nil }), nil
}
