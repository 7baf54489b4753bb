package client

import (
	"errors"
	"strconv"

	"parley/shared/wire"
)

// maxOverlap bounds, in events, what is remembered for a link that may take
// over: memory, when a room is busy while a WebSocket hangs. A link that would
// need more begins anew at the held cursor.
const maxOverlap = 4096

// errDiverged is the end of a link whose stream did not begin with what had
// been applied since its cursor. No server that keeps the promise of the feed
// sends such a stream; it begins anew at the held cursor, which is always right.
var errDiverged = errors.New("the stream does not repeat what came over another rung")

// overlap is what was applied since a link was opened: the durable events with
// which its own stream begins, as both read the same log from the same place.
type overlap struct {
	events []string // by their keys
	broken bool     // too many to remember
}

// applied notes events that came over another link.
func (o *overlap) applied(events []wire.Event) {
	for _, e := range events {
		if !isDurable(e) {
			continue
		}
		if len(o.events) == maxOverlap {
			o.events, o.broken = nil, true
		}
		if !o.broken {
			o.events = append(o.events, keyOf(e))
		}
	}
}

// fresh gives the events of a batch that are not repeated. level tells whether
// the link's stream has reached the held cursor; until then the batch's cursor
// lies before it.
func (o *overlap) fresh(events []wire.Event) (fresh []wire.Event, level bool, err error) {
	if o.broken {
		return nil, false, errDiverged
	}
	for _, e := range events {
		switch {
		case len(o.events) == 0 || !isDurable(e):
			fresh = append(fresh, e)
		case o.events[0] != keyOf(e):
			return nil, false, errDiverged
		default:
			o.events = o.events[1:]
		}
	}
	return fresh, len(o.events) == 0, nil
}

// keyOf tells events apart. Those of a message go by its revision: the log gives
// an older one with the text that the message has now, and a stream that was
// opened before an edit with the text of then.
func keyOf(e wire.Event) string {
	if m := e.Message; m != nil {
		return m.Room + " " + strconv.FormatUint(m.Seq, 10) + " " + strconv.FormatUint(m.Rev, 10)
	}
	return string(wire.Encode(e))
}

// isDurable tells the events that have a place in the log. Those of types that
// this version does not know are passed over everywhere, so here too.
func isDurable(e wire.Event) bool {
	return e.Message != nil || e.Room != nil || e.Member != nil || e.User != nil || e.Read != nil || e.Notify != nil || e.Task != nil
}
