package web

import (
	"time"

	"parley/shared/wire"
)

// times are how long things may take. Only tests move them.
type times struct {
	header    time.Duration // to send a request's header: a client that sends a byte a minute on thousands of connections
	body      time.Duration // to send a request's body: the same
	piece     time.Duration // to send a piece of a file: 128 KiB at 2 KB/s
	write     time.Duration // for one write to be taken: a reader that has gone away
	grace     time.Duration // for a late write of a WebSocket to end, so that the close code can still be told
	idle      time.Duration // between requests
	heartbeat time.Duration // between batches of a feed
	longPoll  time.Duration // of a long poll
	closing   time.Duration // for commands under way when a WebSocket ends
}

func defaultTimes() times {
	return times{
		header:    10 * time.Second,
		body:      10 * time.Second,
		piece:     time.Minute,
		write:     30 * time.Second,
		grace:     10 * time.Second,
		idle:      2 * time.Minute,
		heartbeat: wire.Heartbeat,
		longPoll:  wire.MaxWait,
		closing:   3 * time.Second,
	}
}
