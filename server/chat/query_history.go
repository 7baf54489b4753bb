package chat

import (
	"parley/server/store"
	"parley/shared/wire"
)

// Page chooses messages of a room; at most one of Before, After, Around and
// Oldest is set, none means the newest. Seqs beyond the room's head are fine.
type Page struct {
	Before uint64 // messages with a smaller seq
	After  uint64 // messages with a larger seq
	Around uint64 // this message in the middle, as far as the room goes
	Oldest bool   // from the room's first message on: what After 0 would mean

	Limit int // 0: wire.DefaultHistory; more than wire.MaxHistory is cut to it
}

// History is a page of a room's messages, in ascending seq, for everybody who
// may know of the room. Errors: bad_request, not_found.
func (q Queries) History(a Actor, room string, p Page) (wire.MessageList, error) {
	var list wire.MessageList
	if err := p.check(); err != nil {
		return wire.MessageList{}, err
	}
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		r, _, err := find(tx, me, room)
		if err != nil {
			return err
		}
		if list.Messages, err = pageIn(tx, me, r.Room, p); err != nil {
			return err
		}
		list.Quoted, err = quoted(tx, room, list.Messages)
		return err
	})
	return list, err
}

// pageIn reads a page of a room for somebody who may read it.
func pageIn(tx *store.Tx, me wire.User, room wire.Room, p Page) ([]wire.Message, error) {
	list := []wire.Message{}
	from, to := p.bounds(room.Head)
	if from > to {
		return list, nil
	}
	messages, err := tx.Messages(room.ID, from, to)
	for _, m := range messages {
		if m.Author != me.ID {
			m.Nonce = ""
		}
		list = append(list, m)
	}
	return list, err
}

func (p Page) check() error {
	chosen := 0
	for _, set := range []bool{p.Before != 0, p.After != 0, p.Around != 0, p.Oldest} {
		if set {
			chosen++
		}
	}
	if chosen > 1 {
		return wire.Errorf(wire.CodeBadRequest, "Choose one of before, after and around.")
	}
	if p.Limit < 0 {
		return wire.Errorf(wire.CodeBadRequest, "The limit must be 1 to %d.", wire.MaxHistory)
	}
	return nil
}

// bounds are the first and the last seq of the page, both included; nothing
// when from > to.
func (p Page) bounds(head uint64) (from, to uint64) {
	limit := uint64(min(p.Limit, wire.MaxHistory))
	if limit == 0 {
		limit = wire.DefaultHistory
	}
	switch {
	case p.Oldest:
		return 1, min(head, limit)
	case p.After != 0:
		if p.After >= head {
			return 1, 0
		}
		return p.After + 1, min(head, p.After+limit)
	case p.Before != 0:
		to = min(head, p.Before-1)
	case p.Around != 0:
		middle := min(p.Around, head)
		first := middle - min(middle, limit/2)
		to = min(head, max(first, 1)+limit-1)
	default:
		to = head
	}
	return to - min(to, limit) + 1, to
}
