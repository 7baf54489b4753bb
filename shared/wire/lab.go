package wire

import "time"

// LabBatch is what the Connection Lab's stream carries, whatever the transport:
// the feed's shape without the feed's content, for those who want to know what
// their network does to it.
type LabBatch struct {
	Next   int        `json:"next"` // the place to go on from
	Events []LabEvent `json:"events"`

	LabCost // stands in the first batch of an exchange

	Proxies []string `json:"proxies,omitempty"` // headers by which something in between has made itself known
}

// LabCost is what an exchange cost beside what was said in it, as text of
// HTTP/1.1, in bytes: the heads of the request and of the answer, and what else
// came before the first batch. It is all that answers an echo, too.
type LabCost struct {
	HeadUp   int `json:"head_up,omitempty"`
	HeadDown int `json:"head_down,omitempty"`
}

// LabEvent is one message of the lab: a tick of the server's, or what somebody
// posted to the lane.
type LabEvent struct {
	At   Time   `json:"at"`             // when the server had it
	Echo string `json:"echo,omitempty"` // what was posted; empty for a tick
}

// LabEcho is what is posted to a lane, to see how long it takes to come back.
type LabEcho struct {
	Lane string `json:"lane"`
	Echo string `json:"echo"`
}

// MaxLabEcho bounds an echo, in bytes: a number is all that it needs to be.
const MaxLabEcho = 64

// The lab's ticks: one a second at first, then after silences that grow, so that
// it shows which silence the network survives.
const (
	LabTick    = time.Second
	LabTicking = 12 * time.Second
)

// LabLife is how long a lane may be read: long enough to see the longest
// silences, and then it is over.
const LabLife = 5 * time.Minute

// LabSilence is how long the lab is silent for the nth time, from 0: 5 s, 10 s,
// 20 s, and then 40 s each time.
func LabSilence(n int) time.Duration { return 5 * time.Second << min(n, 3) }
