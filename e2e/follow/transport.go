package follow

import (
	"context"
	"math/rand/v2"
)

// Transport is one way to read the feed.
type Transport int

// The transports.
const (
	WebSocket Transport = iota
	SSE
	LongPoll
	ShortPoll

	transports = 4
)

// String is the transport's name.
func (t Transport) String() string {
	return [transports]string{"WebSocket", "SSE", "long poll", "short poll"}[t]
}

// Only is one transport, always.
func Only(t Transport) func(int) Transport { return func(int) Transport { return t } }

// Any is another transport at every connection, at random: never the same
// twice running. The same seed gives the same sequence.
func Any(seed uint64) func(int) Transport {
	dice := rand.New(rand.NewPCG(seed, 0))
	last := Transport(dice.IntN(transports))
	return func(int) Transport {
		last = (last + 1 + Transport(dice.IntN(transports-1))) % transports
		return last
	}
}

// connect reads over one connection until it ends.
func (r *Reader) connect(ctx context.Context, t Transport) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	switch t {
	case WebSocket:
		return r.webSocket(ctx, cancel)
	case SSE:
		return r.sse(ctx, cancel)
	case LongPoll:
		return r.poll(ctx, cancel, t, "20")
	default:
		return r.poll(ctx, cancel, t, "0")
	}
}
