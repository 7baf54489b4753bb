package journal

import (
	"time"
)

// A batch ends at whichever comes first. Both bound how long the first entry of
// a batch waits for the last, and how much is applied again when one fails.
const (
	maxBatchEntries = 1024
	maxBatchBytes   = 1 << 20 // as told by chat.Entry.Size
)

// writer is what only the writing goroutine touches.
type writer struct {
	*Journal
	trimming bool // there may be more to trim; a step goes with each batch
	broken   bool // a commit failed for good: nothing is stored any more
}

// write is the writing goroutine. It ends when the queue is closed and empty.
func (j *Journal) write() {
	defer close(j.ended)
	w := &writer{Journal: j}
	look := time.NewTicker(j.o.Trim.Every)
	defer look.Stop()
	for {
		batch, open := w.gather(look.C)
		if !open {
			return
		}
		w.store(batch)
	}
}

// gather waits for work and takes all there is, up to a batch. With nothing but
// trimming to do the batch is empty.
func (w *writer) gather(look <-chan time.Time) (batch []*pending, open bool) {
	var p *pending
	if w.trimming {
		select {
		case p, open = <-w.queue:
		case <-look:
			return nil, true
		default:
			return nil, true
		}
	} else {
		select {
		case p, open = <-w.queue:
		case <-look:
			w.trimming = true
			return nil, true
		}
	}
	if !open {
		return nil, false
	}
	return w.gatherMore(p), true
}

func (w *writer) gatherMore(p *pending) []*pending {
	batch := append(make([]*pending, 0, len(w.queue)+2), p) // and a step of trimming
	for bytes := p.entry.Size(); len(batch) < maxBatchEntries && bytes < maxBatchBytes; {
		select {
		case p, open := <-w.queue:
			if !open {
				return batch
			}
			batch = append(batch, p)
			bytes += p.entry.Size()
		default:
			return batch
		}
	}
	return batch
}

// store makes a batch durable, and a step of trimming with it, and answers.
func (w *writer) store(batch []*pending) {
	var step *pending
	if w.trimming {
		step = w.trimStep()
		batch = append(batch, step)
	}
	w.commit(batch)
	for _, p := range batch {
		close(p.done)
	}
	if step != nil {
		w.trimming = w.trimAgain(step)
	}
}
