package client

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// fakeBrowser has tabs: a lock that one of them holds, and a channel.
type fakeBrowser struct {
	delay  time.Duration // of a message
	refuse error         // what Lead gives

	mu     sync.Mutex
	tabs   map[string]*fakeTab
	lead   *candidate
	queue  []*candidate
	alone  chan struct{}
	leads  []string // who led, in order
	posted int
}

type candidate struct {
	tab     *fakeTab
	granted chan struct{}
	lost    chan struct{}
}

func newFakeBrowser() *fakeBrowser {
	return &fakeBrowser{delay: time.Millisecond, tabs: map[string]*fakeTab{}, alone: make(chan struct{}, 1)}
}

// fakeTab is one of them.
type fakeTab struct {
	browser *fakeBrowser
	id      string
	signal  chan struct{}

	// guarded by browser.mu
	inbox  [][]byte
	frozen bool
	dead   bool
	unsent [][]byte
}

func (b *fakeBrowser) open(id string) *fakeTab {
	t := &fakeTab{browser: b, id: id, signal: make(chan struct{}, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tabs[id] = t
	return t
}

// leader is the id of who leads.
func (b *fakeBrowser) leader() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lead == nil {
		return ""
	}
	return b.lead.tab.id
}

// elect gives the free lead to the first who waits. mu is held.
func (b *fakeBrowser) elect() {
	if b.lead == nil && len(b.queue) > 0 {
		b.lead, b.queue = b.queue[0], b.queue[1:]
		b.leads = append(b.leads, b.lead.tab.id)
		close(b.lead.granted)
	}
}

func (b *fakeBrowser) withdraw(c *candidate) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue = slices.DeleteFunc(b.queue, func(d *candidate) bool { return d == c })
	if b.lead == c {
		b.lead = nil
		b.elect()
	}
}

// kill ends a tab as a crash does: it says nothing any more, and the browser
// gives its locks on.
func (b *fakeBrowser) kill(t *fakeTab) {
	b.mu.Lock()
	t.dead = true
	delete(b.tabs, t.id)
	var mine []*candidate
	for _, c := range append(slices.Clone(b.queue), b.lead) {
		if c != nil && c.tab == t {
			mine = append(mine, c)
		}
	}
	b.mu.Unlock()
	for _, c := range mine {
		b.withdraw(c)
	}
}

// freeze keeps what is said to a tab, and what it says.
func (t *fakeTab) freeze(on bool) {
	b := t.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	t.frozen = on
	if !on {
		for _, m := range t.unsent {
			b.spread(t, m)
		}
		t.unsent = nil
		t.notify()
	}
}

func (t *fakeTab) notify() {
	select {
	case t.signal <- struct{}{}:
	default:
	}
}

func (t *fakeTab) ID() string { return t.id }

func (t *fakeTab) Lead(ctx context.Context, force bool) (<-chan struct{}, error) {
	b := t.browser
	c := &candidate{tab: t, granted: make(chan struct{}), lost: make(chan struct{})}
	b.mu.Lock()
	if b.refuse != nil {
		defer b.mu.Unlock()
		return nil, b.refuse
	}
	if force {
		if b.lead != nil {
			close(b.lead.lost)
			b.lead = nil
		}
		b.queue = append([]*candidate{c}, b.queue...)
	} else {
		b.queue = append(b.queue, c)
	}
	b.elect()
	b.mu.Unlock()
	context.AfterFunc(ctx, func() { b.withdraw(c) })
	select {
	case <-c.granted:
		return c.lost, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (t *fakeTab) Post(message []byte) {
	b := t.browser
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case t.dead:
	case t.frozen:
		t.unsent = append(t.unsent, message)
	default:
		b.spread(t, message)
	}
}

// spread gives a message to all others. mu is held.
func (b *fakeBrowser) spread(from *fakeTab, message []byte) {
	b.posted++
	for _, t := range b.tabs {
		if t != from {
			t.inbox = append(t.inbox, message)
			t.notify()
		}
	}
}

func (t *fakeTab) Next(ctx context.Context) ([]byte, error) {
	for {
		t.browser.mu.Lock()
		if len(t.inbox) > 0 && !t.frozen {
			m := t.inbox[0]
			t.inbox = t.inbox[1:]
			t.browser.mu.Unlock()
			return m, pause(ctx, t.browser.delay)
		}
		t.browser.mu.Unlock()
		select {
		case <-t.signal:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (t *fakeTab) Alive(ctx context.Context) (map[string]bool, error) {
	if err := pause(ctx, time.Millisecond); err != nil {
		return nil, err
	}
	t.browser.mu.Lock()
	defer t.browser.mu.Unlock()
	alive := map[string]bool{}
	for id := range maps.Keys(t.browser.tabs) {
		alive[id] = true
	}
	return alive, nil
}

func (t *fakeTab) Alone(ctx context.Context, fn func()) error {
	select {
	case t.browser.alone <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-t.browser.alone }()
	fn()
	return nil
}

func (t *fakeTab) Close() {
	t.browser.mu.Lock()
	defer t.browser.mu.Unlock()
	delete(t.browser.tabs, t.id)
}
