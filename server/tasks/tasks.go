// Package tasks keeps track of long work: whose it is, how far it has come, and
// who waits to hear of it. What the work is, it does not know. Tasks live in
// memory: one that the server's end has interrupted is not there any more, and
// whoever started it starts it again.
package tasks

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
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

// Errors of Start.
var (
	ErrBusy  = errors.New("too many tasks of this kind are running")
	ErrTaken = errors.New("the user has a task of this id")
)

// Limits say how many tasks of a kind run at a time.
type Limits map[string]int

// Tasks keeps tasks. It may be used concurrently.
type Tasks struct {
	most Limits // static after construction

	mu      sync.Mutex // guards what follows
	byKey   map[key]*Task
	order   []key // oldest first
	running map[string]int
	work    sync.WaitGroup
}

// key names a task. Ids may be chosen by users, so each has ids of their own.
type key struct{ user, id string }

// New makes a registry for these kinds of tasks.
func New(most Limits) *Tasks {
	return &Tasks{most: most, byKey: map[key]*Task{}, running: map[string]int{}}
}

// Work is what a task does.
type Work struct {
	User string // whose it is
	ID   string // chosen by the user, so that it can be asked for before there is an answer; empty: a new one
	Kind string
	Do   func(context.Context, *Task) error

	// Explain makes a problem of what Do has returned and is none.
	Explain func(error) *wire.Problem
}

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

// Start does work in a goroutine of its own, until it returns or ctx ends. Its
// error becomes the task's problem. The error is ErrBusy or ErrTaken.
func (t *Tasks) Start(ctx context.Context, w Work) (*Task, error) {
	if w.ID == "" {
		w.ID = strings.ToLower(rand.Text())
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch name := (key{w.User, w.ID}); {
	case t.byKey[name] != nil:
		return nil, ErrTaken
	case t.running[w.Kind] >= t.most[w.Kind]:
		return nil, ErrBusy
	}
	ctx, cancel := context.WithCancelCause(ctx)
	k := &Task{
		User: w.User, cancel: cancel, moved: make(chan struct{}),
		state: wire.Task{ID: w.ID, Kind: w.Kind, State: Running},
	}
	t.keep(k)
	t.work.Go(func() {
		defer cancel(nil)
		err := w.Do(ctx, k)
		if cause := context.Cause(ctx); err != nil && cause != nil {
			err = cause
		}
		t.mu.Lock()
		t.running[w.Kind]--
		t.mu.Unlock()
		k.finish(err, w.Explain)
	})
	return k, nil
}

// keep takes a task in that runs, and forgets the oldest that have ended when
// there are too many. The caller holds mu.
func (t *Tasks) keep(k *Task) {
	name := key{k.User, k.state.ID}
	t.running[k.state.Kind]++
	t.byKey[name] = k
	t.order = append(t.order, name)
	for i := 0; i < len(t.order) && len(t.order) > maxKept; {
		if old := t.order[i]; t.byKey[old].Now().State != Running {
			delete(t.byKey, old)
			t.order = slices.Delete(t.order, i, i+1)
		} else {
			i++
		}
	}
}

// Wait returns when no task runs any more.
func (t *Tasks) Wait() { t.work.Wait() }

// Get gives a task of a user; nil when there is none.
func (t *Tasks) Get(user, id string) *Task {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byKey[key{user, id}]
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
