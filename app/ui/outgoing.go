package ui

import (
	"parley/app/client"
	"parley/shared/rows"
	"parley/shared/wire"
)

// outgoing is what stands below the newest message: one's own messages on their
// way. Between the server's answer and the message's own place in the timeline
// may lie a moment; a message stays in sight for it, as sent.
type outgoing struct {
	shown []rows.Pending
	seen  map[string]bool // nonces of messages that have their place
}

// arrived notes messages that have been drawn in their place.
func (o *outgoing) arrived(ms ...wire.Message) {
	for _, m := range ms {
		if m.Nonce != "" {
			if o.seen == nil {
				o.seen = map[string]bool{}
			}
			o.seen[m.Nonce] = true
		}
	}
}

// update takes what the outbox holds and gives what is to be shown, oldest
// first. why puts a problem into words.
func (o *outgoing) update(outbox []client.Outgoing, why func(error) string) []rows.Pending {
	waiting := make(map[string]bool, len(outbox))
	for _, out := range outbox {
		waiting[out.Nonce] = true
	}
	var list []rows.Pending
	for _, p := range o.shown {
		if !waiting[p.Nonce] && !o.seen[p.Nonce] {
			p.State, p.Reason = rows.Sent, ""
			list = append(list, p)
		}
	}
	for _, out := range outbox {
		if o.seen[out.Nonce] {
			continue
		}
		p := rows.Pending{Nonce: out.Nonce, Text: out.Text, ReplyTo: out.ReplyTo, Time: out.Created, State: rows.Sending}
		if out.State == client.Failed {
			p.State = rows.Failed
			if out.Problem != nil {
				p.Reason = why(out.Problem)
			}
		}
		list = append(list, p)
	}
	o.shown = list
	return list
}

// drop forgets a message that the person took back.
func (o *outgoing) drop(nonce string) {
	for i, p := range o.shown {
		if p.Nonce == nonce {
			o.shown = append(o.shown[:i:i], o.shown[i+1:]...)
			return
		}
	}
}
