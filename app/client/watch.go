package client

import (
	"sync"

	"parley/shared/wire"
)

// Change says what to draw again.
type Change struct {
	Kind    ChangeKind
	Room    string        // the room it is about; empty for all, and for ChangeStatus and ChangeUsers
	Message *wire.Message // ChangeMessage: new or changed
}

// ChangeKind is what has changed.
type ChangeKind int

// The kinds of changes.
const (
	ChangeStatus   ChangeKind = iota
	ChangeRooms               // list, heads, members, reads, typing
	ChangeUsers               // names, presence
	ChangeMessage             // one message came or changed (in seq order)
	ChangeTimeline            // draw the room's timeline again: loaded, reset
	ChangeOutbox
	ChangeUpload // files of a message of the outbox have come further
	ChangeTask   // long work of one's own
)

// maxWaiting bounds the messages that wait for a watcher. One that is slower is
// told to draw the room's timeline again, which costs it less.
const maxWaiting = 1000

// watch tells watchers of changes. Nobody waits for them: a change that is
// waiting already is not told twice, as it will be found in the state.
type watch struct {
	wake chan struct{}

	// guarded by mu
	mu       sync.Mutex
	watchers []*watcher
	queue    []Change
	waiting  map[Change]bool // those in queue but ChangeMessage
	messages int             // ChangeMessage in queue
	ended    bool
}

type watcher struct{ fn func(Change) }

func (w *watch) init() {
	w.wake = make(chan struct{}, 1)
	w.waiting = map[Change]bool{}
}

// Watch calls fn for every change, in order, never concurrently, until cancel
// is called. fn may call the client's methods. It runs in a goroutine of Run,
// and may still be running when cancel returns.
func (c *Client) Watch(fn func(Change)) (cancel func()) {
	w := &c.watch
	added := &watcher{fn}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watchers = append(w.watchers[:len(w.watchers):len(w.watchers)], added)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		var rest []*watcher
		for _, other := range w.watchers {
			if other != added {
				rest = append(rest, other)
			}
		}
		w.watchers = rest
	}
}

// tell queues changes.
func (w *watch) tell(changes ...Change) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended || len(w.watchers) == 0 {
		return
	}
	for _, c := range changes {
		w.push(c)
	}
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *watch) push(c Change) {
	if c.Kind == ChangeMessage {
		if w.messages < maxWaiting {
			w.messages++
			w.queue = append(w.queue, c)
			return
		}
		c = Change{Kind: ChangeTimeline, Room: c.Room}
	}
	if !w.waiting[c] {
		w.waiting[c] = true
		w.queue = append(w.queue, c)
	}
}

// run calls the watchers until end, and until they know everything.
func (w *watch) run() {
	for {
		c, ok, ended := w.pop()
		switch {
		case ok:
			w.mu.Lock()
			watchers := w.watchers
			w.mu.Unlock()
			for _, watcher := range watchers {
				watcher.fn(c)
			}
		case ended:
			return
		default:
			<-w.wake
		}
	}
}

func (w *watch) pop() (c Change, ok, ended bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return c, false, w.ended
	}
	c = w.queue[0]
	w.queue = w.queue[1:]
	if c.Kind == ChangeMessage {
		w.messages--
	} else {
		delete(w.waiting, c)
	}
	return c, true, false
}

func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	select {
	case w.wake <- struct{}{}:
	default:
	}
}
