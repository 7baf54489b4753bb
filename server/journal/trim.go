package journal

import (
	"time"

	"parley/server/chat"
	"parley/shared/wire"
)

// trimSteps is how many events one step drops: about 2 ms of work, which nobody
// notices who waits for the disk, and more than a busy batch appends.
const trimSteps = 256

func (t Trim) withDefaults() Trim {
	if t.Age <= 0 {
		t.Age = 7 * 24 * time.Hour
	}
	if t.Keep <= 0 {
		t.Keep = 100_000
	}
	if t.Every <= 0 {
		t.Every = time.Minute
	}
	if t.Now == nil {
		t.Now = time.Now
	}
	return t
}

// trimStep is an entry that drops a few of the oldest events.
func (w *writer) trimStep() *pending {
	now := w.o.Trim.Now()
	op := chat.Trim{Before: wire.TimeOf(now.Add(-w.o.Trim.Age)), Keep: w.o.Trim.Keep, Limit: trimSteps}
	return &pending{entry: chat.Entry{Time: wire.TimeOf(now), Op: op}, done: make(chan struct{})}
}

// trimAgain tells whether a step that was done leaves more to drop. After a
// failure the next look tries again.
func (w *writer) trimAgain(step *pending) bool {
	if step.err != nil {
		if wire.CodeFrom(step.err) == "" && !w.broken {
			w.o.Log.Error("cannot trim the log", "err", step.err)
		}
		return false
	}
	dropped, ok := step.result.(int)
	return ok && dropped == trimSteps
}
