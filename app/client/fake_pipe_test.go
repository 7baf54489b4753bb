package client

import (
	"context"
	"sync"
	"time"
)

// pipe carries messages one way, each with a delay, in order. Whoever reads
// from a stalled one waits.
type pipe struct {
	wake    chan struct{}
	onClose func() // tells the server that the client has gone

	mu      sync.Mutex
	items   []pipeItem
	latest  time.Time
	err     error // after all items
	cut     error // at once
	stalled bool
}

type pipeItem struct {
	at   time.Time
	data []byte
}

func newPipe() *pipe { return &pipe{wake: make(chan struct{}, 1)} }

func (p *pipe) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pipe) push(data []byte, delay time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := time.Now().Add(delay)
	if at.Before(p.latest) {
		at = p.latest
	}
	p.latest = at
	p.items = append(p.items, pipeItem{at, data})
	p.signal()
}

// close ends it after what is on its way.
func (p *pipe) close(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
	p.signal()
}

// reset ends it at once.
func (p *pipe) reset(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = err
	p.signal()
}

// stall lets nothing through any more; or again.
func (p *pipe) stall(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stalled = on
	p.signal()
}

func (p *pipe) pop(ctx context.Context) ([]byte, error) {
	for {
		data, wait, err := p.look()
		if data != nil || err != nil {
			return data, err
		}
		timer := time.NewTimer(wait)
		select {
		case <-p.wake:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		timer.Stop()
	}
}

func (p *pipe) look() (data []byte, wait time.Duration, err error) {
	const long = 1000 * time.Hour
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.cut != nil:
		return nil, 0, p.cut
	case p.stalled:
		return nil, long, nil
	case len(p.items) > 0:
		item := p.items[0]
		if wait := time.Until(item.at); wait > 0 {
			return nil, wait, nil
		}
		p.items = p.items[1:]
		return item.data, 0, nil
	case p.err != nil:
		return nil, 0, p.err
	}
	return nil, long, nil
}
