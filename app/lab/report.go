package lab

import (
	"slices"
	"time"

	"parley/app/client"
)

// Report is what a lab has found so far.
type Report struct {
	Took  time.Duration
	Poll  time.Duration // between two short polls, as it is now
	Lanes []Lane        // in the order of the rungs
}

// Lane is one rung under observation. Times are since the lab began.
type Lane struct {
	Rung  client.Rung
	State State

	Connect time.Duration // from asking to being open; 0 while it is not
	First   time.Duration // from asking to the first batch; 0 while there is none
	Trips   []time.Duration
	Lost    int // numbers that were posted and did not come back in time

	Messages int // that came
	Payload  int // bytes of them
	Up, Down int // bytes in all, heads and frames included
	Requests int // made, those that failed included

	// Of a short poll, since it was set to be as often as it is.
	PollsSince          time.Duration
	Polls, Polled, Vain int // requests, messages that they brought, requests that brought none

	Held    time.Duration // how much later than the quickest the slowest tick came
	Silence time.Duration // the longest that was survived

	Marks   []Mark
	Events  []Event
	Proxies []string // headers that something in between has added
}

// State is how a lane stands.
type State int

// The states of a lane.
const (
	Opening State = iota
	Open          // data has come
	Broken        // it will be tried again
	Failed        // it does not work here
)

// Mark is a message on the time axis.
type Mark struct {
	At   time.Duration
	Kind MarkKind
}

// MarkKind is what a mark stands for.
type MarkKind int

// The kinds of marks.
const (
	Tick MarkKind = iota
	Echo          // came back
	Poll          // a request that brought nothing
)

// Event is something that happened to a lane.
type Event struct {
	At     time.Duration
	Kind   EventKind
	Status int // HTTP status of a refusal, 0 if there was none
	Code   int // close code of a WebSocket, 0 if there was none
	// Foreign tells that the status came from something between the two ends.
	Foreign bool
	Text    string // what the network said, in English
}

// Broke tells whether the event is something that broke.
func (e Event) Broke() bool { return e.Kind != Connected && e.Kind != ClosedByUs }

// EventKind is what happened.
type EventKind int

// The kinds of events.
const (
	Connected     EventKind = iota
	Refused                 // an answer with a status that is an error
	Silent                  // nothing came for as long as that takes to be sure
	ClosedByThem            // in an orderly way
	Cut                     // the connection ended without a farewell
	ClosedByUs              // the person, or the end of the lab
	NoRoute                 // no connection to the server at all
	ForeignAnswer           // an answer that is not Parley's
	Unopened                // no connection, and nobody says why
	Unposted                // what was posted is refused

	EventKinds = iota
)

// Percentile is the p-th part (0 to 1) of durations; 0 when there are none.
func Percentile(list []time.Duration, p float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

// Overhead is how many bytes a message costs beside what it says.
func (l Lane) Overhead() int {
	if l.Messages == 0 {
		return 0
	}
	return (l.Up + l.Down - l.Payload) / l.Messages
}

// Works tells whether messages come through, in time.
func (l Lane) Works() bool { return l.State == Open && l.Messages > 0 && l.Held < HeldTooLong }

// HeldTooLong is a delay by something in between that makes a stream useless for
// talking: what is said comes in lumps.
const HeldTooLong = 3 * time.Second
