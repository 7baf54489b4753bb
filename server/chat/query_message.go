package chat

import (
	"maps"
	"slices"

	"parley/server/store"
	"parley/shared/wire"
)

// Revisions are what a message said before it was edited, for its author and
// for owner and admins. Errors: not_found, forbidden.
func (q Queries) Revisions(a Actor, room string, seq uint64) (wire.RevisionList, error) {
	list := wire.RevisionList{Revisions: []wire.Revision{}}
	err := q.as(a, func(tx *store.Tx, me wire.User) error {
		r, _, err := find(tx, me, room)
		if err != nil {
			return err
		}
		m, err := findMessage(tx, r, seq)
		if err != nil {
			return err
		}
		if m.Author != me.ID && !wire.Moderates(me, r.Room) {
			return wire.Errorf(wire.CodeForbidden, "What a message said before is for its author, owner and admins.")
		}
		said, err := tx.Revisions(room, seq)
		list.Revisions = append(list.Revisions, said...)
		return err
	})
	return list, err
}

// quoted are the messages that those of a page reply to and that are not in it.
func quoted(tx *store.Tx, room string, page []wire.Message) ([]wire.Quote, error) {
	wanted := map[uint64]bool{}
	for _, m := range page {
		if m.ReplyTo != 0 && (m.ReplyTo < page[0].Seq || m.ReplyTo > page[len(page)-1].Seq) {
			wanted[m.ReplyTo] = true
		}
	}
	var quotes []wire.Quote
	for _, seq := range slices.Sorted(maps.Keys(wanted)) {
		m, err := tx.Message(room, seq)
		if err != nil {
			return nil, err
		}
		quotes = append(quotes, m.Quote())
	}
	return quotes, nil
}
