package browser

import (
	"context"
	"errors"
	"sync"
)

// maxQueued bounds in bytes what a WebSocket has received and nobody has read.
// The browser's object knows no back-pressure: a server, or a proxy gone mad,
// that sends faster than the page works would fill its memory. The server's
// batches are 256 KiB at most, so this is far from anything regular.
const maxQueued = 8 << 20

var errOverflow = errors.New("more came over the WebSocket than was read")

// queue hands messages from a callback, which must not block, to a reader,
// which may wait. What came before the end is read before the end.
type queue struct {
	signal chan struct{} // holds one token when there is something to look at

	mu       sync.Mutex // guards what follows
	messages [][]byte
	bytes    int
	end      error // why nothing more comes
}

func newQueue() *queue { return &queue{signal: make(chan struct{}, 1)} }

// push adds a message. It is false when the queue has ended, as it does when
// its bound is passed.
func (q *queue) push(message []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.end == nil && q.bytes+len(message) > maxQueued {
		q.end = errOverflow
		q.wake()
	}
	if q.end != nil {
		return false
	}
	q.messages = append(q.messages, message)
	q.bytes += len(message)
	q.wake()
	return true
}

// close ends the queue; the first reason stays.
func (q *queue) close(reason error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.end == nil {
		q.end = reason
	}
	q.wake()
}

// pop waits for the next message, the end or ctx. One reader at a time.
func (q *queue) pop(ctx context.Context) ([]byte, error) {
	for {
		if message, err := q.take(); message != nil || err != nil {
			return message, err
		}
		select {
		case <-q.signal:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (q *queue) take() ([]byte, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.messages) == 0 {
		return nil, q.end
	}
	message := q.messages[0]
	q.messages[0] = nil
	q.messages = q.messages[1:]
	q.bytes -= len(message)
	return message, nil
}

func (q *queue) wake() {
	select {
	case q.signal <- struct{}{}:
	default:
	}
}
