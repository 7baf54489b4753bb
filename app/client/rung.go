package client

// Rung is one transport of the ladder, best first.
type Rung int

// The rungs.
const (
	WebSocket Rung = iota
	SSE
	LongPoll
	ShortPoll

	rungs = 4
)

// String is the rung's name as the connection state shows it.
func (r Rung) String() string {
	return [rungs]string{"WebSocket", "SSE", "Long poll", "Short poll"}[r]
}

// isStream tells the rungs on which one request brings many batches.
func (r Rung) isStream() bool { return r == WebSocket || r == SSE }
