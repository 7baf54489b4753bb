// Package tasks keeps track of long work: whose it is, how far it has come, and
// who waits to hear of it. What the work is, it does not know. Tasks live in
// memory: one that the server's end has interrupted is not there any more, and
// whoever started it starts it again.
package tasks

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"time"

	"parley/shared/wire"
)

// The states of a task.
const (
	Running = "running"
	Done    = "done"
	Failed  = "failed"
)

// maxKept bounds the finished tasks that can still be asked for.
const maxKept = 100

// ErrBusy is returned by Start when as many tasks run as may.
var ErrBusy = errors.New("too many tasks are running")

// Tasks keeps tasks. It may be used concurrently.
type Tasks struct {
	most int // that run at a time

	mu      sync.Mutex // guards what follows
	byID    map[string]*Task
	order   []string // oldest first
	running int
	work    sync.WaitGroup
}

// New makes a registry in which at most so many tasks run at a time.
func New(most int) *Tasks { return &Tasks{most: most, byID: map[string]*Task{}} }

// Task is a piece of long work. It may be used concurrently.
type Task struct {
	User   string // whose it is
	cancel context.CancelCauseFunc

	mu    sync.Mutex // guards what follows
	state wire.Task
	moved chan struct{} // closed and replaced when state changes
}

// errCancelled is why a task ends that its owner has cancelled.
var errCancelled = wire.Errorf(wire.CodeConflict, "The work was cancelled.")

// Start runs work in a goroutine of its own, until it returns or ctx ends. Its
// error becomes the task's problem; explain makes one of what is none.
func (t *Tasks) Start(ctx context.Context, user, kind string, work func(context.Context, *Task) error, explain func(error) *wire.Problem) (*Task, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running >= t.most {
		return nil, ErrBusy
	}
	ctx, cancel := context.WithCancelCause(ctx)
	k := &Task{
		User: user, cancel: cancel, moved: make(chan struct{}),
		state: wire.Task{ID: strings.ToLower(rand.Text()), Kind: kind, State: Running},
	}
	t.running++
	t.byID[k.state.ID] = k
	t.order = append(t.order, k.state.ID)
	for len(t.order) > maxKept {
		delete(t.byID, t.order[0])
		t.order = t.order[1:]
	}
	t.work.Go(func() {
		defer cancel(nil)
		err := work(ctx, k)
		if cause := context.Cause(ctx); err != nil && cause != nil {
			err = cause
		}
		t.mu.Lock()
		t.running--
		t.mu.Unlock()
		k.finish(err, explain)
	})
	return k, nil
}

// Wait returns when no task runs any more.
func (t *Tasks) Wait() { t.work.Wait() }

// Get gives a task of a user; nil when there is none.
func (t *Tasks) Get(user, id string) *Task {
	t.mu.Lock()
	defer t.mu.Unlock()
	if k := t.byID[id]; k != nil && k.User == user {
		return k
	}
	return nil
}

// Cancel ends the work soon, and returns at once.
func (k *Task) Cancel() { k.cancel(errCancelled) }

// Now is the task as it stands.
func (k *Task) Now() wire.Task {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state
}

// Progress notes how far the work has come.
func (k *Task) Progress(done, total int) {
	k.change(func(s *wire.Task) {
		s.Done, s.Total = int64(done), int64(total)
		if total > 0 {
			s.Percent = float64(1000*done/total) / 10
		}
	})
}

func (k *Task) finish(err error, explain func(error) *wire.Problem) {
	k.change(func(s *wire.Task) {
		s.State = Done
		if err == nil {
			s.Percent = 100
			return
		}
		s.State = Failed
		if !errors.As(err, &s.Problem) {
			s.Problem = explain(err)
		}
	})
}

func (k *Task) change(fn func(*wire.Task)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	fn(&k.state)
	close(k.moved)
	k.moved = make(chan struct{})
}

// Next waits until the task is not as it was any more, at most so long, and gives
// it as it stands. The error is that of ctx.
func (k *Task) Next(ctx context.Context, was wire.Task, wait time.Duration) (wire.Task, error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		k.mu.Lock()
		now, moved := k.state, k.moved
		k.mu.Unlock()
		if now.Done != was.Done || now.Total != was.Total || now.State != was.State || now.State != Running {
			return now, nil
		}
		select {
		case <-moved:
		case <-timer.C:
			return now, nil
		case <-ctx.Done():
			return now, ctx.Err()
		}
	}
}
