package feed

import (
	"math/rand/v2"
	"time"

	"parley/shared/wire"
)

const (
	// maxQueueBytes bounds what waits on one connection: a reader that stalls
	// while the log goes on. It is one full batch; what would come after it is
	// as well read from the log. The entries are shared, so for readers of the
	// same room it is paid once, and their events.
	maxQueueBytes = wire.MaxBatchBytes
	// entryCost is what an entry counts in a queue beyond its event: a flood of
	// tiny events, whose bookkeeping would outweigh them.
	entryCost = 128
	// keptQueue is the length up to which the array of an empty queue is kept:
	// thousands of idle connections that each keep their worst moment. It saves
	// the usual reader an allocation for each event.
	keptQueue = 64

	// maxScan bounds the events that one read transaction looks at: a long one
	// keeps the store from using freed pages again, and the file grows.
	maxScan = 4096
	// maxScans bounds the reads of one Next that find nothing to say: a first
	// batch that comes too late because a million events are somebody else's.
	maxScans = 16

	// maxSessions bounds a user's sessions: a program that makes up a new one
	// for each connection, and with it a table of presence.
	maxSessions = 32
	// maxTyping and maxPresence bound the ephemeral events that wait on one
	// connection: a client that reads nothing while a large community comes,
	// goes and types. Typing has its own, so that it cannot push presence out.
	maxTyping   = 64
	maxPresence = 1024

	// maxTold bounds how many people are told to be online: in a large community,
	// whenever it comes back after a restart, everybody would be told of everybody.
	maxTold = 1000

	// reconnectMin is what a restart takes anyway; reconnectSpread spreads the
	// returns after it: all clients at the door in the same moment.
	reconnectMin    = 250 * time.Millisecond
	reconnectSpread = 4 * time.Second

	// keptFrames is how many of the newest encoded batches are kept for the
	// next reader that is to get just the same: memory of at most twice this many
	// batches (events, and the JSON around them) for all connections together.
	keptFrames = 8

	// batchCost is an upper bound of a batch's bytes beyond its events: names,
	// braces, flags and a cursor of 12 + 1 + 20 characters.
	batchCost = 128
)

// options are what tests make smaller, and where randomness comes from.
type options struct {
	queueBytes  int
	batchBytes  int
	batchEvents int
	scan        int
	told        int
	random      func(below time.Duration) time.Duration
}

func defaults() options {
	return options{
		queueBytes:  maxQueueBytes,
		batchBytes:  wire.MaxBatchBytes,
		batchEvents: wire.MaxBatchEvents,
		scan:        maxScan,
		told:        maxTold,
		random:      rand.N[time.Duration],
	}
}

// tally counts what goes into a batch.
type tally struct {
	events, bytes int
}

// add counts an event of n bytes, if it still fits. The first always does, so
// that an event larger than a batch goes alone.
func (t *tally) add(n int, o *options) bool {
	bytes := t.bytes + n + 1 // and a comma
	if t.events > 0 && (t.events >= o.batchEvents || batchCost+bytes > o.batchBytes) {
		return false
	}
	t.events++
	t.bytes = bytes
	return true
}
